// Finds the kernels by what the processor says it has.

#include "CSentiKernels.h"

extern const CSentiKernels_Table CSentiKernels_plain_float32;
extern const CSentiKernels_Table CSentiKernels_plain_float64;
#if defined(__x86_64__)
extern const CSentiKernels_Table CSentiKernels_avx2_float32;
extern const CSentiKernels_Table CSentiKernels_avx512_float32;
extern const CSentiKernels_Table CSentiKernels_avx512vnni_float32;
extern const CSentiKernels_Table CSentiKernels_avx512bf16_float32;
#endif

static bool machineHas(CSentiKernels_InstructionSet set) {
#if defined(__x86_64__)
  if (set == CSentiKernels_avx2) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
  if (set == CSentiKernels_avx512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
  if (set == CSentiKernels_avx512vnni) {
    return machineHas(CSentiKernels_avx512) && __builtin_cpu_supports("avx512vnni");
  }
  if (set == CSentiKernels_avx512bf16) {
    return machineHas(CSentiKernels_avx512vnni) && __builtin_cpu_supports("avx512bf16");
  }
#endif
  return set == CSentiKernels_plain;
}

CSentiKernels_InstructionSet CSentiKernels_bestInstructionSet(void) {
  CSentiKernels_InstructionSet set = CSentiKernels_avx512bf16;
  while (!machineHas(set)) set--;
  return set;
}

bool CSentiKernels_isAddressSanitized(void) {
#if __has_feature(address_sanitizer)
  return true;
#else
  return false;
#endif
}

const CSentiKernels_Table *CSentiKernels_table(CSentiKernels_Scalar scalar,
                                               CSentiKernels_InstructionSet set) {
  if (!machineHas(set)) return NULL;
  if (scalar == CSentiKernels_float64) {
    return set == CSentiKernels_plain ? &CSentiKernels_plain_float64 : NULL;
  }
  switch (set) {
#if defined(__x86_64__)
  case CSentiKernels_avx2: return &CSentiKernels_avx2_float32;
  case CSentiKernels_avx512: return &CSentiKernels_avx512_float32;
  case CSentiKernels_avx512vnni: return &CSentiKernels_avx512vnni_float32;
  case CSentiKernels_avx512bf16: return &CSentiKernels_avx512bf16_float32;
#endif
  default: return &CSentiKernels_plain_float32;
  }
}
