#include "CSentiKernels.h"
