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

// Loads `count` elements, at most LANES; the others are zero.
INLINE Vector NAME(loadFirst)(const SCALAR *p, ptrdiff_t count) {
  if (count >= LANES) return load(p);
  Vector v = splat(0);
  memcpy(&v, p, (size_t)count * sizeof(SCALAR));
  return v;
}
#define loadFirst NAME(loadFirst)

// Stores the first `count` elements, at most LANES.
INLINE void NAME(storeFirst)(SCALAR *p, Vector v, ptrdiff_t count) {
  if (count >= LANES) {
    store(p, v);
  } else {
    memcpy(p, &v, (size_t)count * sizeof(SCALAR));
  }
}
#define storeFirst NAME(storeFirst)

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

INLINE Vector NAME(activated)(Vector x, CSentiKernels_Activation activation) {
  switch (activation) {
  case CSentiKernels_relu: return x < 0 ? splat(0) : x;
  case CSentiKernels_elu: return x < 0 ? vexpm1(x) : x;
  default: return vtanh(x);
  }
}

// The derivative at the point whose output is y.
INLINE Vector NAME(slope)(Vector y, CSentiKernels_Activation activation) {
  switch (activation) {
  case CSentiKernels_relu: return y > 0 ? splat(1) : splat(0);
  case CSentiKernels_elu: return y > 0 ? splat(1) : y + 1;
  default: return 1 - y * y;
  }
}
