// What every part of the kernels builds on: the names of an instance, and what depends on its registers.
//
// Each instruction set is a file of its own, which defines SET, SCALAR, SCALAR_NAME, LANES (elements of a
// vector) and REGISTERS (vector registers) and includes kernels.h; each part is included once in it.
#pragma once

#include "CSentiKernels.h"

#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define JOIN_(a, b, c, d) a##_##b##_##c##_##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
#define NAME(name) JOIN(CSentiKernels, SET, SCALAR_NAME, name)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define MIN(a, b) ((a) < (b) ? (a) : (b))

// Integers of 8 bits in a lane of 32: without an instruction for bytes they are widened to 16.
#if defined(HAS_BYTE_DOT)
#define LANE_INTEGERS 4
#else
#define LANE_INTEGERS 2
#endif

// Rows of a tile of 3 and of 4 vectors. With 16 registers, a fused multiply-add lets 12 hold sums: the
// other four are for one factor and an element of the other.
#if REGISTERS == 32
#define ROWS3 8
#define ROWS4 6
#elif defined(HAS_FUSED)
#define ROWS3 4
#define ROWS4 3
#else
#define ROWS3 3
#define ROWS4 2
#endif

// Ends a multiply-add before anything is loaded for the next one, where no register is left for that. A
// debug build keeps its sums in memory, and would only become slower.
#if REGISTERS == 16 && defined(HAS_FUSED) && defined(__OPTIMIZE__)
#define IN_ORDER(sum) __asm__ volatile("" : "+x"(sum) : : "memory")
#else
#define IN_ORDER(sum)
#endif

#define REDUCTION_BLOCK 512

// Rows and columns whose greatest element is below this are taken for zero.
#define SMALLEST_SCALED 1e-30f
