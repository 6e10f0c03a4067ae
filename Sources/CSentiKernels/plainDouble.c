// The kernels in the compiler's baseline, in double precision: what gradients are checked with.

#define SET plain
#define SCALAR double
#define SCALAR_NAME float64
#define SCALAR_IS_DOUBLE 1
#define LANES 2
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#include "kernels.h"
