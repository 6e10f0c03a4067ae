// The kernels for processors with AVX-512.

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))),   \
                             apply_to = function)
#define SET avx512
#define SCALAR float
#define SCALAR_NAME float32
#define LANES 16
#define REGISTERS 32
#include "kernels.h"
#pragma clang attribute pop
#endif
