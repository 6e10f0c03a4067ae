// Vectors of LANES elements and the nonlinearities on them; a part of kernels.h, which defines the
// macros used here and includes it once an instantiation.

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

// Stores a vector at an aligned place past the caches, for what is not read again soon.
INLINE void NAME(storeAside)(SCALAR *p, Vector v) {
  typedef SCALAR AlignedVector __attribute__((ext_vector_type(LANES)));
  __builtin_nontemporal_store((AlignedVector)v, (AlignedVector *)p);
}

// Puts an end to stores past the caches, before another thread may look.
INLINE void NAME(finishAside)(void) {
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
typedef uint8_t NAME(ByteVector) __attribute__((ext_vector_type(LANES), aligned(1)));
#define ByteVector NAME(ByteVector)

#if defined(__SSE2__)
// Sums of two neighbouring products of 16-bit integers.
INLINE IntVector NAME(pairProducts)(IntVector a, IntVector b) {
#if LANES == 16
  return (IntVector)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif LANES == 8
  return (IntVector)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#else
  return (IntVector)_mm_madd_epi16((__m128i)a, (__m128i)b);
#endif
}

// All even bytes as 16-bit integers; `b << 8` brings the odd ones' sign to the top.
INLINE IntVector NAME(signedBytes)(IntVector b) {
#if LANES == 16
  return (IntVector)_mm512_srai_epi16((__m512i)b, 8);
#elif LANES == 8
  return (IntVector)_mm256_srai_epi16((__m256i)b, 8);
#else
  return (IntVector)_mm_srai_epi16((__m128i)b, 8);
#endif
}
#endif

// sums[i] += the products of four unsigned bytes of x with the four signed bytes of weights[i].
INLINE IntVector NAME(addByteProducts)(IntVector sums, int32_t x, IntVector weights) {
#if defined(HAS_BYTE_DOT)
  return (IntVector)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(x), (__m512i)weights);
#elif defined(__SSE2__)
  const IntVector even = (IntVector)(x & 0x00ff00ff);
  const IntVector odd = (IntVector)((int32_t)((uint32_t)x >> 8) & 0x00ff00ff);
  const IntVector raised = (weights << 8) & (int32_t)0xff00ff00;
  return sums + NAME(pairProducts)(even, NAME(signedBytes)(raised)) +
         NAME(pairProducts)(odd, NAME(signedBytes)(weights));
#else
  UNROLL for (int j = 0; j < 4; j++) {
    sums += ((weights << (24 - 8 * j)) >> 24) * (int32_t)(((uint32_t)x >> (8 * j)) & 0xff);
  }
  return sums;
#endif
}
#define addByteProducts NAME(addByteProducts)

// sums[i] += the products of two bfloat16 numbers of x with those of weights[i].
INLINE Vector NAME(addHalfProducts)(Vector sums, int32_t x, IntVector weights) {
#if defined(HAS_HALF_DOT)
  return (Vector)_mm512_dpbf16_ps((__m512)sums, (__m512bh)_mm512_set1_epi32(x), (__m512bh)weights);
#else
  const IntVector even = (IntVector)(int32_t)((uint32_t)x << 16);
  const IntVector odd = (IntVector)(x & (int32_t)0xffff0000);
  sums += (Vector)even * (Vector)(weights << 16);
  return sums + (Vector)odd * (Vector)(weights & (int32_t)0xffff0000);
#endif
}
#define addHalfProducts NAME(addHalfProducts)

// The nearest bfloat16 numbers, ties to even; NaN stays NaN.
INLINE HalfVector NAME(halves)(Vector x) {
  const IntVector bits = (IntVector)x, rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return __builtin_convertvector(x == x ? rounded : 0x7fc0, HalfVector);
}
#define halves NAME(halves)

// 128 + the nearest integers, for |x| <= 127.
INLINE ByteVector NAME(bytes)(Vector x) {
  // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
  return __builtin_convertvector((IntVector)(x + (12582912.0f + 128.0f)) & 0xff, ByteVector);
}
#define bytes NAME(bytes)

INLINE IntVector NAME(loadInts)(const void *p) { return *(const IntVector *)p; }
#define loadInts NAME(loadInts)

#endif

// MARK: Nonlinearities

#if defined(SCALAR_IS_DOUBLE)

INLINE Vector NAME(vtanh)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = tanh(x[i]);
  return x;
}

INLINE Vector NAME(vexpm1)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = expm1(x[i]);
  return x;
}

#else

// x P(x^2) / Q(x^2) on |x| <= 9, relative error under 4e-7; NaN stays NaN.
// Coefficients: Tests/SentiTensorTests/ReferenceImplementations/rational_tanh.py.
INLINE Vector NAME(vtanh)(Vector x) {
  x = x > 9.0f ? splat(9.0f) : x;
  x = x < -9.0f ? splat(-9.0f) : x;
  Vector s = x * x;
  Vector p = splat(-8.53506288e-14f);
  p = p * s + 5.29570068e-11f;
  p = p * s + -2.02615679e-08f;
  p = p * s + 1.11631739e-05f;
  p = p * s + 0.00310479927f;
  p = p * s + 0.130847637f;
  p = p * s + 0.999999994f;
  Vector q = splat(0.000254737544f);
  q = q * s + 0.0244985321f;
  q = q * s + 0.46418091f;
  q = q * s + 1.0f;
  Vector y = x * p / q;
  y = y > 1.0f ? splat(1.0f) : y;
  return y < -1.0f ? splat(-1.0f) : y;
}

INLINE Vector NAME(vexpm1)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = expm1f(x[i]);
  return x;
}

#endif

#define vtanh NAME(vtanh)
#define vexpm1 NAME(vexpm1)

INLINE Vector NAME(vsigmoid)(Vector x) {
  return (SCALAR)0.5 + (SCALAR)0.5 * vtanh((SCALAR)0.5 * x);
}
#define vsigmoid NAME(vsigmoid)

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
