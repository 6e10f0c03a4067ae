// Numbers below the smallest normal one.
//
// Gradients that have gone through hundreds of steps, and moments of words that are no longer seen,
// become so small, and some processors take a hundred times as long for a multiplication with such a
// number. What computes therefore takes them for zero, in whatever mode its caller's thread is, and
// leaves that mode as it was. A result depends on the numbers alone.
#pragma once

#include "base.h"

#if defined(__SSE2__)

typedef uint32_t FloatingPointMode;
#define FLUSHING 0x8040 // MXCSR: results that are subnormal are zero, and so are such operands
INLINE FloatingPointMode readMode(void) { return _mm_getcsr(); }
INLINE void writeMode(const FloatingPointMode *mode) { _mm_setcsr(*mode); }

#elif defined(__aarch64__)

typedef uint64_t FloatingPointMode;
#define FLUSHING (1 << 24) // FPCR: the same
INLINE FloatingPointMode readMode(void) {
  FloatingPointMode mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
INLINE void writeMode(const FloatingPointMode *mode) {
  __asm__ volatile("msr fpcr, %0" : : "r"(*mode) : "memory");
}

#else

typedef uint32_t FloatingPointMode;
#define FLUSHING 0
INLINE FloatingPointMode readMode(void) { return 0; }
INLINE void writeMode(const FloatingPointMode *mode) { (void)mode; }

#endif

INLINE FloatingPointMode startFlushing(void) {
  const FloatingPointMode mode = readMode(), flushing = mode | FLUSHING;
  writeMode(&flushing);
  return mode;
}

// Takes subnormal numbers for zero until the end of the function.
#define FLUSH_SUBNORMALS                                                                           \
  const FloatingPointMode callersMode_ __attribute__((cleanup(writeMode))) = startFlushing();     \
  (void)callersMode_
