// The top k of a softmax over many columns, without its [M, N] logits: every column is computed in 8-bit
// integers, and those that may be among the top k again in single precision.
//
// With a' and w' for a row and a column as quantized, an integer product misses the exact one by no more
// than |a - a'| |w| + |a'| |w - w'| (Cauchy and Schwarz). So a column that lies further below the
// count-th greatest than this is not among the greatest, and the others are few.
#pragma once

#include "matmul.h"
#include "softmax.h"

#if !defined(SCALAR_IS_DOUBLE)

// Vectors of a panel, the panels of N columns, and the elements of their integers.
#define WIDTH 3
#define SCREENS(N) PANELS(N, WIDTH * LANES)
#define INTEGERS(K, N)                                                                             \
  (SCREENS(N) * columnCount(K, CSentiKernels_integer8) * WIDTH * LANES)
// Columns that wait for their exact products: so many that most rows are settled once, when all of
// their rivals are known.
#define LISTED 256
// How far above the reference of a sum of exponentials an element may be.
#define HEADROOM 20.0f
// What single precision may add to an error bound, as a share.
#define SLACK 1.0001f
// The elements of a panel's bounds: the greatest norm of a column, of what rounding took from it, and
// the greatest bias.
enum { NORM, RESIDUAL, BIAS, BOUNDS };

// A row of the softmax on its way through the panels.
typedef struct NAME(RowState) {
  float sums[LANES];      // of exp(approximate - reference)
  float correction;       // of `sums`, for the columns whose exact products are known
  float reference;
  float norm, kept, residual; // of the row, of the row as quantized, and of their difference
  float least;            // a lower bound on the count-th greatest
  int32_t listed;
  int32_t columns[LISTED];
  float approximate[LISTED], error[LISTED];
} NAME(RowState);
#define RowState NAME(RowState)

// A screen: integers as `pack` lays them out in panels of WIDTH vectors, biases padded to whole panels
// with -infinity, and the bounds of each panel.
static ptrdiff_t NAME(screenCount)(ptrdiff_t K, ptrdiff_t N) {
  return INTEGERS(K, N) + SCREENS(N) * (WIDTH * LANES + BOUNDS);
}

// exp(x) for x <= 88 at some 60 % of vexp's cost: relative error under 4e-6 where |x| < 30, which is
// residual beside that of the logits; some 1e-38 for x <= -88; NaN stays NaN. 2^f, |f| <= 1/2, by the
// polynomial of least relative error.
INLINE Vector NAME(roughExp)(Vector x) {
  Vector y = x * 1.44269504f;
  y = y < -126.0f ? splat(-126.0f) : y;
  // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
  const Vector shifted = y + 12582912.0f;
  const Vector f = y - (shifted - 12582912.0f);
  Vector p = splat(0.00957010221f);
  p = p * f + 0.0559178628f;
  p = p * f + 0.240247443f;
  p = p * f + 0.693121791f;
  p = p * f + 0.999999285f;
  return (Vector)((IntVector)p + ((IntVector)shifted << 23));
}

// The norms of K elements, of what their integers stand for, and of the difference, by SLACK too great.
INLINE void NAME(norms)(const SCALAR *x, const RowInteger *quantized, ptrdiff_t K, float scale,
                        float *norm, float *kept, float *residual) {
  Vector all = splat(0), left = splat(0), gone = splat(0);
  for (ptrdiff_t k = 0; k < K; k += LANES) {
    const ptrdiff_t count = MIN(K - k, LANES);
    RowIntegers integer = (RowIntegers)(128);
    memcpy(&integer, quantized + k, (size_t)count * sizeof(RowInteger));
    const Vector value = loadFirst(x + k, count);
    const Vector near = (__builtin_convertvector(integer, Vector) - 128.0f) * scale;
    all += value * value;
    left += near * near;
    gone += (value - near) * (value - near);
  }
  *norm = SLACK * sqrtf(sumOfLanes(all));
  *kept = SLACK * sqrtf(sumOfLanes(left));
  *residual = SLACK * sqrtf(sumOfLanes(gone));
}

// Writes a quantized row as a column of a panel, as `packColumn` rounds it.
INLINE void NAME(placeColumn)(float *to, const float *quantized, ptrdiff_t K) {
  const ptrdiff_t width = WIDTH * LANES;
  const RowInteger *integer = (const RowInteger *)(quantized + 1);
  int32_t sum = 0;
  for (ptrdiff_t k = 0; k < K; k++) sum += integer[k] - 128;
  sum *= -128;
  to[0] = quantized[0];
  memcpy(to + width, &sum, sizeof sum);
  for (ptrdiff_t k = 0; k < LANES_OF_INTEGERS(K); k++, integer += LANE_INTEGERS) {
    WeightInteger lane[LANE_INTEGERS];
    UNROLL for (int i = 0; i < LANE_INTEGERS; i++) lane[i] = (WeightInteger)(integer[i] - 128);
    memcpy(to + (2 + k) * width, lane, sizeof lane);
  }
}

static void NAME(makeScreen)(void *screen, const void *weights, const void *bias, ptrdiff_t K,
                             ptrdiff_t N, void *scratch) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t width = WIDTH * LANES, panels = SCREENS(N);
  float *biases = (float *)screen + INTEGERS(K, N), *bounds = biases + panels * width;
  float *quantized = scratch;
  memset(screen, 0, (size_t)NAME(screenCount)(K, N) * sizeof(float));
  for (ptrdiff_t n = N; n < panels * width; n++) biases[n] = -INFINITY;
  for (ptrdiff_t n = 0; n < N; n++) {
    const float *column = (const float *)weights + n * K;
    NAME(quantizeToIntegers)(quantized, column, K);
    const ptrdiff_t panel = n / width, lane = n % width;
    NAME(placeColumn)((float *)screen + panel * columnCount(K, CSentiKernels_integer8) * width + lane,
                      quantized, K);
    float norm, kept, residual, *bound = bounds + panel * BOUNDS;
    NAME(norms)(column, (const RowInteger *)(quantized + 1), K, quantized[0], &norm, &kept, &residual);
    biases[n] = ((const float *)bias)[n];
    bound[NORM] = fmaxf(bound[NORM], norm);
    bound[RESIDUAL] = fmaxf(bound[RESIDUAL], residual);
    bound[BIAS] = fmaxf(bound[BIAS], fabsf(biases[n]));
  }
}

static ptrdiff_t NAME(topKScratchCount)(ptrdiff_t K, ptrdiff_t count) {
  const ptrdiff_t state = (ptrdiff_t)(sizeof(RowState) / sizeof(float));
  return CSENTI_ROW_BLOCK * (state + quantizedRow(K, CSentiKernels_integer8)) +
         CSENTI_ROW_BLOCK * count;
}

// bias + x * w, in a fixed order.
INLINE float NAME(exactProduct)(const float *x, const float *w, ptrdiff_t K, float bias) {
  Vector sums[4] = {splat(0), splat(0), splat(0), splat(0)};
  ptrdiff_t k = 0;
  for (; k + 4 * LANES <= K; k += 4 * LANES) {
    UNROLL for (int j = 0; j < 4; j++) sums[j] += load(x + k + j * LANES) * load(w + k + j * LANES);
  }
  for (; k < K; k += LANES) sums[0] += loadFirst(x + k, K - k) * loadFirst(w + k, K - k);
  return bias + sumOfLanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

// Puts an exact product among the best: before lesser ones, and of equal ones by column.
INLINE void NAME(keepExact)(float *best, int32_t *places, ptrdiff_t count, float value, int32_t place) {
  ptrdiff_t i = count - 1;
  if (!(value > best[i] || (value == best[i] && place < places[i]))) return;
  for (; i > 0 && (value > best[i - 1] || (value == best[i - 1] && place < places[i - 1])); i--) {
    best[i] = best[i - 1];
    places[i] = places[i - 1];
  }
  best[i] = value;
  places[i] = place;
}

// Computes the listed columns exactly, those first that certainly were among the greatest, and leaves
// out which then cannot be. The list is empty afterwards.
static __attribute__((noinline)) void NAME(refine)(const CSentiKernels_TopK *l, ptrdiff_t row,
                                                   RowState *state) {
  enum { AHEAD = 3 };
  const ptrdiff_t K = l->K, count = l->count;
  const float *x = (const float *)l->rows + row * l->stride, *weights = l->weights, *bias = l->bias;
  float *best = (float *)l->best + row * count;
  int32_t *places = l->places + row * count, chosen[LISTED], found = 0;
  float exact[LISTED], approximate[LISTED];
  for (int isSecond = 0; isSecond < 2; isSecond++) {
    const float limit = isSecond ? fmaxf(state->least, best[count - 1]) : state->least;
    const int32_t start = found;
    for (int32_t i = 0; i < state->listed; i++) {
      const float middle = state->approximate[i], error = state->error[i];
      const bool wasSure = middle - error >= state->least;
      if (isSecond ? wasSure || middle + error < limit : !wasSure) continue;
      approximate[found] = middle;
      chosen[found++] = state->columns[i];
    }
    // The columns lie anywhere in a table that no near cache holds.
    for (int32_t i = start - AHEAD; i < found; i++) {
      if (i + AHEAD < found) {
        const float *next = weights + chosen[i + AHEAD] * K;
        for (ptrdiff_t k = 0; k < K; k += 64 / (ptrdiff_t)sizeof(float)) __builtin_prefetch(next + k);
      }
      if (i < start) continue;
      exact[i] = NAME(exactProduct)(x, weights + chosen[i] * K, K, bias[chosen[i]]);
      NAME(keepExact)(best, places, count, exact[i], chosen[i]);
    }
  }
  Vector change = splat(0);
  for (int32_t i = 0; i < found; i += LANES) {
    for (int32_t j = found; j < i + LANES; j++) exact[j] = approximate[j] = -INFINITY;
    change += vexp(load(exact + i) - state->reference) -
              NAME(roughExp)(load(approximate + i) - state->reference);
  }
  state->correction += sumOfLanes(change);
  state->least = fmaxf(state->least, best[count - 1]);
  state->listed = 0;
}

// A bit for each lane whose comparison held.
INLINE uint32_t NAME(laneBits)(IntVector held) {
#if LANES == 16
  return _mm512_movepi32_mask((__m512i)held);
#elif defined(__SSE2__) && LANES == 8
  return (uint32_t)_mm256_movemask_ps((__m256)held);
#elif defined(__SSE2__)
  return (uint32_t)_mm_movemask_ps((__m128)held);
#else
  uint32_t bits = 0;
  UNROLL for (int i = 0; i < LANES; i++) bits |= (uint32_t)(held[i] & 1) << i;
  return bits;
#endif
}

// Lists the columns of a panel that may be among the greatest, and moves the reference up where one
// is too far above it. `lower` holds the greatest lower bounds so far, greatest first.
static __attribute__((noinline)) void NAME(listColumns)(const CSentiKernels_TopK *l, ptrdiff_t row,
                                                        RowState *state, float *lower,
                                                        const float *values, ptrdiff_t column,
                                                        float error) {
  Vector greatest = load(values);
  UNROLL for (int v = 1; v < WIDTH; v++) {
    const Vector other = load(values + v * LANES);
    greatest = other > greatest ? other : greatest;
  }
  if (__builtin_reduce_or(greatest > state->reference + HEADROOM)) {
    float most = greatest[0];
    for (int i = 1; i < LANES; i++) most = greatest[i] > most ? greatest[i] : most;
    const Vector shrink = vexp(splat(state->reference - most));
    store(state->sums, load(state->sums) * shrink);
    state->correction *= shrink[0];
    state->reference = most;
  }
  for (ptrdiff_t v = 0; v < WIDTH; v++, values += LANES, column += LANES) {
    uint32_t bits = NAME(laneBits)(load(values) >= state->least - error);
    for (; bits; bits &= bits - 1) {
      const int i = __builtin_ctz(bits);
      if (column + i >= l->N || !(values[i] + error >= state->least)) continue;
      if (state->listed == LISTED) NAME(refine)(l, row, state);
      state->columns[state->listed] = (int32_t)(column + i);
      state->approximate[state->listed] = values[i];
      state->error[state->listed++] = error;
      ptrdiff_t place = l->count - 1;
      if (!(values[i] - error > lower[place])) continue;
      for (; place > 0 && values[i] - error > lower[place - 1]; place--) lower[place] = lower[place - 1];
      lower[place] = values[i] - error;
      state->least = fmaxf(state->least, lower[l->count - 1]);
    }
  }
}

// Adds the exponentials of a panel's approximate logits, one row a time, and lists what may be great.
static __attribute__((noinline)) void NAME(screenRows)(const CSentiKernels_TopK *l, ptrdiff_t first, ptrdiff_t rows,
                             RowState *states, float *lower, const float *values, const float *bounds,
                             ptrdiff_t column) {
  // Sums in single precision are off by less than K / 2^23 of the product of norms.
  const float rounding = 1.2e-7f * (float)(l->K + 8);
  for (ptrdiff_t r = 0; r < rows; r++, values += WIDTH * LANES) {
    RowState *state = states + r;
    const float error = SLACK * ((state->residual + rounding * state->norm) * bounds[NORM] +
                                 state->kept * bounds[RESIDUAL] + 4e-7f * bounds[BIAS]);
    const Vector least = splat(state->least - error);
    IntVector isGreat = load(values) >= least;
    UNROLL for (int v = 1; v < WIDTH; v++) isGreat |= load(values + v * LANES) >= least;
    if (__builtin_reduce_or(isGreat)) {
      NAME(listColumns)(l, first + r, state, lower + r * l->count, values, column, error);
    }
    Vector total = load(state->sums);
    UNROLL for (int v = 0; v < WIDTH; v++) {
      total += NAME(roughExp)(load(values + v * LANES) - state->reference);
    }
    store(state->sums, total);
  }
}

// A tile of approximate logits.
INLINE void NAME(screenTile)(const int rows, float *values, Operand A, ptrdiff_t K,
                             const float *panel, const float *bias) {
  Vector sums[8][4];
  UNROLL for (int v = 0; v < WIDTH; v++) {
    UNROLL for (int r = 0; r < rows; r++) sums[r][v] = load(bias + v * LANES);
  }
  tile(sums, rows, WIDTH, K, A, panel, CSentiKernels_integer8);
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < WIDTH; v++) store(values + (r * WIDTH + v) * LANES, sums[r][v]);
  }
}

// From logits to logarithms of probabilities.
INLINE void NAME(finishRow)(const CSentiKernels_TopK *l, ptrdiff_t row, RowState *state) {
  if (state->listed > 0) NAME(refine)(l, row, state);
  double sum = state->correction;
  for (int i = 0; i < LANES; i++) sum += state->sums[i];
  const float shift = state->reference + (float)log(sum);
  float *best = (float *)l->best + row * l->count;
  for (ptrdiff_t i = 0; i < l->count && l->places[row * l->count + i] >= 0; i++) best[i] -= shift;
  const int32_t required = l->required ? l->required[row] : -1;
  if (required < 0) return;
  const float *x = (const float *)l->rows + row * l->stride;
  ((float *)l->requiredValues)[row] =
      NAME(exactProduct)(x, (const float *)l->weights + required * l->K, l->K,
                         ((const float *)l->bias)[required]) - shift;
}

static void NAME(topK)(const CSentiKernels_TopK *l) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t K = l->K, width = WIDTH * LANES, panels = SCREENS(l->N);
  const float *screen = l->screen, *biases = screen + INTEGERS(K, l->N);
  const float *bounds = biases + panels * width;
  RowState *states = l->scratch;
  float *quantized = (float *)(states + CSENTI_ROW_BLOCK);
  float *lower = quantized + CSENTI_ROW_BLOCK * quantizedRow(K, CSentiKernels_integer8);
  for (ptrdiff_t first = 0; first < l->M; first += CSENTI_ROW_BLOCK) {
    const ptrdiff_t rows = MIN(CSENTI_ROW_BLOCK, l->M - first);
    const float *x = (const float *)l->rows + first * l->stride;
    const Operand block = operand(x, l->stride, rows, K, CSentiKernels_integer8, quantized);
    for (ptrdiff_t r = 0; r < rows; r++) {
      RowState *state = states + r;
      const float *row = block.rows + r * block.stride;
      *state = (RowState){.reference = -INFINITY, .least = -INFINITY};
      NAME(norms)(x + r * l->stride, (const RowInteger *)(row + 1), K, row[0], &state->norm,
                  &state->kept, &state->residual);
      for (ptrdiff_t i = 0; i < l->count; i++) {
        lower[r * l->count + i] = ((float *)l->best)[(first + r) * l->count + i] = -INFINITY;
        l->places[(first + r) * l->count + i] = -1;
      }
    }
    for (ptrdiff_t panel = 0; panel < panels; panel++) {
      const ptrdiff_t column = panel * width;
      const float *weights = screen + column * columnCount(K, CSentiKernels_integer8);
#define BODY(row, high, V)                                                                         \
  do {                                                                                             \
    float values[(high) * WIDTH * LANES];                                                          \
    NAME(screenTile)(high, values, FROM_ROW(block, row), K, weights, biases + column);             \
    NAME(screenRows)(l, first + (row), high, states + (row), lower + (row) * l->count, values,    \
                     bounds + panel * BOUNDS, column);                                             \
  } while (0)
      FOR_ROWS(rows, ROWS3, WIDTH, BODY);
#undef BODY
    }
    for (ptrdiff_t r = 0; r < rows; r++) NAME(finishRow)(l, first + r, states + r);
  }
}

#endif
