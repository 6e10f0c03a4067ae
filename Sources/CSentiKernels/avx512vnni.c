// The kernels for processors with AVX-512 and its dot products of bytes.

#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET "avx512f,avx512bw,avx512dq,avx512vl,fma,avx512vnni"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define SET avx512vnni
#define HAS_BYTE_DOT 1
#define SCALAR float
#define SCALAR_NAME float32
#define LANES 16
#define REGISTERS 32
#include "kernels.h"
#pragma clang attribute pop
#endif
