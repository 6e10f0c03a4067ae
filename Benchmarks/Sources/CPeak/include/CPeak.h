// Independent fused multiply-adds on registers: what this machine reaches at best on one thread.

#ifndef CPeak_h
#define CPeak_h

#include <stdint.h>

// The instructions that the widest loop of this machine uses: "avx512", "avx2" or "plain".
const char *_Nonnull CPeak_instructionSet(void);

// Runs the loop `count` times and returns the floating-point operations done; a multiply-add is two.
// What was computed goes to `result`, so that the compiler cannot leave it out.
int64_t CPeak_run(int64_t count, float *_Nonnull result);

#endif
