// Attention over the rows of packed sequences, forward and backward; article: AttentionOverAnEncoder.
//
//   queries [R, A]    keys [*, A]    values [*, S]    weights [R, W]    context [R, S]
//
//   weights = softmax(score(query, key) of a sequence's rows)    context = sum of weights value
#pragma once

#include "matmul.h"
#include "softmax.h"

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
