// The kernels, once for all instruction sets. The including file defines SET, SCALAR, SCALAR_NAME,
// LANES (elements of a vector) and REGISTERS (vector registers), and may include this twice.
//
// Packed weights: panels of V vectors of LANES columns; inside a panel k runs slowest, so that a
// tile reads it front to back. With G > 1 gates a panel holds the same LANES hidden units of every
// gate (V = G), so that a tile ends with all gates of its units in registers. With G = 1 a panel is
// V = 3 vectors of consecutive columns. Columns beyond N are zero.
//
// In bfloat16 two values of k lie together in each 32-bit lane; in 8-bit integers four do, and a
// panel begins with the scale of each column and with -128 times the sum of its integers, since a
// row's integers are stored with 128 added. A rounded row of 8-bit integers begins with its scale.
//
// Tiles: 3 vectors wide and 8 rows high with 32 registers (3 with 16); 4 wide and 6 (2) high.

#include "CSentiKernels.h"

#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define JOIN_(a, b, c, d) a##_##b##_##c##_##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
#define NAME(name) JOIN(CSentiKernels, SET, SCALAR_NAME, name)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define MIN(a, b) ((a) < (b) ? (a) : (b))

#define ROWS3 (REGISTERS == 32 ? 8 : 3)
#define ROWS4 (REGISTERS == 32 ? 6 : 2)
#define WIDTH 3
#define REDUCTION_BLOCK 512

// Rows and columns whose greatest element is below this are taken for zero.
#define SMALLEST_SCALED 1e-30f

#include "vectors.h"

// MARK: Nonlinearities of whole arrays

static void NAME(activate)(void *values, ptrdiff_t count, CSentiKernels_Activation activation) {
  SCALAR *p = values;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    storeFirst(p + i, NAME(activated)(loadFirst(p + i, left), activation), left);
  }
}

static void NAME(activateBackward)(void *gradient, const void *outputs, ptrdiff_t count,
                                   CSentiKernels_Activation activation) {
  SCALAR *p = gradient;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector y = loadFirst((const SCALAR *)outputs + i, left);
    storeFirst(p + i, loadFirst(p + i, left) * NAME(slope)(y, activation), left);
  }
}

// MARK: Packing

INLINE ptrdiff_t NAME(panelVectors)(ptrdiff_t gates) { return gates == 1 ? WIDTH : gates; }
#define panelVectors NAME(panelVectors)

INLINE ptrdiff_t NAME(panelCount)(ptrdiff_t N, ptrdiff_t gates) {
  ptrdiff_t columns = gates == 1 ? WIDTH * LANES : LANES;
  return (N / gates + columns - 1) / columns;
}
#define panelCount NAME(panelCount)

// Elements of a panel's column.
INLINE ptrdiff_t NAME(columnCount)(ptrdiff_t K, CSentiKernels_Precision precision) {
  switch (precision) {
  case CSentiKernels_bfloat16: return (K + 1) / 2;
  case CSentiKernels_integer8: return 2 + (K + 3) / 4;
  default: return K;
  }
}
#define columnCount NAME(columnCount)

static ptrdiff_t NAME(packedCount)(ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                                   CSentiKernels_Precision precision) {
  return panelCount(N, gates) * columnCount(K, precision) * panelVectors(gates) * LANES;
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
      const int8_t value = (int8_t)(bytes(splat(from[k * kStride] * inverse))[0] - 128);
      memcpy((int8_t *)(to + (2 + k / 4) * width) + k % 4, &value, sizeof value);
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

static void NAME(pack)(void *packed, const void *source, ptrdiff_t kStride, ptrdiff_t nStride,
                       ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                       CSentiKernels_Precision precision) {
  const SCALAR *from = source;
  const ptrdiff_t V = panelVectors(gates), H = N / gates, width = V * LANES;
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

static ptrdiff_t NAME(roundedCount)(ptrdiff_t K, CSentiKernels_Precision precision) {
  switch (precision) {
  case CSentiKernels_bfloat16: return (K + 1) / 2;
  case CSentiKernels_integer8: return 1 + (K + 3) / 4;
  default: return 0;
  }
}
#define roundedRow NAME(roundedCount)

#if !defined(SCALAR_IS_DOUBLE)

INLINE void NAME(roundToHalves)(SCALAR *to, const SCALAR *from, ptrdiff_t K) {
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const HalfVector values = halves(loadFirst(from + k, K - k));
    const ptrdiff_t left = (K + 1) / 2 * 2 - k;
    memcpy((uint16_t *)to + k, &values, (size_t)MIN(left, LANES) * sizeof(uint16_t));
  }
}

// `poison` is zero, but NaN where an element is not finite: it makes the scale NaN too.
INLINE void NAME(roundToBytes)(SCALAR *to, const SCALAR *from, ptrdiff_t K) {
  Vector greatest = splat(0), poison = splat(0);
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const Vector x = loadFirst(from + k, K - k);
    greatest = greatest > magnitude(x) ? greatest : magnitude(x);
    poison += x - x;
  }
  float most = 0, spoilt = 0;
  UNROLL for (int i = 0; i < LANES; i++) {
    most = most > greatest[i] ? most : greatest[i];
    spoilt += poison[i];
  }
  const float inverse = most > SMALLEST_SCALED ? 127 / most : 0;
  to[0] = most / 127 + spoilt;
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const ByteVector values = bytes(loadFirst(from + k, K - k) * inverse);
    const ptrdiff_t left = (K + 3) / 4 * 4 - k;
    memcpy((uint8_t *)(to + 1) + k, &values, (size_t)MIN(left, LANES));
  }
}

#endif

// The left factor of a product: row r, step k is rows[r * stride + k * step], or a rounded row.
typedef struct NAME(Operand) {
  const SCALAR *rows;
  ptrdiff_t stride, step;
} NAME(Operand);
#define Operand NAME(Operand)

// Rounds rows into `scratch` where the precision asks for it.
INLINE Operand NAME(operand)(const SCALAR *A, ptrdiff_t aStride, ptrdiff_t M, ptrdiff_t K,
                             CSentiKernels_Precision precision, SCALAR *scratch) {
#if !defined(SCALAR_IS_DOUBLE)
  const ptrdiff_t stride = roundedRow(K, precision);
  for (ptrdiff_t m = 0; m < M && precision != CSentiKernels_full; m++) {
    if (precision == CSentiKernels_bfloat16) {
      NAME(roundToHalves)(scratch + m * stride, A + m * aStride, K);
    } else {
      NAME(roundToBytes)(scratch + m * stride, A + m * aStride, K);
    }
  }
  if (precision != CSentiKernels_full) return (Operand){scratch, stride, 1};
#else
  (void)M, (void)K, (void)precision, (void)scratch;
#endif
  return (Operand){A, aStride, 1};
}
#define operand NAME(operand)

// MARK: Tiles

#if !defined(SCALAR_IS_DOUBLE)

// The tile of bfloat16 numbers: K counts pairs.
INLINE void NAME(halfTile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, Operand a,
                           const SCALAR *b) {
  for (ptrdiff_t k = 0; k < K; k++) {
    IntVector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = loadInts(b + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      int32_t x;
      memcpy(&x, a.rows + r * a.stride + k, sizeof x);
      UNROLL for (int v = 0; v < V; v++) sums[r][v] = addHalfProducts(sums[r][v], x, weights[v]);
    }
  }
}

// The tile of 8-bit integers: K counts fours. Products are summed exactly, then scaled once.
INLINE void NAME(byteTile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, Operand a,
                           const SCALAR *b) {
  IntVector dots[8][4];
  const SCALAR *scales = b, *starts = b + V * LANES, *values = b + 2 * V * LANES;
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < V; v++) dots[r][v] = loadInts(starts + v * LANES);
  }
  for (ptrdiff_t k = 0; k < K; k++) {
    IntVector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = loadInts(values + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      int32_t x;
      memcpy(&x, a.rows + r * a.stride + 1 + k, sizeof x);
      UNROLL for (int v = 0; v < V; v++) dots[r][v] = addByteProducts(dots[r][v], x, weights[v]);
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
    NAME(byteTile)(sums, rows, V, (K + 3) / 4, a, b);
    return;
  }
#endif
  (void)precision;
  for (ptrdiff_t k = 0; k < K; k++) {
    Vector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = load(b + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const Vector x = splat(a.rows[r * a.stride + k * a.step]);
      UNROLL for (int v = 0; v < V; v++) sums[r][v] += x * weights[v];
    }
  }
}
#define tile NAME(tile)

// Runs `body(first row, rows)` over M rows with constant row counts: `high`, then 4, 2 and 1.
#define FOR_ROW_TILES(M, high, body)                                                               \
  do {                                                                                             \
    ptrdiff_t row_ = 0;                                                                            \
    for (; row_ + (high) <= (M); row_ += (high)) body(row_, high);                                 \
    if ((high) > 4 && row_ + 4 <= (M)) {                                                           \
      body(row_, 4);                                                                               \
      row_ += 4;                                                                                   \
    }                                                                                              \
    if (row_ + 2 <= (M)) {                                                                         \
      body(row_, 2);                                                                               \
      row_ += 2;                                                                                   \
    }                                                                                              \
    if (row_ < (M)) body(row_, 1);                                                                 \
  } while (0)

// The operand from a row on.
#define FROM_ROW(operand, row)                                                                     \
  ((Operand){(operand).rows + (row) * (operand).stride, (operand).stride, (operand).step})

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
INLINE void NAME(productTile)(const int rows, SCALAR *C, ptrdiff_t cStride, Operand A,
                              const SCALAR *panel, ptrdiff_t K, const SCALAR *bias,
                              bool accumulates, ptrdiff_t columns,
                              const CSentiKernels_Precision precision) {
  Vector sums[8][4];
  UNROLL for (int v = 0; v < WIDTH; v++) {
    const ptrdiff_t left = columns - v * LANES;
    const Vector start = bias && left > 0 ? loadFirst(bias + v * LANES, left) : splat(0);
    UNROLL for (int r = 0; r < rows; r++) {
      sums[r][v] = accumulates && left > 0 ? loadFirst(C + r * cStride + v * LANES, left) : start;
    }
  }
  // The tile below begins with what is there already.
  UNROLL for (int r = 0; r < rows && accumulates; r++) {
    UNROLL for (int v = 0; v < WIDTH; v++) __builtin_prefetch(C + (rows + r) * cStride + v * LANES);
  }
  tile(sums, rows, WIDTH, K, A, panel, precision);
  UNROLL for (int v = 0; v < WIDTH; v++) {
    const ptrdiff_t left = columns - v * LANES;
    if (left <= 0) break;
    UNROLL for (int r = 0; r < rows; r++) storeFirst(C + r * cStride + v * LANES, sums[r][v], left);
  }
}

INLINE void NAME(product)(SCALAR *C, ptrdiff_t cStride, const SCALAR *A, ptrdiff_t aStride,
                          const SCALAR *packed, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                          const SCALAR *bias, bool accumulates,
                          const CSentiKernels_Precision precision, SCALAR *scratch) {
  for (ptrdiff_t first = 0; first < M; first += CSENTI_ROW_BLOCK) {
    const ptrdiff_t rows = MIN(CSENTI_ROW_BLOCK, M - first);
    const Operand block = operand(A + first * aStride, aStride, rows, K, precision, scratch);
    for (ptrdiff_t panel = 0; panel < panelCount(N, 1); panel++) {
      const ptrdiff_t column = panel * WIDTH * LANES;
      const SCALAR *weights = packed + column * columnCount(K, precision);
      SCALAR *c = C + first * cStride + column;
      const SCALAR *start = bias ? bias + column : NULL;
#define BODY(row, count)                                                                           \
  NAME(productTile)(count, c + (row) * cStride, cStride, FROM_ROW(block, row), weights, K, start,  \
                    accumulates, N - column, precision)
      FOR_ROW_TILES(rows, ROWS3, BODY);
#undef BODY
    }
  }
}

static void NAME(multiply)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                           const void *packed, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                           const void *bias, bool accumulates, CSentiKernels_Precision precision,
                           void *scratch) {
#define BODY(constant)                                                                             \
  NAME(product)(C, cStride, A, aStride, packed, M, N, K, bias, accumulates, constant, scratch)
  FOR_PRECISION(precision, BODY);
#undef BODY
}

// Rows of C that are computed from one strip of A, and the vectors that hold as many of its columns.
#define STRIP (2 * ROWS3)
#define STRIP_WIDTH ((STRIP + LANES - 1) / LANES * LANES)

static ptrdiff_t NAME(transposedScratchCount)(ptrdiff_t N) {
  return REDUCTION_BLOCK * (panelCount(N, 1) * WIDTH * LANES + STRIP_WIDTH);
}

// Copies `count` rows of B into panels of WIDTH vectors, k slowest; missing columns are zero.
INLINE void NAME(packRows)(SCALAR *to, const SCALAR *B, ptrdiff_t bStride, const int32_t *bRows,
                           ptrdiff_t first, ptrdiff_t count, ptrdiff_t N) {
  const ptrdiff_t width = WIDTH * LANES;
  for (ptrdiff_t column = 0; column < N; column += width) {
    for (ptrdiff_t k = first; k < first + count; k++) {
      const SCALAR *source = B + (bRows ? bRows[k] : k) * bStride + column;
      UNROLL for (int v = 0; v < WIDTH; v++, to += LANES) {
        const ptrdiff_t left = N - column - v * LANES;
        store(to, left > 0 ? loadFirst(source + v * LANES, left) : splat(0));
      }
    }
  }
}

// Copies STRIP columns of `count` rows of A, which lie too far apart for the processor to foresee.
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
// in the first.
static void NAME(multiplyTransposed)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                                     const void *B, ptrdiff_t bStride, const int32_t *bRows,
                                     ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, void *scratch) {
  SCALAR *strip = scratch, *panels = strip + REDUCTION_BLOCK * STRIP_WIDTH;
  for (ptrdiff_t first = 0; first < K; first += REDUCTION_BLOCK) {
    const ptrdiff_t count = MIN(REDUCTION_BLOCK, K - first);
    NAME(packRows)(panels, B, bStride, bRows, first, count, N);
    for (ptrdiff_t top = 0; top < M; top += STRIP) {
      const ptrdiff_t height = MIN(STRIP, M - top);
      NAME(packStrip)(strip, (const SCALAR *)A + first * aStride + top, aStride, count, height);
      for (ptrdiff_t column = 0; column < N; column += WIDTH * LANES) {
        const SCALAR *panel = panels + column * count;
        SCALAR *c = (SCALAR *)C + top * cStride + column;
#define BODY(row, rows)                                                                           \
  NAME(productTile)(rows, c + (row) * cStride, cStride, ((Operand){strip + (row), 1, STRIP_WIDTH}), \
                    panel, count, NULL, true, N - column, CSentiKernels_full)
        FOR_ROW_TILES(height, ROWS3, BODY);
#undef BODY
      }
    }
  }
}

// MARK: Recurrent steps, forward

// In place of a precision: the recurrent sums were computed before, row by row, gate by gate.
#define GIVEN ((CSentiKernels_Precision)-1)

// sums[r][v] += what the previous states give to the units of gate v, `gap` units behind gate v - 1.
INLINE void NAME(recurrentSums)(Vector sums[8][4], const int rows, const int V, ptrdiff_t H,
                                Operand previous, const SCALAR *panel, ptrdiff_t unit,
                                ptrdiff_t gap, ptrdiff_t width,
                                const CSentiKernels_Precision precision) {
  if (precision != GIVEN) {
    tile(sums, rows, V, H, previous, panel, precision);
    return;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < V; v++) {
      const ptrdiff_t at = unit + v * gap, left = MIN(width - at, H - unit);
      if (left > 0) sums[r][v] += loadFirst(previous.rows + r * previous.stride + at, left);
    }
  }
}
#define recurrentSums NAME(recurrentSums)

#define PROJECTION(step, row) ((step)->projectionRows ? (step)->projectionRows[row] : (row))

// Asks for what a tile will read after its product: `vectors` lines of each row's projection, H apart.
INLINE void NAME(expectProjection)(const CSentiKernels_Step *step, const int rows, const int vectors,
                                   ptrdiff_t row, ptrdiff_t unit) {
  const ptrdiff_t H = step->hiddenSize;
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * vectors * H;
    UNROLL for (int v = 0; v < vectors; v++) __builtin_prefetch(x + v * H + unit);
  }
}

// h' = act(x + W h), for the columns of one panel.
INLINE void NAME(simpleTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                             ptrdiff_t column, Operand previous, const SCALAR *panel,
                             const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize;
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < WIDTH; v++) sums[r][v] = splat(0);
  }
  recurrentSums(sums, rows, WIDTH, H, FROM_ROW(previous, row), panel, column, LANES, H, precision);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * H;
    SCALAR *hidden = (SCALAR *)step->hidden + (row + r) * H;
    UNROLL for (int v = 0; v < WIDTH; v++) {
      const ptrdiff_t unit = column + v * LANES, left = H - unit;
      if (left <= 0) break;
      const Vector sum = loadFirst(x + unit, left) + sums[r][v];
      storeFirst(hidden + unit, NAME(activated)(sum, step->activation), left);
    }
  }
}


// r = sigmoid(xr + Ur h), z = sigmoid(xz + Uz h), n = tanh(xn + r (Un h + bn)),
// h' = n + z (h - n), for LANES units; keeps r, z, n and Un h + bn. Given sums of a cell that resets
// before the product hold Un (r h), which r does not multiply again.
INLINE void NAME(gruTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                          ptrdiff_t unit, Operand previous, const SCALAR *panel,
                          const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  const SCALAR *hidden = (const SCALAR *)step->previousHidden + row * H + unit;
  const bool resetsBefore = precision == GIVEN && step->resetsBeforeProduct;
  const Vector bias =
      resetsBefore ? splat(0) : loadFirst((const SCALAR *)step->candidateBias + unit, left);
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    sums[r][0] = splat(0);
    sums[r][1] = splat(0);
    sums[r][2] = bias;
  }
  NAME(expectProjection)(step, rows, 3, row, unit);
  recurrentSums(sums, rows, 3, H, FROM_ROW(previous, row), panel, unit, H, 3 * H, precision);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * 3 * H + unit;
    const Vector reset = vsigmoid(loadFirst(x, left) + sums[r][0]);
    const Vector update = vsigmoid(loadFirst(x + H, left) + sums[r][1]);
    const Vector recurrent = resetsBefore ? sums[r][2] : reset * sums[r][2];
    const Vector candidate = vtanh(loadFirst(x + 2 * H, left) + recurrent);
    const Vector h = loadFirst(hidden + r * H, left);
    storeFirst((SCALAR *)step->hidden + (row + r) * H + unit, candidate + update * (h - candidate),
               left);
    if (step->saved) {
      SCALAR *saved = (SCALAR *)step->saved + (row + r) * 4 * H + unit;
      storeFirst(saved, reset, left);
      storeFirst(saved + H, update, left);
      storeFirst(saved + 2 * H, candidate, left);
      storeFirst(saved + 3 * H, sums[r][2], left);
    }
  }
}

// i, f, o = sigmoid(x + U h), g = tanh(x + U h), c' = f c + i g, h' = o tanh(c'), for LANES units;
// keeps i, f, g, o. With peepholes i and f also see c, and o sees c'.
INLINE void NAME(lstmTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                           ptrdiff_t unit, Operand previous, const SCALAR *panel,
                           const CSentiKernels_Precision precision, const bool hasPeepholes) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < 4; v++) sums[r][v] = splat(0);
  }
  NAME(expectProjection)(step, rows, 4, row, unit);
  recurrentSums(sums, rows, 4, H, FROM_ROW(previous, row), panel, unit, H, 4 * H, precision);
  const SCALAR *peepholes = step->peepholes;
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * 4 * H + unit;
    const ptrdiff_t at = (row + r) * H + unit;
    const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
    if (hasPeepholes) {
      sums[r][0] += loadFirst(peepholes + unit, left) * previous;
      sums[r][1] += loadFirst(peepholes + H + unit, left) * previous;
    }
    const Vector input = vsigmoid(loadFirst(x, left) + sums[r][0]);
    const Vector forget = vsigmoid(loadFirst(x + H, left) + sums[r][1]);
    const Vector candidate = vtanh(loadFirst(x + 2 * H, left) + sums[r][2]);
    const Vector cell = forget * previous + input * candidate;
    if (hasPeepholes) sums[r][3] += loadFirst(peepholes + 2 * H + unit, left) * cell;
    const Vector output = vsigmoid(loadFirst(x + 3 * H, left) + sums[r][3]);
    storeFirst((SCALAR *)step->cell + at, cell, left);
    storeFirst((SCALAR *)step->hidden + at, output * vtanh(cell), left);
    if (step->saved) {
      SCALAR *saved = (SCALAR *)step->saved + (row + r) * 4 * H + unit;
      storeFirst(saved, input, left);
      storeFirst(saved + H, forget, left);
      storeFirst(saved + 2 * H, candidate, left);
      storeFirst(saved + 3 * H, output, left);
    }
  }
}

// Defines a step of G gates: for each panel of `units` hidden units and V vectors, tiles of at most
// `high` rows.
#define STEP(name, G, V, units, high)                                                              \
  INLINE void NAME(name##Pass)(const CSentiKernels_Step *step,                                     \
                               const CSentiKernels_Precision precision) {                          \
    const ptrdiff_t H = step->hiddenSize;                                                          \
    const ptrdiff_t width = precision == GIVEN ? 0 : columnCount(H, precision) * (V) * LANES;      \
    const Operand previous =                                                                       \
        precision == GIVEN                                                                         \
            ? (Operand){step->sums, (G) * H, 1}                                                    \
            : operand(step->previousHidden, H, step->rowCount, H, precision, step->rounded);       \
    const SCALAR *panel = step->recurrentWeights;                                                  \
    for (ptrdiff_t unit = 0; unit < H; unit += (units), panel += width) {                          \
      FOR_ROW_TILES(step->rowCount, high, name##Body);                                             \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Forward)(const CSentiKernels_Step *step) {                                \
    if (!step->recurrentWeights) {                                                                 \
      NAME(name##Pass)(step, GIVEN);                                                               \
      return;                                                                                      \
    }                                                                                              \
    FOR_PRECISION(step->precision, name##Precision);                                               \
  }

#define simpleBody(row, count) NAME(simpleTile)(step, count, row, unit, previous, panel, precision)
#define gruBody(row, count) NAME(gruTile)(step, count, row, unit, previous, panel, precision)
// Apart, so that the cell without peepholes does not ask for them between products.
#define lstmBody(row, count)                                                                       \
  do {                                                                                             \
    if (step->peepholes) {                                                                         \
      NAME(lstmTile)(step, count, row, unit, previous, panel, precision, true);                    \
    } else {                                                                                       \
      NAME(lstmTile)(step, count, row, unit, previous, panel, precision, false);                   \
    }                                                                                              \
  } while (0)
#define simplePrecision(constant) NAME(simplePass)(step, constant)
#define gruPrecision(constant) NAME(gruPass)(step, constant)
#define lstmPrecision(constant) NAME(lstmPass)(step, constant)
STEP(simple, 1, WIDTH, WIDTH * LANES, ROWS3)
STEP(gru, 3, 3, LANES, ROWS3)
STEP(lstm, 4, 4, LANES, ROWS4)

// MARK: Recurrent steps, backward

static void NAME(simpleBackward)(const CSentiKernels_StepGradient *step) {
  const ptrdiff_t count = step->rowCount * step->hiddenSize;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector y = loadFirst((const SCALAR *)step->hidden + i, left);
    const Vector gradient = loadFirst((const SCALAR *)step->hiddenGradient + i, left);
    storeFirst((SCALAR *)step->inputGateGradient + i, gradient * NAME(slope)(y, step->activation),
               left);
  }
}

static void NAME(gruBackward)(const CSentiKernels_StepGradient *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->saved + row * 4 * H;
    const SCALAR *previous = (const SCALAR *)step->previousHidden + row * H;
    const SCALAR *above = (const SCALAR *)step->hiddenGradient + row * H;
    SCALAR *below = (SCALAR *)step->previousHiddenGradient + row * H;
    SCALAR *input = (SCALAR *)step->inputGateGradient + row * 3 * H;
    SCALAR *recurrent = (SCALAR *)step->recurrentGateGradient + row * 3 * H;
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i;
      const Vector r = loadFirst(saved + i, left), z = loadFirst(saved + H + i, left);
      const Vector n = loadFirst(saved + 2 * H + i, left), m = loadFirst(saved + 3 * H + i, left);
      const Vector h = loadFirst(previous + i, left), dh = loadFirst(above + i, left);
      const Vector dn = dh * (1 - z) * (1 - n * n);
      const Vector dz = dh * (h - n) * z * (1 - z);
      storeFirst(below + i, loadFirst(below + i, left) + dh * z, left);
      storeFirst(input + H + i, dz, left);
      storeFirst(input + 2 * H + i, dn, left);
      if (step->resetsBeforeProduct) continue;
      const Vector dr = dn * m * r * (1 - r);
      storeFirst(input + i, dr, left);
      storeFirst(recurrent + i, dr, left);
      storeFirst(recurrent + H + i, dz, left);
      storeFirst(recurrent + 2 * H + i, dn * r, left);
    }
  }
}

static void NAME(lstmBackward)(const CSentiKernels_StepGradient *step) {
  const ptrdiff_t H = step->hiddenSize;
  const SCALAR *peepholes = step->peepholes;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->saved + row * 4 * H;
    SCALAR *gates = (SCALAR *)step->inputGateGradient + row * 4 * H;
    for (ptrdiff_t j = 0; j < H; j += LANES) {
      const ptrdiff_t left = H - j, at = row * H + j;
      const Vector i = loadFirst(saved + j, left), f = loadFirst(saved + H + j, left);
      const Vector g = loadFirst(saved + 2 * H + j, left), o = loadFirst(saved + 3 * H + j, left);
      const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
      const Vector dh = loadFirst((const SCALAR *)step->hiddenGradient + at, left);
      Vector dc = loadFirst((const SCALAR *)step->cellGradient + at, left), squashed;
      if (step->squashedCell) {
        squashed = loadFirst((const SCALAR *)step->squashedCell + at, left);
      } else {
        squashed = vtanh(loadFirst((const SCALAR *)step->cell + at, left));
        dc += dh * o * (1 - squashed * squashed);
      }
      const Vector output = dh * squashed * o * (1 - o);
      if (peepholes) dc += output * loadFirst(peepholes + 2 * H + j, left);
      const Vector input = dc * g * i * (1 - i), forget = dc * previous * f * (1 - f);
      storeFirst(gates + j, input, left);
      storeFirst(gates + H + j, forget, left);
      storeFirst(gates + 2 * H + j, dc * i * (1 - g * g), left);
      storeFirst(gates + 3 * H + j, output, left);
      SCALAR *below = (SCALAR *)step->previousCellGradient + at;
      Vector passed = loadFirst(below, left) + dc * f;
      if (peepholes) {
        passed += input * loadFirst(peepholes + j, left);
        passed += forget * loadFirst(peepholes + H + j, left);
      }
      storeFirst(below, passed, left);
    }
  }
}

#include "unfused.h"

// MARK: Passes over rows and arenas

static void NAME(addColumnSums)(void *target, const void *A, ptrdiff_t aStride, ptrdiff_t M,
                                ptrdiff_t N) {
  for (ptrdiff_t m = 0; m < M; m++) {
    for (ptrdiff_t n = 0; n < N; n += LANES) {
      SCALAR *sum = (SCALAR *)target + n;
      const Vector row = loadFirst((const SCALAR *)A + m * aStride + n, N - n);
      storeFirst(sum, loadFirst(sum, N - n) + row, N - n);
    }
  }
}

static void NAME(combine)(void *target, double targetScale, const void *source, double sourceScale,
                          ptrdiff_t count) {
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

static double NAME(sumOfSquares)(const void *values, ptrdiff_t count) {
  double sums[32] = {0};
  const SCALAR *x = values;
  ptrdiff_t i = 0;
  for (; i + 32 <= count; i += 32) {
    UNROLL for (int j = 0; j < 32; j++) sums[j] += (double)x[i + j] * (double)x[i + j];
  }
  for (; i < count; i++) sums[i % 32] += (double)x[i] * (double)x[i];
  double total = 0;
  for (int j = 0; j < 32; j++) total += sums[j];
  return total;
}

// `rule` is a constant at every call.
INLINE void NAME(updateBy)(const CSentiKernels_Rule rule, SCALAR *restrict p,
                           const SCALAR *restrict g, SCALAR *restrict m, SCALAR *restrict v,
                           ptrdiff_t count, const CSentiKernels_Update *settings) {
  const SCALAR rate = (SCALAR)settings->learningRate, epsilon = (SCALAR)settings->epsilon;
  const SCALAR first = (SCALAR)settings->firstDecay, second = (SCALAR)settings->secondDecay;
  const SCALAR firstRest = (SCALAR)(1 - settings->firstDecay);
  const SCALAR secondRest = (SCALAR)(1 - settings->secondDecay);
  const SCALAR secondScale = (SCALAR)settings->secondScale;
  const SCALAR scale = (SCALAR)settings->gradientScale, shrink = (SCALAR)settings->weightShrink;
  const SCALAR limit = (SCALAR)settings->gradientLimit;
  for (ptrdiff_t i = 0; i < count; i++) {
    const SCALAR scaled = g[i] * scale;
    const SCALAR gradient = scaled > limit ? limit : scaled < -limit ? -limit : scaled;
    SCALAR step = gradient;
    if (rule == CSentiKernels_momentum || rule == CSentiKernels_nesterov) {
      m[i] = first * m[i] + gradient;
      step = rule == CSentiKernels_nesterov ? gradient + first * m[i] : m[i];
    } else if (rule == CSentiKernels_rmsProp) {
      v[i] = second * v[i] + secondRest * gradient * gradient;
      m[i] = first * m[i] + gradient / (__builtin_elementwise_sqrt(v[i]) + epsilon);
      step = m[i];
    } else if (rule == CSentiKernels_adam) {
      m[i] = first * m[i] + firstRest * gradient;
      v[i] = second * v[i] + secondRest * gradient * gradient;
      step = m[i] / (__builtin_elementwise_sqrt(v[i] * secondScale) + epsilon);
    }
    p[i] = shrink * p[i] - rate * step;
  }
}

static void NAME(update)(void *parameters, const void *gradients, void *firstMoments,
                         void *secondMoments, ptrdiff_t count,
                         const CSentiKernels_Update *settings) {
#define RULE(rule)                                                                                 \
  case rule: NAME(updateBy)(rule, parameters, gradients, firstMoments, secondMoments, count,       \
                            settings); break
  switch (settings->rule) {
    RULE(CSentiKernels_descent);
    RULE(CSentiKernels_momentum);
    RULE(CSentiKernels_nesterov);
    RULE(CSentiKernels_rmsProp);
    RULE(CSentiKernels_adam);
  }
#undef RULE
}

#include "sequences.h"
#include "likeliest.h"

// MARK: Table

#define TABLE_(set, scalar) CSentiKernels_##set##_##scalar
#define TABLE(set, scalar) TABLE_(set, scalar)

const CSentiKernels_Table TABLE(SET, SCALAR_NAME) = {
    .packedCount = NAME(packedCount),
    .pack = NAME(pack),
    .roundedCount = NAME(roundedCount),
    .multiply = NAME(multiply),
    .transposedScratchCount = NAME(transposedScratchCount),
    .multiplyTransposed = NAME(multiplyTransposed),
    .simpleForward = NAME(simpleForward),
    .gruForward = NAME(gruForward),
    .lstmForward = NAME(lstmForward),
    .simpleBackward = NAME(simpleBackward),
    .gruBackward = NAME(gruBackward),
    .lstmBackward = NAME(lstmBackward),
    .addColumnSums = NAME(addColumnSums),
    .combine = NAME(combine),
    .maximum = NAME(maximum),
    .top = NAME(top),
    .sumOfSquares = NAME(sumOfSquares),
    .update = NAME(update),
    .activate = NAME(activate),
    .activateBackward = NAME(activateBackward),
    .normalize = NAME(normalize),
    .normalizeBackward = NAME(normalizeBackward),
    .resetForward = NAME(resetForward),
    .resetBackward = NAME(resetBackward),
    .addColumnProducts = NAME(addColumnProducts),
    .logSoftmax = NAME(logSoftmax),
    .crossEntropy = NAME(crossEntropy),
    .attention = NAME(attention),
    .attentionBackward = NAME(attentionBackward),
    .multiplyElements = NAME(multiplyElements),
#if !defined(SCALAR_IS_DOUBLE)
    .screenCount = NAME(screenCount),
    .makeScreen = NAME(makeScreen),
    .likeliestScratchCount = NAME(likeliestScratchCount),
    .likeliest = NAME(likeliest),
#endif
};

#undef TABLE_
#undef TABLE
#undef JOIN_
#undef JOIN
#undef NAME
#undef INLINE
#undef UNROLL
#undef MIN
#undef ROWS3
#undef ROWS4
#undef WIDTH
#undef REDUCTION_BLOCK
#undef STRIP
#undef STRIP_WIDTH
#undef Vector
#undef splat
#undef load
#undef store
#undef loadFirst
#undef storeFirst
#undef vtanh
#undef vexpm1
#undef vsigmoid
#undef magnitude
#undef LEAK
#undef HARD_SLOPE
#undef GIVEN
#undef recurrentSums
#undef sumOfLanes
#undef moments
#undef EPSILON
#undef panelVectors
#undef panelCount
#undef tile
#undef columnCount
#undef roundedRow
#undef Operand
#undef operand
#undef FROM_ROW
#undef FOR_PRECISION
#undef STEP
#undef simpleBody
#undef gruBody
#undef lstmBody
#undef simplePrecision
#undef gruPrecision
#undef lstmPrecision
#undef SMALLEST_SCALED
#undef IntVector
#undef HalfVector
#undef ByteVector
#undef addByteProducts
#undef addHalfProducts
#undef halves
#undef bytes
#undef loadInts
#undef FOR_ROW_TILES
#undef PROJECTION
#undef SOURCE
#undef vexp
