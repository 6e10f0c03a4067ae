// The kernels, once for all instruction sets. The including file defines SET, SCALAR, SCALAR_NAME,
// LANES (elements of a vector) and REGISTERS (vector registers), and may include this twice.
//
// Packed weights: panels of V vectors of LANES columns; inside a panel k runs slowest, so that a
// tile reads it front to back. With G > 1 gates a panel holds the same LANES hidden units of every
// gate (V = G), so that a tile ends with all gates of its units in registers. With G = 1 a panel is
// V = 3 vectors of consecutive columns. Columns beyond N are zero.
//
// Tiles: 3 vectors wide and 8 rows high with 32 registers (3 with 16); 4 wide and 6 (2) high.

#include "CSentiKernels.h"

#include <math.h>
#include <string.h>

#define JOIN_(a, b, c, d) a##_##b##_##c##_##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
#define NAME(name) JOIN(CSentiKernels, SET, SCALAR_NAME, name)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define MIN(a, b) ((a) < (b) ? (a) : (b))

#define ROWS3 (REGISTERS == 32 ? 8 : 3)
#define ROWS4 (REGISTERS == 32 ? 6 : 2)
#define WIDTH 3
#define REDUCTION_BLOCK 256

#include "vectors.h"

// MARK: Nonlinearities of whole arrays

static void NAME(tanhInPlace)(void *values, ptrdiff_t count) {
  SCALAR *p = values;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    storeFirst(p + i, vtanh(loadFirst(p + i, count - i)), count - i);
  }
}

static void NAME(sigmoidInPlace)(void *values, ptrdiff_t count) {
  SCALAR *p = values;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    storeFirst(p + i, vsigmoid(loadFirst(p + i, count - i)), count - i);
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

static ptrdiff_t NAME(packedCount)(ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates) {
  return panelCount(N, gates) * K * panelVectors(gates) * LANES;
}

static void NAME(pack)(void *packed, const void *source, ptrdiff_t kStride, ptrdiff_t nStride,
                       ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates) {
  const SCALAR *from = source;
  const ptrdiff_t V = panelVectors(gates), H = N / gates;
  for (ptrdiff_t panel = 0; panel < panelCount(N, gates); panel++) {
    SCALAR *to = (SCALAR *)packed + panel * K * V * LANES;
    for (ptrdiff_t v = 0; v < V; v++) {
      const ptrdiff_t unit = gates == 1 ? (panel * V + v) * LANES : panel * LANES;
      const SCALAR *column = from + (gates == 1 ? unit : v * H + unit) * nStride;
      for (ptrdiff_t lane = 0; lane < LANES; lane++) {
        const bool exists = unit + lane < H;
        for (ptrdiff_t k = 0; k < K; k++) {
          to[(k * V + v) * LANES + lane] = exists ? column[lane * nStride + k * kStride] : 0;
        }
      }
    }
  }
}

// MARK: Tiles

// sums[r][v] += sum over k of a[r * aRow + k * aStep] * b[k * V + v], for `rows` rows; rows and V
// are constants at every call, so that the sums live in registers.
INLINE void NAME(tile)(Vector sums[8][4], const int rows, const int V, ptrdiff_t K, const SCALAR *a,
                       ptrdiff_t aRow, ptrdiff_t aStep, const SCALAR *b) {
  for (ptrdiff_t k = 0; k < K; k++) {
    Vector weights[4];
    UNROLL for (int v = 0; v < V; v++) weights[v] = load(b + (k * V + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const Vector x = splat(a[r * aRow + k * aStep]);
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

// MARK: Products

// One tile of C = bias + A * packed, or C += A * packed; `columns` of the panel exist. Row r, step k
// of A is A[r * aRow + k * aStep].
INLINE void NAME(productTile)(const int rows, SCALAR *C, ptrdiff_t cStride, const SCALAR *A,
                              ptrdiff_t aRow, ptrdiff_t aStep, const SCALAR *panel, ptrdiff_t K,
                              const SCALAR *bias, bool accumulates, ptrdiff_t columns) {
  Vector sums[8][4];
  UNROLL for (int v = 0; v < WIDTH; v++) {
    const ptrdiff_t left = columns - v * LANES;
    const Vector start = bias && left > 0 ? loadFirst(bias + v * LANES, left) : splat(0);
    UNROLL for (int r = 0; r < rows; r++) {
      sums[r][v] = accumulates && left > 0 ? loadFirst(C + r * cStride + v * LANES, left) : start;
    }
  }
  tile(sums, rows, WIDTH, K, A, aRow, aStep, panel);
  UNROLL for (int v = 0; v < WIDTH; v++) {
    const ptrdiff_t left = columns - v * LANES;
    if (left <= 0) break;
    UNROLL for (int r = 0; r < rows; r++) storeFirst(C + r * cStride + v * LANES, sums[r][v], left);
  }
}

// Rows are taken in blocks that stay in the first-level cache with a panel.
static void NAME(multiply)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                           const void *packed, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                           const void *bias, bool accumulates) {
  const ptrdiff_t block = 64;
  for (ptrdiff_t first = 0; first < M; first += block) {
    const ptrdiff_t rows = MIN(block, M - first);
    for (ptrdiff_t panel = 0; panel < panelCount(N, 1); panel++) {
      const ptrdiff_t column = panel * WIDTH * LANES;
      const SCALAR *weights = (const SCALAR *)packed + column * K;
      SCALAR *c = (SCALAR *)C + first * cStride + column;
      const SCALAR *a = (const SCALAR *)A + first * aStride;
      const SCALAR *start = bias ? (const SCALAR *)bias + column : NULL;
#define BODY(row, count)                                                                           \
  NAME(productTile)(count, c + (row) * cStride, cStride, a + (row) * aStride, aStride, 1, weights, \
                    K, start, accumulates, N - column)
      FOR_ROW_TILES(rows, ROWS3, BODY);
#undef BODY
    }
  }
}

static ptrdiff_t NAME(transposedScratchCount)(ptrdiff_t N) {
  return REDUCTION_BLOCK * panelCount(N, 1) * WIDTH * LANES;
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

// Only B is packed: a tile reads ROWS3 neighbours of each row of A, which one line of cache holds.
static void NAME(multiplyTransposed)(void *C, ptrdiff_t cStride, const void *A, ptrdiff_t aStride,
                                     const void *B, ptrdiff_t bStride, const int32_t *bRows,
                                     ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, void *scratch) {
  for (ptrdiff_t first = 0; first < K; first += REDUCTION_BLOCK) {
    const ptrdiff_t count = MIN(REDUCTION_BLOCK, K - first);
    const SCALAR *a = (const SCALAR *)A + first * aStride;
    NAME(packRows)(scratch, B, bStride, bRows, first, count, N);
    for (ptrdiff_t column = 0; column < N; column += WIDTH * LANES) {
      const SCALAR *panel = (const SCALAR *)scratch + column * count;
      SCALAR *c = (SCALAR *)C + column;
#define BODY(row, rows)                                                                            \
  NAME(productTile)(rows, c + (row) * cStride, cStride, a + (row), 1, aStride, panel, count, NULL, \
                    true, N - column)
      FOR_ROW_TILES(M, ROWS3, BODY);
#undef BODY
    }
  }
}

// MARK: Recurrent steps, forward

#define PROJECTION(step, row) ((step)->projectionRows ? (step)->projectionRows[row] : (row))

// h' = act(x + W h), for the columns of one panel.
INLINE void NAME(simpleTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                             ptrdiff_t column, const SCALAR *panel) {
  const ptrdiff_t H = step->hiddenSize;
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < WIDTH; v++) sums[r][v] = splat(0);
  }
  tile(sums, rows, WIDTH, H, (const SCALAR *)step->previousHidden + row * H, H, 1, panel);
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

static void NAME(simpleForward)(const CSentiKernels_Step *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t column = 0; column < H; column += WIDTH * LANES) {
    const SCALAR *panel = (const SCALAR *)step->recurrentWeights + column * H;
#define BODY(row, count) NAME(simpleTile)(step, count, row, column, panel)
    FOR_ROW_TILES(step->rowCount, ROWS3, BODY);
#undef BODY
  }
}

// r = sigmoid(xr + Ur h), z = sigmoid(xz + Uz h), n = tanh(xn + r (Un h + bn)),
// h' = n + z (h - n), for LANES units; keeps r, z, n and Un h + bn.
INLINE void NAME(gruTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                          ptrdiff_t unit, const SCALAR *panel) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  const SCALAR *previous = (const SCALAR *)step->previousHidden + row * H;
  const Vector bias = loadFirst((const SCALAR *)step->candidateBias + unit, left);
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    sums[r][0] = splat(0);
    sums[r][1] = splat(0);
    sums[r][2] = bias;
  }
  tile(sums, rows, 3, H, previous, H, 1, panel);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * 3 * H + unit;
    const Vector reset = vsigmoid(loadFirst(x, left) + sums[r][0]);
    const Vector update = vsigmoid(loadFirst(x + H, left) + sums[r][1]);
    const Vector candidate = vtanh(loadFirst(x + 2 * H, left) + reset * sums[r][2]);
    const Vector h = loadFirst(previous + r * H + unit, left);
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

static void NAME(gruForward)(const CSentiKernels_Step *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t unit = 0; unit < H; unit += LANES) {
    const SCALAR *panel = (const SCALAR *)step->recurrentWeights + unit * 3 * H;
#define BODY(row, count) NAME(gruTile)(step, count, row, unit, panel)
    FOR_ROW_TILES(step->rowCount, ROWS3, BODY);
#undef BODY
  }
}

// i, f, o = sigmoid(x + U h), g = tanh(x + U h), c' = f c + i g, h' = o tanh(c'), for LANES units;
// keeps i, f, g, o.
INLINE void NAME(lstmTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                           ptrdiff_t unit, const SCALAR *panel) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < 4; v++) sums[r][v] = splat(0);
  }
  tile(sums, rows, 4, H, (const SCALAR *)step->previousHidden + row * H, H, 1, panel);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * 4 * H + unit;
    const ptrdiff_t at = (row + r) * H + unit;
    const Vector input = vsigmoid(loadFirst(x, left) + sums[r][0]);
    const Vector forget = vsigmoid(loadFirst(x + H, left) + sums[r][1]);
    const Vector candidate = vtanh(loadFirst(x + 2 * H, left) + sums[r][2]);
    const Vector output = vsigmoid(loadFirst(x + 3 * H, left) + sums[r][3]);
    const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
    const Vector cell = forget * previous + input * candidate;
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

static void NAME(lstmForward)(const CSentiKernels_Step *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t unit = 0; unit < H; unit += LANES) {
    const SCALAR *panel = (const SCALAR *)step->recurrentWeights + unit * 4 * H;
#define BODY(row, count) NAME(lstmTile)(step, count, row, unit, panel)
    FOR_ROW_TILES(step->rowCount, ROWS4, BODY);
#undef BODY
  }
}

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
      const Vector dr = dn * m * r * (1 - r);
      storeFirst(input + i, dr, left);
      storeFirst(input + H + i, dz, left);
      storeFirst(input + 2 * H + i, dn, left);
      storeFirst(recurrent + i, dr, left);
      storeFirst(recurrent + H + i, dz, left);
      storeFirst(recurrent + 2 * H + i, dn * r, left);
      storeFirst(below + i, loadFirst(below + i, left) + dh * z, left);
    }
  }
}

static void NAME(lstmBackward)(const CSentiKernels_StepGradient *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->saved + row * 4 * H;
    SCALAR *gates = (SCALAR *)step->inputGateGradient + row * 4 * H;
    for (ptrdiff_t j = 0; j < H; j += LANES) {
      const ptrdiff_t left = H - j, at = row * H + j;
      const Vector i = loadFirst(saved + j, left), f = loadFirst(saved + H + j, left);
      const Vector g = loadFirst(saved + 2 * H + j, left), o = loadFirst(saved + 3 * H + j, left);
      const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
      const Vector squashed = vtanh(loadFirst((const SCALAR *)step->cell + at, left));
      const Vector dh = loadFirst((const SCALAR *)step->hiddenGradient + at, left);
      const Vector dc = loadFirst((const SCALAR *)step->cellGradient + at, left) +
                        dh * o * (1 - squashed * squashed);
      storeFirst(gates + j, dc * g * i * (1 - i), left);
      storeFirst(gates + H + j, dc * previous * f * (1 - f), left);
      storeFirst(gates + 2 * H + j, dc * i * (1 - g * g), left);
      storeFirst(gates + 3 * H + j, dh * squashed * o * (1 - o), left);
      SCALAR *below = (SCALAR *)step->previousCellGradient + at;
      storeFirst(below, loadFirst(below, left) + dc * f, left);
    }
  }
}

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

static void NAME(adam)(void *parameters, const void *gradients, void *firstMoments,
                       void *secondMoments, ptrdiff_t count, const CSentiKernels_Adam *settings) {
  SCALAR *p = parameters, *m = firstMoments, *v = secondMoments;
  const SCALAR *g = gradients;
  const SCALAR rate = (SCALAR)settings->learningRate, epsilon = (SCALAR)settings->epsilon;
  const SCALAR first = (SCALAR)settings->firstDecay, second = (SCALAR)settings->secondDecay;
  const SCALAR firstRest = (SCALAR)(1 - settings->firstDecay);
  const SCALAR secondRest = (SCALAR)(1 - settings->secondDecay);
  const SCALAR secondScale = (SCALAR)settings->secondScale;
  const SCALAR scale = (SCALAR)settings->gradientScale, shrink = (SCALAR)settings->weightShrink;
  for (ptrdiff_t i = 0; i < count; i++) {
    const SCALAR gradient = g[i] * scale;
    m[i] = first * m[i] + firstRest * gradient;
    v[i] = second * v[i] + secondRest * gradient * gradient;
    const SCALAR deviation = __builtin_elementwise_sqrt(v[i] * secondScale);
    p[i] = shrink * p[i] - rate * m[i] / (deviation + epsilon);
  }
}

// MARK: Table

#define TABLE_(set, scalar) CSentiKernels_##set##_##scalar
#define TABLE(set, scalar) TABLE_(set, scalar)

const CSentiKernels_Table TABLE(SET, SCALAR_NAME) = {
    .packedCount = NAME(packedCount),
    .pack = NAME(pack),
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
    .sumOfSquares = NAME(sumOfSquares),
    .adam = NAME(adam),
    .tanhInPlace = NAME(tanhInPlace),
    .sigmoidInPlace = NAME(sigmoidInPlace),
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
#undef Vector
#undef splat
#undef load
#undef store
#undef loadFirst
#undef storeFirst
#undef vtanh
#undef vexpm1
#undef vsigmoid
#undef panelVectors
#undef panelCount
#undef tile
#undef FOR_ROW_TILES
#undef PROJECTION
