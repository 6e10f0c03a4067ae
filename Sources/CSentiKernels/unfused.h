// What cells need whose recurrent sums are not applied where they are summed: layer normalization,
// and a GRU that resets before its product. A part of kernels.h.

// Keeps the division finite where all elements of a row are equal.
#define EPSILON ((SCALAR)1e-5)

INLINE SCALAR NAME(sumOfLanes)(Vector x) {
  SCALAR sum = 0;
  UNROLL for (int i = 0; i < LANES; i++) sum += x[i];
  return sum;
}
#define sumOfLanes NAME(sumOfLanes)

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

static void NAME(resetForward)(const CSentiKernels_Step *step, void *gated) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *x = projectionOf(step, row, 3);
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i;
      const Vector sum = loadFirst((const SCALAR *)step->sums + row * 3 * H + i, left);
      const Vector h = loadFirst((const SCALAR *)step->previousHidden + row * H + i, left);
      storeFirst((SCALAR *)gated + row * H + i, vsigmoid(loadFirst(x + i, left) + sum) * h, left);
    }
  }
}

static void NAME(resetBackward)(const CSentiKernels_StepGradient *step, const void *gatedGradient) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i, at = row * H + i;
      const Vector r = loadFirst((const SCALAR *)step->saved + row * 4 * H + i, left);
      const Vector h = loadFirst((const SCALAR *)step->previousHidden + at, left);
      const Vector d = loadFirst((const SCALAR *)gatedGradient + at, left);
      SCALAR *below = (SCALAR *)step->previousHiddenGradient + at;
      storeFirst((SCALAR *)step->inputGateGradient + row * 3 * H + i, d * h * r * (1 - r), left);
      storeFirst(below, loadFirst(below, left) + d * r, left);
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
