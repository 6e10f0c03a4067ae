// Weights packed for the tiles, and rows quantized as the weights are.
//
// Packed weights: panels of V vectors of LANES columns; inside a panel k runs slowest, so that a
// tile reads it front to back. With G > 1 gates a panel holds the same LANES hidden units of every
// gate (V = G), so that a tile ends with all gates of its units in registers. With G = 1 a panel is
// V vectors of consecutive columns; V is 3, or 4 where that leaves fewer columns empty and there are
// 32 registers. Columns beyond N are zero.
//
// In bfloat16 two values of k lie together in each 32-bit lane; in 8-bit integers LANE_INTEGERS do, and
// a panel begins with the scale of each column and with -128 times the sum of its integers, since a
// row's integers are stored with 128 added. A quantized row of 8-bit integers begins with its scale.
#pragma once

#include "subnormals.h"
#include "vectors.h"

// MARK: Packing

#define PANELS(N, width) (((N) + (width)-1) / (width))
#define LANES_OF_INTEGERS(K) PANELS(K, LANE_INTEGERS)

// Vectors of a panel, V.
INLINE ptrdiff_t NAME(panelVectors)(ptrdiff_t N, ptrdiff_t gates) {
  if (gates > 1) return gates;
  const ptrdiff_t narrow = PANELS(N, 3 * LANES) * 3, wide = PANELS(N, 4 * LANES) * 4;
  return REGISTERS == 32 && wide < narrow ? 4 : 3;
}
#define panelVectors NAME(panelVectors)

INLINE ptrdiff_t NAME(panelCount)(ptrdiff_t N, ptrdiff_t gates) {
  return gates > 1 ? PANELS(N / gates, LANES) : PANELS(N, panelVectors(N, 1) * LANES);
}
#define panelCount NAME(panelCount)

// Elements of a panel's column.
INLINE ptrdiff_t NAME(columnCount)(ptrdiff_t K, CSentiKernels_Precision precision) {
  switch (precision) {
  case CSentiKernels_bfloat16: return (K + 1) / 2;
  case CSentiKernels_integer8: return 2 + LANES_OF_INTEGERS(K);
  default: return K;
  }
}
#define columnCount NAME(columnCount)

static ptrdiff_t NAME(packedCount)(ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                                   CSentiKernels_Precision precision) {
  return panelCount(N, gates) * columnCount(K, precision) * panelVectors(N, gates) * LANES;
}

// Packs one column, whose elements are `width` apart.
INLINE void NAME(packColumn)(SCALAR *to, ptrdiff_t width, const SCALAR *from, ptrdiff_t kStride,
                             ptrdiff_t K, CSentiKernels_Precision precision) {
#if defined(SCALAR_IS_DOUBLE)
  (void)precision;
#else
  if (precision == CSentiKernels_bfloat16) {
    for (ptrdiff_t k = 0; k < K; k++) {
      const uint16_t half = halves(splat(from[k * kStride]))[0];
      memcpy((uint16_t *)(to + k / 2 * width) + k % 2, &half, sizeof half);
    }
    return;
  }
  if (precision == CSentiKernels_integer8) {
    float greatest = 0, poison = 0;
    for (ptrdiff_t k = 0; k < K; k++) {
      greatest = fmaxf(greatest, fabsf(from[k * kStride]));
      poison += from[k * kStride] - from[k * kStride];
    }
    const float inverse = greatest > SMALLEST_SCALED ? 127 / greatest : 0;
    int32_t sum = 0;
    for (ptrdiff_t k = 0; k < K; k++) {
      const WeightInteger value =
          (WeightInteger)(integers(splat(from[k * kStride] * inverse))[0] - 128);
      SCALAR *lane = to + (2 + k / LANE_INTEGERS) * width;
      memcpy((WeightInteger *)lane + k % LANE_INTEGERS, &value, sizeof value);
      sum += value;
    }
    to[0] = greatest / 127 + poison;
    sum *= -128;
    memcpy(to + width, &sum, sizeof sum);
    return;
  }
#endif
  for (ptrdiff_t k = 0; k < K; k++) to[k * width] = from[k * kStride];
}

// Copies `count` rows of B into panels, k slowest; missing columns are zero.
INLINE void NAME(packRows)(SCALAR *panels, const SCALAR *B, ptrdiff_t bStride, const int32_t *bRows,
                           ptrdiff_t first, ptrdiff_t count, ptrdiff_t N) {
  const ptrdiff_t width = panelVectors(N, 1) * LANES;
  for (ptrdiff_t k = 0; k < count; k++) {
    const SCALAR *source = B + (bRows ? bRows[first + k] : first + k) * bStride;
    for (ptrdiff_t column = 0; column < N; column += width) {
      SCALAR *to = panels + column * count + k * width;
      for (ptrdiff_t n = column; n < column + width; n += LANES, to += LANES) {
        store(to, n < N ? loadFirst(source + n, N - n) : splat(0));
      }
    }
  }
}

static void NAME(pack)(void *packed, const void *source, ptrdiff_t kStride, ptrdiff_t nStride,
                       ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                       CSentiKernels_Precision precision) {
  FLUSH_SUBNORMALS;
  const SCALAR *from = source;
  const ptrdiff_t V = panelVectors(N, gates), H = N / gates, width = V * LANES;
  if (gates == 1 && nStride == 1 && precision == CSentiKernels_full) {
    NAME(packRows)(packed, from, kStride, NULL, 0, K, N);
    return;
  }
  memset(packed, 0, (size_t)NAME(packedCount)(K, N, gates, precision) * sizeof(SCALAR));
  for (ptrdiff_t panel = 0; panel < panelCount(N, gates); panel++) {
    SCALAR *to = (SCALAR *)packed + panel * columnCount(K, precision) * width;
    for (ptrdiff_t v = 0; v < V; v++) {
      const ptrdiff_t unit = gates == 1 ? (panel * V + v) * LANES : panel * LANES;
      const SCALAR *column = from + (gates == 1 ? unit : v * H + unit) * nStride;
      for (ptrdiff_t lane = 0; lane < LANES && unit + lane < H; lane++) {
        NAME(packColumn)(to + v * LANES + lane, width, column + lane * nStride, kStride, K,
                         precision);
      }
    }
  }
}

// MARK: Rounding rows

#if defined(HAS_HALF_DOT)
#define ROUNDED_HALVES(K) (((K) + 1) / 2)
#else
#define ROUNDED_HALVES(K) (((K) + 1) / 2 * 2)
#endif

static ptrdiff_t NAME(quantizedCount)(ptrdiff_t K, CSentiKernels_Precision precision) {
  switch (precision) {
  case CSentiKernels_bfloat16: return ROUNDED_HALVES(K);
  case CSentiKernels_integer8: return 1 + LANES_OF_INTEGERS(K);
  default: return 0;
  }
}
#define quantizedRow NAME(quantizedCount)

#if !defined(SCALAR_IS_DOUBLE)

INLINE void NAME(quantizeToHalves)(SCALAR *to, const SCALAR *from, ptrdiff_t K) {
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const HalfVector values = halves(loadFirst(from + k, K - k));
    const ptrdiff_t left = (K + 1) / 2 * 2 - k;
#if defined(HAS_HALF_DOT)
    memcpy((uint16_t *)to + k, &values, (size_t)MIN(left, LANES) * sizeof(uint16_t));
#else
    storeFirst(to + k, (Vector)(__builtin_convertvector(values, IntVector) << 16), left);
#endif
  }
}

// The scale is NaN where an element is not finite. Magnitudes are compared as integers, which order
// alike and put what is not finite above all numbers.
INLINE void NAME(quantizeToIntegers)(SCALAR *to, const SCALAR *from, ptrdiff_t K) {
  IntVector greatest = (IntVector)splat(0);
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const IntVector magnitudes = (IntVector)loadFirst(from + k, K - k) & 0x7fffffff;
    greatest = __builtin_elementwise_max(greatest, magnitudes);
  }
  const int32_t bits = __builtin_reduce_max(greatest);
  float most;
  memcpy(&most, &bits, sizeof most);
  const float inverse = most > SMALLEST_SCALED ? 127 / most : 0;
  to[0] = most / 127 + (most - most);
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const RowIntegers values = integers(loadFirst(from + k, K - k) * inverse);
    const ptrdiff_t left = LANES_OF_INTEGERS(K) * LANE_INTEGERS - k;
    memcpy((RowInteger *)(to + 1) + k, &values, (size_t)MIN(left, LANES) * sizeof(RowInteger));
  }
}

#endif

// The left factor of a product: row r, step k is rows[r * stride + k * step], or a quantized row.
// Meanwhile the tile asks for what will be read next, unless that is null: at step k for the line of
// ahead[(k >> aheadShift) * aheadStride].
typedef struct NAME(Operand) {
  const SCALAR *rows;
  ptrdiff_t stride, step;
  const SCALAR *ahead;
  ptrdiff_t aheadStride;
  int aheadShift;
} NAME(Operand);
#define Operand NAME(Operand)

// The operand from a row on.
#define FROM_ROW(operand, row)                                                                     \
  ((Operand){.rows = (operand).rows + (row) * (operand).stride, .stride = (operand).stride,        \
             .step = (operand).step})

// The same, where the tile of `rows` rows, of M that a panel is multiplied with, asks for its share of
// the panel after it, of `width` elements at each of K steps: as long as each tile reads a panel from the
// second-level cache again, the next one has time to come there. With few rows a tile's time is too short
// to ask for all of its share.
INLINE Operand NAME(fromRow)(Operand all, ptrdiff_t row, const int rows, ptrdiff_t M,
                             const SCALAR *next, ptrdiff_t width, ptrdiff_t K) {
  Operand part = FROM_ROW(all, row);
  const ptrdiff_t share = width * rows / M;
  if (next && share * (ptrdiff_t)sizeof(SCALAR) <= 64) {
    part.ahead = next + row * width / M * K;
    part.aheadStride = share;
  }
  return part;
}
#define fromRow NAME(fromRow)

// Rounds rows into `scratch` where the precision asks for it.
INLINE Operand NAME(operand)(const SCALAR *A, ptrdiff_t aStride, ptrdiff_t M, ptrdiff_t K,
                             CSentiKernels_Precision precision, SCALAR *scratch) {
#if !defined(SCALAR_IS_DOUBLE)
  const ptrdiff_t stride = quantizedRow(K, precision);
  for (ptrdiff_t m = 0; m < M && precision != CSentiKernels_full; m++) {
    if (precision == CSentiKernels_bfloat16) {
      NAME(quantizeToHalves)(scratch + m * stride, A + m * aStride, K);
    } else {
      NAME(quantizeToIntegers)(scratch + m * stride, A + m * aStride, K);
    }
  }
  if (precision != CSentiKernels_full) {
    return (Operand){.rows = scratch, .stride = stride, .step = 1};
  }
#else
  (void)M, (void)K, (void)precision, (void)scratch;
#endif
  return (Operand){.rows = A, .stride = aStride, .step = 1};
}
#define operand NAME(operand)
