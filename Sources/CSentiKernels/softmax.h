// Softmax and its cross-entropy, a row at a time.
//
//   logits x [M, N]    p[n] = exp(x[n]) / sum of exp(x)    loss = -log p[class]
#pragma once

#include "subnormals.h"
#include "vectors.h"

#if defined(SCALAR_IS_DOUBLE)

INLINE Vector NAME(vexp)(Vector x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = exp(x[i]);
  return x;
}

#else

// exp(x) = 2^n exp(r), |r| <= ln(2) / 2, for x <= 88: relative error under 2e-7; 0 below -87; NaN
// stays NaN. Cephes' polynomial.
INLINE Vector NAME(vexp)(Vector x) {
  const Vector within = x < -87.0f ? splat(-87.0f) : x;
  // Adding 1.5 * 2^23 rounds to the nearest integer.
  const Vector n = (within * 1.44269504f + 12582912.0f) - 12582912.0f;
  const Vector r = (within - n * 0.693359375f) - n * -2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const IntVector power = (__builtin_convertvector(n, IntVector) + 127) << 23;
  return x < -87.0f ? splat(0) : p * (Vector)power;
}

#endif

#define vexp NAME(vexp)

// The greatest element; NaN where the first is not a number.
INLINE SCALAR NAME(greatest)(const SCALAR *x, ptrdiff_t N) {
  Vector best = splat(x[0]);
  ptrdiff_t n = 0;
  for (; n + LANES <= N; n += LANES) {
    const Vector v = load(x + n);
    best = v > best ? v : best;
  }
  SCALAR most = best[0];
  UNROLL for (int i = 1; i < LANES; i++) most = best[i] > most ? best[i] : most;
  for (; n < N; n++) most = x[n] > most ? x[n] : most;
  return most;
}

// MARK: Softmax

// x[n] = exp(x[n] - most); the sum of all.
INLINE double NAME(exponentials)(SCALAR *x, ptrdiff_t N, SCALAR most) {
  Vector total = splat(0);
  ptrdiff_t n = 0;
  for (; n + LANES <= N; n += LANES) {
    const Vector e = vexp(load(x + n) - most);
    store(x + n, e);
    total += e;
  }
  double rest = 0;
  if (n < N) {
    storeFirst(x + n, vexp(loadFirst(x + n, N - n) - most), N - n);
    for (; n < N; n++) rest += x[n];
  }
  return sumOfLanes(total) + rest;
}

static void NAME(logSoftmax)(void *values, ptrdiff_t M, ptrdiff_t N) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t m = 0; m < M; m++) {
    SCALAR *x = (SCALAR *)values + m * N;
    const SCALAR most = NAME(greatest)(x, N);
    Vector total = splat(0);
    ptrdiff_t n = 0;
    for (; n + LANES <= N; n += LANES) total += vexp(load(x + n) - most);
    double sum = sumOfLanes(total);
    const Vector last = vexp(loadFirst(x + n, N - n) - most);
    for (int i = 0; i < N - n; i++) sum += last[i];
    const SCALAR shift = most + (SCALAR)log(sum);
    for (n = 0; n < N; n += LANES) storeFirst(x + n, loadFirst(x + n, N - n) - shift, N - n);
  }
}

static void NAME(crossEntropy)(void *logits, ptrdiff_t M, ptrdiff_t N, const int32_t *classes,
                               double smoothing, double scale, double *losses, int32_t *best) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t m = 0; m < M; m++) {
    SCALAR *x = (SCALAR *)logits + m * N;
    const SCALAR most = NAME(greatest)(x, N);
    const double right = x[classes[m]];
    Vector sum = splat(0);
    for (ptrdiff_t n = 0; n < N && smoothing > 0; n += LANES) sum += loadFirst(x + n, N - n);
    ptrdiff_t column = classes[m];
    if (best && x[column] != most) {
      for (column = 0; column + 1 < N && x[column] != most;) column++;
    }
    if (best) best[m] = (int32_t)column;
    const double total = NAME(exponentials)(x, N, most);
    losses[m] = log(total) + most - (1 - smoothing) * right;
    if (smoothing > 0) losses[m] -= smoothing / (double)N * sumOfLanes(sum);
    const Vector share = splat((SCALAR)(scale / total));
    const Vector spread = splat((SCALAR)(scale * smoothing / (double)N));
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      storeFirst(x + n, loadFirst(x + n, N - n) * share - spread, N - n);
    }
    x[classes[m]] -= (SCALAR)(scale * (1 - smoothing));
  }
}
