// What the recurrent steps of all cells share: a product whose tiles end in the gates.
//
// B rows of a batch at one time step, H hidden units, G gates; gate-major, [B, G, H]. A cell is a file of
// its own, simple.h, gru.h or lstm.h, with its equations forward and, below them, backward.
#pragma once

#include "matmul.h"

// Sums whose distance is below this have the slope of the tangent.
#if defined(SCALAR_IS_DOUBLE)
#define CLOSE ((SCALAR)1e-5)
#else
#define CLOSE ((SCALAR)1e-2)
#endif

// In place of a precision: the recurrent sums were computed before, row by row, gate by gate.
#define PRECOMPUTED ((CSentiKernels_Precision)-1)

// sums[r][v] += what the previous states give to the units of gate v, `gap` units behind gate v - 1.
INLINE void NAME(recurrentSums)(Vector sums[8][4], const int rows, const int V, ptrdiff_t H,
                                Operand previous, const SCALAR *panel, ptrdiff_t unit,
                                ptrdiff_t gap, ptrdiff_t width,
                                const CSentiKernels_Precision precision) {
  if (precision != PRECOMPUTED) {
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

// The projection of a row, G*H elements, of a step or of the chords of one.
#define projectionOf(step, row, G) projectionRow(step, row, (G) * (step)->hiddenSize)
#define projectionRow(step, row, width)                                                            \
  NAME(rowOf)((step)->projection, (step)->cachedProjection, (step)->cachedCount,                   \
              (step)->projectionRows ? (step)->projectionRows[row] : (row), width)
INLINE const SCALAR *NAME(rowOf)(const SCALAR *rows, const SCALAR *cached, ptrdiff_t cachedCount,
                                 ptrdiff_t row, ptrdiff_t width) {
  return row < cachedCount ? cached + row * width : rows + (row - cachedCount) * width;
}

// Asks for what a tile will read after its product: `vectors` lines of each row's projection, H apart.
INLINE void NAME(prefetchProjection)(const CSentiKernels_Step *step, const int rows, const int vectors,
                                   ptrdiff_t row, ptrdiff_t unit) {
  const ptrdiff_t H = step->hiddenSize;
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = projectionOf(step, row + r, vectors);
    UNROLL for (int v = 0; v < vectors; v++) __builtin_prefetch(x + v * H + unit);
  }
}

// Keeps four activations of `left` units of a row for the way back.
INLINE void NAME(cacheGates)(const CSentiKernels_Step *step, ptrdiff_t row, ptrdiff_t unit,
                       ptrdiff_t left, Vector a, Vector b, Vector c, Vector d) {
  const ptrdiff_t H = step->hiddenSize;
  SCALAR *saved = (SCALAR *)step->gateCache + row * 4 * H + unit;
  if (step->usesStreamingStores && H % LANES == 0) {
    NAME(streamingStore)(saved, a);
    NAME(streamingStore)(saved + H, b);
    NAME(streamingStore)(saved + 2 * H, c);
    NAME(streamingStore)(saved + 3 * H, d);
  } else {
    storeFirst(saved, a, left);
    storeFirst(saved + H, b, left);
    storeFirst(saved + 2 * H, c, left);
    storeFirst(saved + 3 * H, d, left);
  }
}

// The slope of a nonlinearity's chord between two sums, that of the tangent where they are so close that
// the difference of the outputs has lost its digits.
INLINE Vector NAME(chord)(Vector sum, Vector first, Vector rise, Vector tangent) {
  const Vector run = sum - first;
  return magnitude(run) < CLOSE ? tangent : rise / run;
}

INLINE Vector NAME(sigmoidChord)(Vector sum, Vector first, Vector y, Vector y0) {
  return NAME(chord)(sum, first, y - y0, (SCALAR)0.5 * (y * (1 - y) + y0 * (1 - y0)));
}

INLINE Vector NAME(tanhChord)(Vector sum, Vector first, Vector y, Vector y0) {
  return NAME(chord)(sum, first, y - y0, 1 - (SCALAR)0.5 * (y * y + y0 * y0));
}

INLINE Vector NAME(mean)(Vector a, Vector b) { return (SCALAR)0.5 * (a + b); }

// Adds a gate's gradient times what the row's projection differs from the first row's.
INLINE Vector NAME(addProducts)(Vector sum, Vector gradient, const SCALAR *x, const SCALAR *x0,
                                ptrdiff_t left) {
  return sum + gradient * (loadFirst(x, left) - loadFirst(x0, left));
}

// Defines the end of a tile: the gates of `count` rows from their sums, GROUP rows at a time. Apart,
// so that tiles of all heights and precisions share it. All LANES units are there, but for the last tile
// of a row, which alone asks.
#define GATES(name, gates, variant)                                                                \
  static __attribute__((noinline)) void NAME(name)(const CSentiKernels_Step *step,                 \
                                                   Vector sums[][4], int count, ptrdiff_t row,     \
                                                   ptrdiff_t unit) {                               \
    const ptrdiff_t left = step->hiddenSize - unit;                                                \
    for (; count > 0; count -= GROUP, sums += GROUP, row += GROUP) {                      \
      switch (MIN(count, GROUP)) {                                                              \
        GATES_OF(4, gates, variant)                                                                \
        GATES_OF(3, gates, variant)                                                                \
        GATES_OF(2, gates, variant)                                                                \
        GATES_OF(1, gates, variant)                                                                \
      }                                                                                            \
    }                                                                                              \
  }
#define GATES_OF(rows, gates, variant)                                                             \
  case rows:                                                                                       \
    if (left >= LANES) {                                                                           \
      NAME(gates)(step, sums, rows, row, unit, LANES, variant);                                    \
    } else {                                                                                       \
      NAME(gates)(step, sums, rows, row, unit, left, variant);                                     \
    }                                                                                              \
    break;

#define EACH_ROW UNROLL for (int r = 0; r < rows; r++)

// Hands over the sums of a tile V vectors wide; until then they lie in registers.
#define FINISH(gates, V)                                                                           \
  do {                                                                                             \
    Vector done_[8][4];                                                                            \
    EACH_ROW {                                                                                     \
      UNROLL for (int v = 0; v < (V); v++) done_[r][v] = sums[r][v];                               \
    }                                                                                              \
    NAME(gates)(step, done_, rows, row, unit);                                                     \
  } while (0)

// `left` units of the projection of gate `gate` of G.
INLINE Vector NAME(projected)(const CSentiKernels_Step *step, ptrdiff_t row, ptrdiff_t gate,
                              const ptrdiff_t G, ptrdiff_t unit, ptrdiff_t left) {
  return loadFirst(projectionOf(step, row, G) + gate * step->hiddenSize + unit, left);
}
#define projected NAME(projected)

// MARK: Steps

// Defines a step of G gates: panel by panel of hidden units, or with given sums row by row, as sums and
// projections lie.
#define STEP(name, G)                                                                              \
  INLINE void NAME(name##Pass)(const CSentiKernels_Step *step,                                     \
                               const CSentiKernels_Precision precision) {                          \
    const ptrdiff_t H = step->hiddenSize, vectors = panelVectors(H, G), first = 0;                 \
    const ptrdiff_t units = ((G) == 1 ? vectors : 1) * LANES;                                      \
    const ptrdiff_t width = columnCount(H, precision) * vectors * LANES;                           \
    const Operand previous =                                                                       \
        operand(step->previousHidden, H, step->rowCount, H, precision, step->quantizedStates);             \
    const SCALAR *panel = step->recurrentWeights, *next;                                           \
    for (ptrdiff_t unit = 0; unit < H; unit += units, panel = next) {                              \
      next = unit + units < H ? panel + width : step->recurrentWeights;                            \
      FOR_TILES(FOR_ROWS_OF_STEP, step->rowCount, vectors, name##Body);                            \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Given)(const CSentiKernels_Step *step) {                                  \
    const ptrdiff_t H = step->hiddenSize, vectors = panelVectors(H, G);                            \
    const ptrdiff_t units = ((G) == 1 ? vectors : 1) * LANES;                                      \
    const CSentiKernels_Precision precision = PRECOMPUTED;                                               \
    const SCALAR *panel = NULL, *next = NULL;                                                      \
    for (ptrdiff_t first = 0; first < step->rowCount; first++) {                                   \
      const ptrdiff_t row = step->sumRows ? step->sumRows[first] : first;                          \
      const Operand previous = {.rows = (const SCALAR *)step->sums + row * (G) * H};               \
      for (ptrdiff_t unit = 0; unit < H; unit += units) {                                          \
        if ((G) > 1 && first + 1 < step->rowCount) {                                               \
          NAME(prefetchProjection)(step, 1, G, first + 1, unit);                                     \
        }                                                                                          \
        FOR_TILES(FOR_ROWS, 1, vectors, name##Body);                                               \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Forward)(const CSentiKernels_Step *step) {                                \
    FLUSH_SUBNORMALS;                                                                              \
    if (step->recurrentWeights) {                                                                  \
      FOR_PRECISION(step->precision, name##Precision);                                             \
    } else {                                                                                       \
      NAME(name##Given)(step);                                                                     \
    }                                                                                              \
    if (step->usesStreamingStores) NAME(finishStreamingStores)();                                                     \
  }
#define PREVIOUS(row, rows, V)                                                                     \
  fromRow(previous, first + (row), rows, step->rowCount, next, (V) * LANES, H)
