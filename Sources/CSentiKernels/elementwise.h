// Passes over rows and whole arrays, element by element.
#pragma once

#include "subnormals.h"
#include "vectors.h"

// MARK: Arrays

static void NAME(activate)(void *values, ptrdiff_t count, CSentiKernels_Activation activation) {
  FLUSH_SUBNORMALS;
  SCALAR *p = values;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    storeFirst(p + i, NAME(activated)(loadFirst(p + i, left), activation), left);
  }
}

static void NAME(activateBackward)(void *gradient, const void *outputs, ptrdiff_t count,
                                   CSentiKernels_Activation activation) {
  FLUSH_SUBNORMALS;
  SCALAR *p = gradient;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector y = loadFirst((const SCALAR *)outputs + i, left);
    storeFirst(p + i, loadFirst(p + i, left) * NAME(slope)(y, activation), left);
  }
}

static void NAME(multiplyElements)(void *target, const void *source, ptrdiff_t count) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    SCALAR *y = (SCALAR *)target + i;
    const Vector x = loadFirst((const SCALAR *)source + i, count - i);
    storeFirst(y, loadFirst(y, count - i) * x, count - i);
  }
}

// MARK: Rows

// Several rows at a time, so that a sum is loaded and stored once for all of them.
static void NAME(addColumnSums)(void *target, const void *A, ptrdiff_t aStride, ptrdiff_t M,
                                ptrdiff_t N) {
  FLUSH_SUBNORMALS;
  enum { ROWS = 16 };
  for (ptrdiff_t first = 0; first < M; first += ROWS) {
    const SCALAR *rows = (const SCALAR *)A + first * aStride;
    const ptrdiff_t count = MIN(ROWS, M - first);
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      Vector sum = loadFirst((SCALAR *)target + n, N - n);
      for (ptrdiff_t m = 0; m < count; m++) sum += loadFirst(rows + m * aStride + n, N - n);
      storeFirst((SCALAR *)target + n, sum, N - n);
    }
  }
}

static void NAME(combine)(void *target, double targetScale, const void *source, double sourceScale,
                          ptrdiff_t count) {
  FLUSH_SUBNORMALS;
  const Vector kept = splat((SCALAR)targetScale), added = splat((SCALAR)sourceScale);
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector x = loadFirst((const SCALAR *)source + i, left);
    SCALAR *y = (SCALAR *)target + i;
    storeFirst(y, kept * loadFirst(y, left) + added * x, left);
  }
}

static void NAME(maximum)(void *best, int32_t *bestRow, const void *source, int32_t firstRow,
                          ptrdiff_t rows, ptrdiff_t width) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    SCALAR *y = (SCALAR *)best + row * width;
    const SCALAR *x = (const SCALAR *)source + row * width;
    int32_t *index = bestRow ? bestRow + row * width : NULL;
    for (ptrdiff_t i = 0; i < width; i++) {
      const bool greater = x[i] > y[i];
      y[i] = greater ? x[i] : y[i];
      if (index) index[i] = greater ? firstRow + (int32_t)row : index[i];
    }
  }
}

static void NAME(addColumnProducts)(void *target, const void *A, ptrdiff_t aStride, const void *B,
                                    ptrdiff_t bStride, const int32_t *bRows, ptrdiff_t M,
                                    ptrdiff_t N) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t m = 0; m < M; m++) {
    const SCALAR *a = (const SCALAR *)A + m * aStride;
    const SCALAR *b = (const SCALAR *)B + (bRows ? bRows[m] : m) * bStride;
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      const ptrdiff_t left = N - n;
      SCALAR *sum = (SCALAR *)target + n;
      const Vector product = loadFirst(a + n, left) * loadFirst(b + n, left);
      storeFirst(sum, loadFirst(sum, left) + product, left);
    }
  }
}
