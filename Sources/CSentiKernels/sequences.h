// Softmax with cross-entropy and attention, a row at a time; a part of kernels.h, which defines the
// macros used here and includes it once an instantiation.

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

// MARK: Attention

// The sum of a[i] * b[i].
INLINE SCALAR NAME(dot)(const SCALAR *a, const SCALAR *b, ptrdiff_t count) {
  Vector sum = splat(0);
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    sum += loadFirst(a + i, count - i) * loadFirst(b + i, count - i);
  }
  return sumOfLanes(sum);
}

// y[i] += scale * x[i]
INLINE void NAME(addScaled)(SCALAR *y, SCALAR scale, const SCALAR *x, ptrdiff_t count) {
  const Vector factor = splat(scale);
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    storeFirst(y + i, loadFirst(y + i, left) + factor * loadFirst(x + i, left), left);
  }
}

// The place of row j of the sequence that query r reads.
#define SOURCE(a, r, j) ((ptrdiff_t)((a)->offsets[j] + (a)->sequences[r]))

// Queries of one sequence that are answered together, and the vectors of a context that are summed at
// once: a row of the sequence is read once for all of them.
#define QUERIES 5
#define SUMMED (REGISTERS == 32 ? 4 : 2)

// The scores of `rows` queries with row j of their sequence.
INLINE void NAME(scores)(const CSentiKernels_Attention *a, const int rows, ptrdiff_t r, ptrdiff_t j,
                         const bool isAdditive) {
  const ptrdiff_t size = a->keySize;
  const SCALAR *queries = (const SCALAR *)a->queries + r * size;
  const SCALAR *key = (const SCALAR *)a->keys + SOURCE(a, r, j) * size;
  Vector sums[QUERIES];
  UNROLL for (int q = 0; q < rows; q++) sums[q] = splat(0);
  for (ptrdiff_t i = 0; i < size; i += LANES) {
    const ptrdiff_t left = size - i;
    const Vector k = loadFirst(key + i, left);
    const Vector direction =
        isAdditive ? loadFirst((const SCALAR *)a->direction + i, left) : splat(0);
    UNROLL for (int q = 0; q < rows; q++) {
      const Vector x = loadFirst(queries + q * size + i, left);
      sums[q] += isAdditive ? direction * vtanh(x + k) : x * k;
    }
  }
  SCALAR *weights = (SCALAR *)a->weights + r * a->stride + j;
  UNROLL for (int q = 0; q < rows; q++) {
    const SCALAR sum = sumOfLanes(sums[q]);
    weights[q * a->stride] = isAdditive ? sum : (SCALAR)a->scale * sum;
  }
}

// V vectors of the contexts of `rows` queries, from column i on.
INLINE void NAME(sumValues)(const CSentiKernels_Attention *a, const int rows, const int V,
                            ptrdiff_t r, ptrdiff_t i) {
  const ptrdiff_t size = a->valueSize, left = size - i;
  const SCALAR *values = (const SCALAR *)a->values + i;
  const SCALAR *weights = (const SCALAR *)a->weights + r * a->stride;
  Vector sums[QUERIES][SUMMED];
  UNROLL for (int q = 0; q < rows; q++) {
    UNROLL for (int v = 0; v < V; v++) sums[q][v] = splat(0);
  }
  for (ptrdiff_t j = 0; j < a->counts[r]; j++) {
    const SCALAR *value = values + SOURCE(a, r, j) * size;
    UNROLL for (int v = 0; v < V; v++) {
      const Vector x = loadFirst(value + v * LANES, left - v * LANES);
      UNROLL for (int q = 0; q < rows; q++) sums[q][v] += weights[q * a->stride + j] * x;
    }
  }
  SCALAR *context = (SCALAR *)a->context + r * size + i;
  UNROLL for (int q = 0; q < rows; q++) {
    UNROLL for (int v = 0; v < V; v++) {
      storeFirst(context + q * size + v * LANES, sums[q][v], left - v * LANES);
    }
  }
}

// Answers `rows` queries of one sequence.
INLINE void NAME(answer)(const CSentiKernels_Attention *a, const int rows, ptrdiff_t r) {
  const ptrdiff_t count = a->counts[r];
  for (ptrdiff_t j = 0; j < count; j++) {
    if (a->direction) {
      NAME(scores)(a, rows, r, j, true);
    } else {
      NAME(scores)(a, rows, r, j, false);
    }
  }
  for (int q = 0; q < rows; q++) {
    SCALAR *weights = (SCALAR *)a->weights + (r + q) * a->stride;
    if (count > 0) {
      const double total = NAME(exponentials)(weights, count, NAME(greatest)(weights, count));
      for (ptrdiff_t j = 0; j < count; j++) weights[j] *= (SCALAR)(1 / total);
    }
    for (ptrdiff_t j = count; j < a->stride; j++) weights[j] = 0;
  }
  ptrdiff_t i = 0;
  for (; i + SUMMED * LANES <= a->valueSize; i += SUMMED * LANES) {
    NAME(sumValues)(a, rows, SUMMED, r, i);
  }
  for (; i < a->valueSize; i += LANES) NAME(sumValues)(a, rows, 1, r, i);
}

static void NAME(attention)(const CSentiKernels_Attention *a) {
  FLUSH_SUBNORMALS;
  for (ptrdiff_t r = 0, end; r < a->rowCount; r = end) {
    for (end = r + 1; end < a->rowCount && a->sequences[end] == a->sequences[r] &&
                      a->counts[end] == a->counts[r];) end++;
#define BODY(row, rows, V) NAME(answer)(a, rows, r + (row))
    FOR_ROWS(end - r, QUERIES, 0, BODY);
#undef BODY
  }
}

// From s = score, w = softmax(s), c = sum of w v: dv += w dc, dw = dc v, ds = w (dw - sum of w dw);
// with s = scale q k: dq = scale ds k, dk = scale ds q; with s = u tanh(q + k), t = tanh(q + k):
// dq = dk = ds u (1 - t^2), du = ds t.
static void NAME(attentionBackward)(const CSentiKernels_Attention *a,
                                    const CSentiKernels_AttentionGradient *g) {
  FLUSH_SUBNORMALS;
  const SCALAR *keys = a->keys, *values = a->values, *direction = a->direction;
  SCALAR *scores = g->scratch;
  for (ptrdiff_t r = 0; r < a->rowCount; r++) {
    const ptrdiff_t count = a->counts[r], keySize = a->keySize, valueSize = a->valueSize;
    const SCALAR *query = (const SCALAR *)a->queries + r * keySize;
    const SCALAR *weights = (const SCALAR *)a->weights + r * a->stride;
    const SCALAR *context = (const SCALAR *)g->context + r * valueSize;
    SCALAR *dq = (SCALAR *)g->queries + r * keySize;
    double mean = 0;
    for (ptrdiff_t j = 0; j < count; j++) {
      const ptrdiff_t place = SOURCE(a, r, j) * valueSize;
      scores[j] = NAME(dot)(context, values + place, valueSize);
      mean += (double)weights[j] * (double)scores[j];
      NAME(addScaled)((SCALAR *)g->values + place, weights[j], context, valueSize);
    }
    for (ptrdiff_t i = 0; i < keySize; i += LANES) storeFirst(dq + i, splat(0), keySize - i);
    for (ptrdiff_t j = 0; j < count; j++) {
      const SCALAR ds = weights[j] * (scores[j] - (SCALAR)mean);
      const ptrdiff_t place = SOURCE(a, r, j) * keySize;
      const SCALAR *key = keys + place;
      SCALAR *dk = (SCALAR *)g->keys + place;
      if (!direction) {
        NAME(addScaled)(dq, (SCALAR)a->scale * ds, key, keySize);
        NAME(addScaled)(dk, (SCALAR)a->scale * ds, query, keySize);
        continue;
      }
      SCALAR *du = g->direction;
      for (ptrdiff_t i = 0; i < keySize; i += LANES) {
        const ptrdiff_t left = keySize - i;
        const Vector t = vtanh(loadFirst(query + i, left) + loadFirst(key + i, left));
        const Vector dt = ds * loadFirst(direction + i, left) * (1 - t * t);
        storeFirst(dq + i, loadFirst(dq + i, left) + dt, left);
        storeFirst(dk + i, loadFirst(dk + i, left) + dt, left);
        storeFirst(du + i, loadFirst(du + i, left) + ds * t, left);
      }
    }
  }
}
