#include "CSentiICU.h"
