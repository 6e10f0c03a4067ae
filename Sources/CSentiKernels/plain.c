// The kernels in the compiler's baseline: SSE2 on x86-64, NEON on arm64, scalar code elsewhere.

#define SET plain
#define SCALAR float
#define SCALAR_NAME float32
#define LANES 4
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#include "kernels.h"
