// The kernels for processors with AVX2 and fused multiply-add.

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#define HAS_FUSED 1
#define SCALAR float
#define SCALAR_NAME float32
#define LANES 8
#define REGISTERS 16
#include "kernels.h"
#pragma clang attribute pop
#endif
