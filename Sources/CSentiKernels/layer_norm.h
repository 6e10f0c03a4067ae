// Layer normalization, forward and backward; article: LayerNormalization.
//
//   x, y [M, N]    gain, bias [N]    mean and deviation over each row
//
//   y = bias + gain (x - mean) / deviation
#pragma once

#include "subnormals.h"
#include "vectors.h"

// Keeps the division finite where all elements of a row are equal.
#define EPSILON ((SCALAR)1e-5)

// The mean of N elements, and the inverse of their deviation.
INLINE void NAME(moments)(const SCALAR *x, ptrdiff_t N, SCALAR *mean, SCALAR *inverse) {
  Vector sum = splat(0), squares = splat(0);
  for (ptrdiff_t n = 0; n < N; n += LANES) sum += loadFirst(x + n, N - n);
  *mean = sumOfLanes(sum) / (SCALAR)N;
  const Vector middle = splat(*mean);
  for (ptrdiff_t n = 0; n < N; n += LANES) {
    // Lanes beyond N take the mean, and so add nothing.
    Vector here = middle;
    const Vector values = loadFirst(x + n, N - n);
    if (N - n >= LANES) {
      here = values;
    } else {
      UNROLL for (int i = 0; i < LANES; i++) here[i] = i < N - n ? values[i] : here[i];
    }
    squares += (here - middle) * (here - middle);
  }
  *inverse = 1 / (SCALAR)sqrt(sumOfLanes(squares) / (SCALAR)N + EPSILON);
}
#define moments NAME(moments)

static void NAME(normalize)(const CSentiKernels_Rows *rows, void *y, const void *bias) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t m = 0; m < rows->M; m++) {
    const SCALAR *x = (const SCALAR *)rows->x + m * rows->xStride;
    SCALAR *to = (SCALAR *)y + m * rows->yStride, mean, inverse;
    moments(x, rows->N, &mean, &inverse);
    for (ptrdiff_t n = 0; n < rows->N; n += LANES) {
      const ptrdiff_t left = rows->N - n;
      const Vector start = bias ? loadFirst((const SCALAR *)bias + n, left) : splat(0);
      const Vector normal = (loadFirst(x + n, left) - mean) * inverse;
      storeFirst(to + n, start + loadFirst((const SCALAR *)rows->gain + n, left) * normal, left);
    }
  }
}

// With the normal values u = (x - mean) / deviation and g = gain * dy:
// dx = (g - mean(g) - u mean(g u)) / deviation, dgain = sum of dy u, dbias = sum of dy.
static void NAME(normalizeBackward)(const CSentiKernels_Rows *rows, void *gradient,
                                    void *gainGradient, void *biasGradient) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t N = rows->N;
  for (ptrdiff_t m = 0; m < rows->M; m++) {
    const SCALAR *x = (const SCALAR *)rows->x + m * rows->xStride;
    SCALAR *dy = (SCALAR *)gradient + m * rows->yStride, mean, inverse;
    moments(x, N, &mean, &inverse);
    Vector sum = splat(0), along = splat(0);
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      const ptrdiff_t left = N - n;
      const Vector u = (loadFirst(x + n, left) - mean) * inverse, above = loadFirst(dy + n, left);
      const Vector g = above * loadFirst((const SCALAR *)rows->gain + n, left);
      sum += g;
      along += g * u;
      SCALAR *dGain = (SCALAR *)gainGradient + n, *dBias = (SCALAR *)biasGradient + n;
      storeFirst(dGain, loadFirst(dGain, left) + above * u, left);
      if (biasGradient) storeFirst(dBias, loadFirst(dBias, left) + above, left);
    }
    const SCALAR constant = sumOfLanes(sum) / (SCALAR)N, slope = sumOfLanes(along) / (SCALAR)N;
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      const ptrdiff_t left = N - n;
      const Vector u = (loadFirst(x + n, left) - mean) * inverse;
      const Vector g = loadFirst(dy + n, left) * loadFirst((const SCALAR *)rows->gain + n, left);
      storeFirst(dy + n, (g - constant - u * slope) * inverse, left);
    }
  }
}
