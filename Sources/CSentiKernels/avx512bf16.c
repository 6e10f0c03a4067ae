// The kernels for processors with AVX-512 and its dot products of bytes and of bfloat16.

#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET "avx512f,avx512bw,avx512dq,avx512vl,fma,avx512vnni,avx512bf16"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define SET avx512bf16
#define HAS_BYTE_DOT 1
#define HAS_HALF_DOT 1
#define SCALAR float
#define SCALAR_NAME float32
#define LANES 16
#define REGISTERS 32
#include "kernels.h"
#pragma clang attribute pop
#endif
