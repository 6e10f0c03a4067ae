// Vectors of LANES elements, the nonlinearities on them, and sums of them.
#pragma once

#include "base.h"

typedef SCALAR NAME(Vector)
    __attribute__((ext_vector_type(LANES), aligned(sizeof(SCALAR))));
#define Vector NAME(Vector)

INLINE Vector NAME(splat)(SCALAR x) { return (Vector)(x); }
#define splat NAME(splat)

INLINE Vector NAME(load)(const SCALAR *p) { return *(const Vector *)p; }
#define load NAME(load)

INLINE void NAME(store)(SCALAR *p, Vector v) { *(Vector *)p = v; }
#define store NAME(store)

#if LANES == 16

INLINE __mmask16 NAME(mask)(ptrdiff_t count) {
  return (__mmask16)(count >= LANES ? 0xffff : (1 << count) - 1);
}

// Loads `count` elements, at most LANES; the others are zero.
INLINE Vector NAME(loadFirst)(const SCALAR *p, ptrdiff_t count) {
  return (Vector)_mm512_maskz_loadu_ps(NAME(mask)(count), p);
}

// Stores the first `count` elements, at most LANES.
INLINE void NAME(storeFirst)(SCALAR *p, Vector v, ptrdiff_t count) {
  _mm512_mask_storeu_ps(p, NAME(mask)(count), (__m512)v);
}

#else

INLINE Vector NAME(loadFirst)(const SCALAR *p, ptrdiff_t count) {
  if (count >= LANES) return load(p);
  Vector v = splat(0);
  memcpy(&v, p, (size_t)count * sizeof(SCALAR));
  return v;
}

INLINE void NAME(storeFirst)(SCALAR *p, Vector v, ptrdiff_t count) {
  if (count >= LANES) {
    store(p, v);
  } else {
    memcpy(p, &v, (size_t)count * sizeof(SCALAR));
  }
}

#endif

#define loadFirst NAME(loadFirst)
#define storeFirst NAME(storeFirst)

// The sum of all elements, first one first.
INLINE SCALAR NAME(sumOfLanes)(Vector x) {
  SCALAR sum = 0;
  UNROLL for (int i = 0; i < LANES; i++) sum += x[i];
  return sum;
}
#define sumOfLanes NAME(sumOfLanes)

// Stores a vector at an aligned place past the caches, for what is not read again soon.
INLINE void NAME(streamingStore)(SCALAR *p, Vector v) {
  typedef SCALAR AlignedVector __attribute__((ext_vector_type(LANES)));
  __builtin_nontemporal_store((AlignedVector)v, (AlignedVector *)p);
}

// Puts an end to stores past the caches, before another thread may look.
INLINE void NAME(finishStreamingStores)(void) {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

#if !defined(SCALAR_IS_DOUBLE)

// MARK: Reduced precision

typedef int32_t NAME(IntVector) __attribute__((ext_vector_type(LANES), aligned(4)));
#define IntVector NAME(IntVector)
typedef uint16_t NAME(HalfVector) __attribute__((ext_vector_type(LANES), aligned(2)));
#define HalfVector NAME(HalfVector)

// An 8-bit integer of a quantized row, with 128 added, and of packed weights, as LANE_INTEGERS of them lie
// in a lane.
#if defined(HAS_BYTE_DOT)
typedef uint8_t NAME(RowInteger);
typedef int8_t NAME(WeightInteger);
typedef uint8_t NAME(RowIntegers) __attribute__((ext_vector_type(LANES), aligned(1)));
#define RowIntegers NAME(RowIntegers)
#else
typedef uint16_t NAME(RowInteger);
typedef int16_t NAME(WeightInteger);
#define RowIntegers HalfVector
#endif
#define RowInteger NAME(RowInteger)
#define WeightInteger NAME(WeightInteger)

// sums[i] += the products of the integers in x with those in weights[i].
INLINE IntVector NAME(addIntegerProducts)(IntVector sums, int32_t x, IntVector weights) {
#if defined(HAS_BYTE_DOT)
  return (IntVector)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(x), (__m512i)weights);
#elif LANES == 16
  return sums + (IntVector)_mm512_madd_epi16(_mm512_set1_epi32(x), (__m512i)weights);
#elif LANES == 8
  return sums + (IntVector)_mm256_madd_epi16(_mm256_set1_epi32(x), (__m256i)weights);
#else
  return sums + ((weights << 16) >> 16) * (x & 0xffff) + (weights >> 16) * (x >> 16);
#endif
}
#define addIntegerProducts NAME(addIntegerProducts)

// The nearest bfloat16 numbers, ties to even; NaN stays NaN.
INLINE HalfVector NAME(halves)(Vector x) {
  const IntVector bits = (IntVector)x, rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return __builtin_convertvector(x == x ? rounded : 0x7fc0, HalfVector);
}
#define halves NAME(halves)

// 128 + the nearest integers, for |x| <= 127.
INLINE RowIntegers NAME(integers)(Vector x) {
  // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
  return __builtin_convertvector((IntVector)(x + (12582912.0f + 128.0f)) & 0xff, RowIntegers);
}
#define integers NAME(integers)

INLINE IntVector NAME(loadInts)(const void *p) { return *(const IntVector *)p; }
#define loadInts NAME(loadInts)

#endif

// MARK: Nonlinearities

// The vectors whose nonlinearities are computed side by side.
#define GROUP 4

#if defined(SCALAR_IS_DOUBLE)

INLINE Vector NAME(vtanh)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = tanh(x[i]);
  return x;
}

INLINE void NAME(vtanhs)(Vector *x, const int count) {
  UNROLL for (int i = 0; i < count; i++) x[i] = NAME(vtanh)(x[i]);
}

INLINE Vector NAME(vexpm1)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = expm1(x[i]);
  return x;
}

#else

// x P(x^2) / Q(x^2) on |x| <= 9, relative error under 4e-7; NaN stays NaN. For `count` vectors side by
// side, at most GROUP, so that none waits for another's operations.
// Coefficients: Tests/SentiTensorTests/ReferenceImplementations/rational_tanh.py.
INLINE void NAME(vtanhs)(Vector *x, const int count) {
  Vector s[GROUP], p[GROUP], q[GROUP];
#define EACH UNROLL for (int i = 0; i < count; i++)
  EACH x[i] = x[i] > 9.0f ? splat(9.0f) : x[i];
  EACH x[i] = x[i] < -9.0f ? splat(-9.0f) : x[i];
  EACH s[i] = x[i] * x[i];
  EACH p[i] = s[i] * -8.53506288e-14f + 5.29570068e-11f;
  EACH p[i] = p[i] * s[i] + -2.02615679e-08f;
  EACH p[i] = p[i] * s[i] + 1.11631739e-05f;
  EACH p[i] = p[i] * s[i] + 0.00310479927f;
  EACH p[i] = p[i] * s[i] + 0.130847637f;
  EACH p[i] = x[i] * (p[i] * s[i] + 0.999999994f);
  EACH q[i] = s[i] * 0.000254737544f + 0.0244985321f;
  EACH q[i] = q[i] * s[i] + 0.46418091f;
  EACH q[i] = q[i] * s[i] + 1.0f;
  EACH x[i] = p[i] / q[i];
  EACH x[i] = x[i] > 1.0f ? splat(1.0f) : x[i];
  EACH x[i] = x[i] < -1.0f ? splat(-1.0f) : x[i];
#undef EACH
}

INLINE Vector NAME(vtanh)(Vector x) {
  NAME(vtanhs)(&x, 1);
  return x;
}

INLINE Vector NAME(vexpm1)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = expm1f(x[i]);
  return x;
}

#endif

#define vtanh NAME(vtanh)
#define vtanhs NAME(vtanhs)
#define vexpm1 NAME(vexpm1)

INLINE Vector NAME(vsigmoid)(Vector x) {
  return (SCALAR)0.5 + (SCALAR)0.5 * vtanh((SCALAR)0.5 * x);
}
#define vsigmoid NAME(vsigmoid)

INLINE void NAME(vsigmoids)(Vector *x, const int count) {
  UNROLL for (int i = 0; i < count; i++) x[i] *= (SCALAR)0.5;
  vtanhs(x, count);
  UNROLL for (int i = 0; i < count; i++) x[i] = (SCALAR)0.5 + (SCALAR)0.5 * x[i];
}
#define vsigmoids NAME(vsigmoids)

INLINE Vector NAME(magnitude)(Vector x) { return x < 0 ? -x : x; }
#define magnitude NAME(magnitude)

#define LEAK ((SCALAR)0.01)
#define HARD_SLOPE ((SCALAR)(1.0 / 6))

INLINE Vector NAME(vhardSigmoid)(Vector x) {
  const Vector y = x * HARD_SLOPE + (SCALAR)0.5;
  return y < 0 ? splat(0) : y > 1 ? splat(1) : y;
}

// Apart, so that a tile holds one call an activation and not all of them.
static __attribute__((noinline)) Vector NAME(activated)(Vector x,
                                                        CSentiKernels_Activation activation) {
  switch (activation) {
  case CSentiKernels_relu: return x < 0 ? splat(0) : x;
  case CSentiKernels_elu: return x < 0 ? vexpm1(x) : x;
  case CSentiKernels_leakyRelu: return x < 0 ? LEAK * x : x;
  case CSentiKernels_sigmoid: return vsigmoid(x);
  case CSentiKernels_hardSigmoid: return NAME(vhardSigmoid)(x);
  case CSentiKernels_softsign: return x / (1 + magnitude(x));
  default: return vtanh(x);
  }
}

// The derivative at the point whose output is y.
INLINE Vector NAME(slope)(Vector y, CSentiKernels_Activation activation) {
  switch (activation) {
  case CSentiKernels_relu: return y > 0 ? splat(1) : splat(0);
  case CSentiKernels_elu: return y > 0 ? splat(1) : y + 1;
  case CSentiKernels_leakyRelu: return y > 0 ? splat(1) : splat(LEAK);
  case CSentiKernels_sigmoid: return y * (1 - y);
  case CSentiKernels_hardSigmoid: {
    const Vector inside = y > 0 ? splat(HARD_SLOPE) : splat(0);
    return y < 1 ? inside : splat(0);
  }
  case CSentiKernels_softsign: return (1 - magnitude(y)) * (1 - magnitude(y));
  default: return 1 - y * y;
  }
}
