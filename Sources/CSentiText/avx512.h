// What the loops for machines with AVX-512 VBMI2 share.

#ifndef CSentiText_avx512_h
#define CSentiText_avx512_h

#include <immintrin.h>
#include <stdbool.h>

#define WITH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")))

static inline bool hasAVX512(void) {
  return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi") &&
         __builtin_cpu_supports("avx512bw");
}

#endif
