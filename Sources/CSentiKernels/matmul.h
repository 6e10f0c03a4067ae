// Tiles of sums in registers, and the matrix products that are made of them.
//
// Tiles: 3 vectors wide and ROWS3 rows high, or 4 wide and ROWS4 high.
#pragma once

#include "pack.h"

// MARK: Tiles

// sums[r][v] += x * weight for all of a tile, where `x` is of row r and `weight` of vector v. The shorter
// side stays in registers, the longer one passes through one of them.
#define ADD_PRODUCTS(sums, rows, V, x, weight)                                                     \
  do {                                                                                             \
    Vector held_[4];                                                                               \
    if ((rows) < (V)) {                                                                            \
      UNROLL for (int r = 0; r < (rows); r++) held_[r] = splat(x);                                 \
      UNROLL for (int v = 0; v < (V); v++) {                                                       \
        const Vector passing_ = weight;                                                            \
        UNROLL for (int r = 0; r < (rows); r++) {                                                  \
          sums[r][v] += held_[r] * passing_;                                                       \
          IN_ORDER(sums[r][v]);                                                                    \
        }                                                                                          \
      }                                                                                            \
    } else {                                                                                       \
      UNROLL for (int v = 0; v < (V); v++) held_[v] = weight;                                      \
      UNROLL for (int r = 0; r < (rows); r++) {                                                    \
        const Vector passing_ = splat(x);                                                          \
        UNROLL for (int v = 0; v < (V); v++) {                                                     \
          sums[r][v] += passing_ * held_[v];                                                       \
          IN_ORDER(sums[r][v]);                                                                    \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  } while (0)

#if !defined(SCALAR_IS_DOUBLE)

// The tile of bfloat16 numbers: K counts pairs. Without an instruction for them, rows lie in single
// precision and the weights of an even and of an odd k are widened in turn.
INLINE void NAME(halfTile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, Operand a,
                           const SCALAR *b) {
  for (ptrdiff_t k = 0; k < K; k++) {
#if defined(HAS_HALF_DOT)
    IntVector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = loadInts(b + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      int32_t x;
      memcpy(&x, a.rows + r * a.stride + k, sizeof x);
      UNROLL for (int v = 0; v < V; v++) {
        sums[r][v] = (Vector)_mm512_dpbf16_ps((__m512)sums[r][v], (__m512bh)_mm512_set1_epi32(x),
                                              (__m512bh)weights[v]);
      }
    }
#else
    UNROLL for (int odd = 0; odd < 2; odd++) {
      Vector weights[4];
      UNROLL for (int v = 0; v < V; v++) {
        const IntVector pair = loadInts(b + (k * V + v) * LANES);
        weights[v] = (Vector)(odd ? pair & (int32_t)0xffff0000 : pair << 16);
      }
      ADD_PRODUCTS(sums, rows, V, a.rows[r * a.stride + 2 * k + odd], weights[v]);
    }
#endif
  }
}

// The rows whose integer sums are in registers beside the products that are added to them.
#define INTEGER_ROWS (REGISTERS == 32 ? 8 : 2)

// The tile of 8-bit integers: K counts lanes. Products are summed exactly, then scaled once.
INLINE void NAME(integerTile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, Operand a,
                              const SCALAR *b) {
  const SCALAR *scales = b, *starts = b + V * LANES, *values = b + 2 * V * LANES;
  IntVector dots[INTEGER_ROWS][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < V; v++) dots[r][v] = loadInts(starts + v * LANES);
  }
  for (ptrdiff_t k = 0; k < K; k++) {
    IntVector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = loadInts(values + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      int32_t x;
      memcpy(&x, a.rows + r * a.stride + 1 + k, sizeof x);
      UNROLL for (int v = 0; v < V; v++) dots[r][v] = addIntegerProducts(dots[r][v], x, weights[v]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    const Vector scale = splat(a.rows[r * a.stride]);
    UNROLL for (int v = 0; v < V; v++) {
      const Vector product = __builtin_convertvector(dots[r][v], Vector);
      sums[r][v] += product * (scale * load(scales + v * LANES));
    }
  }
}

#endif

// sums[r][v] += sum over k of a[r, k] * b[k * V + v], for `rows` rows; rows, V and the precision
// are constants at every call, so that the sums live in registers.
INLINE void NAME(tile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, Operand a,
                       const SCALAR *b, const CSentiKernels_Precision precision) {
#if !defined(SCALAR_IS_DOUBLE)
  if (precision == CSentiKernels_bfloat16) {
    NAME(halfTile)(sums, rows, V, (K + 1) / 2, a, b);
    return;
  }
  if (precision == CSentiKernels_integer8) {
    UNROLL for (int r = 0; r < rows; r += INTEGER_ROWS) {
      NAME(integerTile)(sums + r, MIN(rows - r, INTEGER_ROWS), V, LANES_OF_INTEGERS(K),
                        FROM_ROW(a, r), b);
    }
    return;
  }
#endif
  (void)precision;
  for (ptrdiff_t k = 0; k < K; k++) {
    if (a.ahead) __builtin_prefetch(a.ahead + (k >> a.aheadShift) * a.aheadStride, 0, 2);
    ADD_PRODUCTS(sums, rows, V, a.rows[r * a.stride + k * a.step], load(b + (k * V + v) * LANES));
  }
}
#define tile NAME(tile)

// Runs `body(first row, rows, V)` over M rows with constant counts: `high` rows, then 4, 2 and 1.
#define FOR_ROWS(M, high, V, body)                                                                 \
  do {                                                                                             \
    ptrdiff_t row_ = 0;                                                                            \
    for (; row_ + (high) <= (M); row_ += (high)) body(row_, high, V);                              \
    if ((high) > 4 && row_ + 4 <= (M)) {                                                           \
      body(row_, 4, V);                                                                            \
      row_ += 4;                                                                                   \
    }                                                                                              \
    if (row_ + 2 <= (M)) {                                                                         \
      body(row_, 2, V);                                                                            \
      row_ += 2;                                                                                   \
    }                                                                                              \
    if (row_ < (M)) body(row_, 1, V);                                                              \
  } while (0)

// The same, but the rest in one: more code, and less time for a step that many sequences have left.
#define FOR_ROWS_OF_STEP(M, high, V, body)                                                         \
  do {                                                                                             \
    ptrdiff_t row_ = 0;                                                                            \
    for (; row_ + (high) <= (M); row_ += (high)) body(row_, high, V);                              \
    switch ((M) - row_) {                                                                          \
      REST(7, high, V, body)                                                                       \
      REST(6, high, V, body)                                                                       \
      REST(5, high, V, body)                                                                       \
      REST(4, high, V, body)                                                                       \
      REST(3, high, V, body)                                                                       \
      REST(2, high, V, body)                                                                       \
      REST(1, high, V, body)                                                                       \
    }                                                                                              \
  } while (0)
#define REST(count, high, V, body)                                                                 \
  case count:                                                                                      \
    if ((high) > (count)) body(row_, count, V);                                                    \
    break;

// Runs `body` over the tiles of a panel of 3 or 4 vectors, by one of the above.
#define FOR_TILES(forRows, M, vectors, body)                                                       \
  do {                                                                                             \
    if ((vectors) == 4) {                                                                          \
      forRows(M, ROWS4, 4, body);                                                                  \
    } else {                                                                                       \
      forRows(M, ROWS3, 3, body);                                                                  \
    }                                                                                              \
  } while (0)

// Runs `body(precision)` with a constant.
#if defined(SCALAR_IS_DOUBLE)
#define FOR_PRECISION(precision, body)                                                             \
  do {                                                                                             \
    (void)(precision);                                                                             \
    body(CSentiKernels_full);                                                                      \
  } while (0)
#else
#define FOR_PRECISION(precision, body)                                                             \
  do {                                                                                             \
    switch (precision) {                                                                           \
    case CSentiKernels_bfloat16: body(CSentiKernels_bfloat16); break;                              \
    case CSentiKernels_integer8: body(CSentiKernels_integer8); break;                              \
    default: body(CSentiKernels_full);                                                             \
    }                                                                                              \
  } while (0)
#endif

// MARK: Products

// One tile of C = bias + A * packed, or C += A * packed; `columns` of the panel exist.
INLINE void NAME(productTile)(const int rows, const int V, SCALAR *C, ptrdiff_t cStride, Operand A,
                              const SCALAR *panel, ptrdiff_t K, const SCALAR *bias,
                              bool accumulates, ptrdiff_t columns,
                              const CSentiKernels_Precision precision) {
  Vector sums[8][4];
  UNROLL for (int v = 0; v < V; v++) {
    const ptrdiff_t left = columns - v * LANES;
    const Vector start = bias && left > 0 ? loadFirst(bias + v * LANES, left) : splat(0);
    UNROLL for (int r = 0; r < rows; r++) {
      sums[r][v] = accumulates && left > 0 ? loadFirst(C + r * cStride + v * LANES, left) : start;
    }
  }
  // What the tile below reads or overwrites: rows that are whole pages apart are not foreseen.
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < V; v++) __builtin_prefetch(C + (rows + r) * cStride + v * LANES);
  }
  tile(sums, rows, V, K, A, panel, precision);
  UNROLL for (int v = 0; v < V; v++) {
    const ptrdiff_t left = columns - v * LANES;
    if (left <= 0) break;
    UNROLL for (int r = 0; r < rows; r++) storeFirst(C + r * cStride + v * LANES, sums[r][v], left);
  }
}

// Asks for rows that will be quantized, which waits for them and does nothing else.
INLINE void NAME(prefetchRows)(const SCALAR *A, ptrdiff_t aStride, ptrdiff_t M, ptrdiff_t K) {
  for (ptrdiff_t m = 0; m < M; m++) {
    for (ptrdiff_t k = 0; k < K; k += LANES) __builtin_prefetch(A + m * aStride + k);
  }
}

INLINE void NAME(product)(SCALAR *C, ptrdiff_t cStride, const SCALAR *A, ptrdiff_t aStride,
                          const SCALAR *packed, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                          const SCALAR *bias, bool accumulates,
                          const CSentiKernels_Precision precision, SCALAR *scratch) {
  const ptrdiff_t vectors = panelVectors(N, 1), width = vectors * LANES;
  for (ptrdiff_t first = 0; first < M; first += CSENTI_ROW_BLOCK) {
    const ptrdiff_t rows = MIN(CSENTI_ROW_BLOCK, M - first);
    const Operand block = operand(A + first * aStride, aStride, rows, K, precision, scratch);
    for (ptrdiff_t column = 0; column < N; column += width) {
      const ptrdiff_t size = width * columnCount(K, precision);
      const SCALAR *panel = packed + column / width * size;
      const SCALAR *next = column + width < N ? panel + size : packed;
      SCALAR *c = C + first * cStride + column;
      if (precision != CSentiKernels_full && first + rows < M) {
        const ptrdiff_t ahead = MIN(rows, M - first - rows), from = ahead * column / N;
        NAME(prefetchRows)(A + (first + rows + from) * aStride, aStride,
                         MIN(ahead, ahead * (column + width) / N) - from, K);
      }
      const SCALAR *start = bias ? bias + column : NULL;
#define BODY(row, count, V)                                                                        \
  NAME(productTile)(count, V, c + (row) * cStride, cStride,                                        \
                    fromRow(block, row, count, rows, next, width, K), panel, K, start,             \
                    accumulates, N - column, precision)
      FOR_TILES(FOR_ROWS, rows, vectors, BODY);
#undef BODY
    }
  }
}

static void NAME(multiply)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                           const void *packed, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                           const void *bias, bool accumulates, CSentiKernels_Precision precision,
                           void *scratch) {
  FLUSH_SUBNORMALS;
#define BODY(constant)                                                                             \
  NAME(product)(C, cStride, A, aStride, packed, M, N, K, bias, accumulates, constant, scratch)
  FOR_PRECISION(precision, BODY);
#undef BODY
}

// Rows of C that are computed from one strip of A, and the vectors that hold as many of its columns.
#define STRIP (2 * ROWS3)
#define STRIP_WIDTH ((STRIP + LANES - 1) / LANES * LANES)

static ptrdiff_t NAME(transposedScratchCount)(ptrdiff_t N) {
  return REDUCTION_BLOCK * (panelCount(N, 1) * panelVectors(N, 1) * LANES + STRIP_WIDTH);
}

// Copies STRIP columns of `count` rows of A.
INLINE void NAME(packStrip)(SCALAR *to, const SCALAR *A, ptrdiff_t aStride, ptrdiff_t count,
                            ptrdiff_t columns) {
  enum { AHEAD = 16 };
  for (ptrdiff_t k = 0; k < count; k++, A += aStride) {
    __builtin_prefetch(A + MIN(AHEAD, count - 1 - k) * aStride);
    UNROLL for (int v = 0; v < STRIP_WIDTH; v += LANES, to += LANES) {
      store(to, v < columns ? loadFirst(A + v, columns - v) : splat(0));
    }
  }
}

// Both factors are packed, block by block: panels of B stay in the second-level cache, a strip of A
// in the first. The rows of A lie too far apart for the processor to foresee, so the first tile of
// each panel asks for a share of the next strip.
static void NAME(multiplyTransposed)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                                     const void *B, ptrdiff_t bStride, const int32_t *bRows,
                                     ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, void *scratch) {
  FLUSH_SUBNORMALS;
  SCALAR *strip = scratch, *panels = strip + REDUCTION_BLOCK * STRIP_WIDTH;
  const ptrdiff_t vectors = panelVectors(N, 1), width = vectors * LANES;
  for (ptrdiff_t first = 0; first < K; first += REDUCTION_BLOCK) {
    const ptrdiff_t count = MIN(REDUCTION_BLOCK, K - first);
    NAME(packRows)(panels, B, bStride, bRows, first, count, N);
    for (ptrdiff_t top = 0; top < M; top += STRIP) {
      const ptrdiff_t height = MIN(STRIP, M - top);
      const SCALAR *a = (const SCALAR *)A + first * aStride + top;
      NAME(packStrip)(strip, a, aStride, count, height);
      for (ptrdiff_t column = 0; column < N; column += width) {
        const SCALAR *panel = panels + column * count;
        const SCALAR *next = a + STRIP + column * count / N * aStride;
        SCALAR *c = (SCALAR *)C + top * cStride + column;
#define BODY(row, rows, V)                                                                         \
  NAME(productTile)(rows, V, c + (row) * cStride, cStride,                                         \
                    ((Operand){strip + (row), 1, STRIP_WIDTH, (row) ? NULL : next, aStride, 2}),   \
                    panel, count, NULL, true, N - column, CSentiKernels_full)
        FOR_TILES(FOR_ROWS, height, vectors, BODY);
#undef BODY
      }
    }
  }
}
