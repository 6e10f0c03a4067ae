// One loop for each width of vectors. Enough chains run side by side to hide the latency of a
// multiply-add, 4 cycles at two a cycle, and all of them fit into the registers. More are no help: on
// Zen 5 24 chains of AVX-512 come to four fifths of what 16 reach.

#include "CPeak.h"

#define FUSED(sum) __builtin_elementwise_fma(sum, factor, addend)
#define SEPARATE(sum) (sum * factor + addend)

#define LOOP(name, attribute, width, chains, NEXT)                                                 \
  attribute static int64_t name(int64_t count, float *result) {                                    \
    typedef float Vector __attribute__((vector_size((width) * sizeof(float))));                    \
    Vector sum[chains];                                                                            \
    const Vector factor = (Vector){0} + 0.999f, addend = (Vector){0} + 0.001f;                     \
    for (int chain = 0; chain < (chains); chain++) sum[chain] = (Vector){0} + (float)(chain + 2);  \
    for (int64_t step = 0; step < count; step++) {                                                 \
      _Pragma("clang loop unroll(full)")                                                           \
      for (int chain = 0; chain < (chains); chain++) sum[chain] = NEXT(sum[chain]);                \
    }                                                                                              \
    for (int chain = 1; chain < (chains); chain++) sum[0] += sum[chain];                           \
    *result = sum[0][0];                                                                           \
    return count * (chains) * (width) * 2;                                                         \
  }

#if defined(__x86_64__)

LOOP(runAVX512, __attribute__((target("avx512f"))), 16, 16, FUSED)
LOOP(runAVX2, __attribute__((target("avx2,fma"))), 8, 12, FUSED)
LOOP(runPlain, , 4, 12, SEPARATE)

const char *CPeak_instructionSet(void) {
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "avx2" : "plain";
}

int64_t CPeak_run(int64_t count, float *result) {
  if (__builtin_cpu_supports("avx512f")) return runAVX512(count, result);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return runAVX2(count, result);
  return runPlain(count, result);
}

#else

LOOP(runPlain, , 4, 24, FUSED)

const char *CPeak_instructionSet(void) { return "plain"; }

int64_t CPeak_run(int64_t count, float *result) { return runPlain(count, result); }

#endif
