// Passes over rows and whole arrays, element by element; a part of kernels.h.

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

// Puts a value among the best so far, behind those that are as great; the last one goes.
static void NAME(keepTop)(SCALAR *best, int32_t *places, ptrdiff_t count, SCALAR value,
                          int32_t place) {
  ptrdiff_t low = 0, high = count - 1;
  while (low < high) {
    const ptrdiff_t middle = (low + high) / 2;
    if (best[middle] < value) high = middle;
    else low = middle + 1;
  }
  const size_t moved = (size_t)(count - 1 - low);
  memmove(best + low + 1, best + low, moved * sizeof(SCALAR));
  memmove(places + low + 1, places + low, moved * sizeof(int32_t));
  best[low] = value;
  places[low] = place;
}

// A block in which nothing is greater than the least of the best costs four comparisons.
static void NAME(top)(void *best, int32_t *places, const void *values, ptrdiff_t rows,
                      ptrdiff_t width, ptrdiff_t count) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    const SCALAR *x = (const SCALAR *)values + row * width;
    SCALAR *y = (SCALAR *)best + row * count;
    int32_t *at = places + row * count;
    for (ptrdiff_t i = 0; i < count; i++) {
      y[i] = -(SCALAR)INFINITY;
      at[i] = -1;
    }
    for (ptrdiff_t start = 0; start < width; start += 4 * LANES) {
      const ptrdiff_t end = MIN(start + 4 * LANES, width);
      if (end - start == 4 * LANES) {
        const Vector least = splat(y[count - 1]);
        const SCALAR *p = x + start;
        if (!__builtin_reduce_or((load(p) > least) | (load(p + LANES) > least) |
                                 (load(p + 2 * LANES) > least) | (load(p + 3 * LANES) > least))) {
          continue;
        }
      }
      for (ptrdiff_t i = start; i < end; i++) {
        if (x[i] > y[count - 1]) NAME(keepTop)(y, at, count, x[i], (int32_t)i);
      }
    }
  }
}
