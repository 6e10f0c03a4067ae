// Recurrent steps, forward: a product whose tiles end in the gates; a part of kernels.h.

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
INLINE void NAME(simpleTile)(const CSentiKernels_Step *step, const int rows, const int V,
                             ptrdiff_t row, ptrdiff_t column, Operand previous,
                             const SCALAR *panel, const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize;
  Vector sums[8][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < V; v++) sums[r][v] = splat(0);
  }
  recurrentSums(sums, rows, V, H, FROM_ROW(previous, row), panel, column, LANES, H, precision);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = (const SCALAR *)step->projection + PROJECTION(step, row + r) * H;
    SCALAR *hidden = (SCALAR *)step->hidden + (row + r) * H;
    UNROLL for (int v = 0; v < V; v++) {
      const ptrdiff_t unit = column + v * LANES, left = H - unit;
      if (left <= 0) break;
      const Vector sum = loadFirst(x + unit, left) + sums[r][v];
      storeFirst(hidden + unit, NAME(activated)(sum, step->activation), left);
    }
  }
}

// Keeps four activations of a row's units for the way back.
INLINE void NAME(save)(const CSentiKernels_Step *step, ptrdiff_t row, ptrdiff_t unit, Vector a,
                       Vector b, Vector c, Vector d) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  SCALAR *saved = (SCALAR *)step->saved + row * 4 * H + unit;
  if (step->savesAside && H % LANES == 0) {
    NAME(storeAside)(saved, a);
    NAME(storeAside)(saved + H, b);
    NAME(storeAside)(saved + 2 * H, c);
    NAME(storeAside)(saved + 3 * H, d);
  } else {
    storeFirst(saved, a, left);
    storeFirst(saved + H, b, left);
    storeFirst(saved + 2 * H, c, left);
    storeFirst(saved + 3 * H, d, left);
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
  if (precision != GIVEN) NAME(expectProjection)(step, rows, 3, row, unit);
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
    if (step->saved) NAME(save)(step, row + r, unit, reset, update, candidate, sums[r][2]);
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
  if (precision != GIVEN) NAME(expectProjection)(step, rows, 4, row, unit);
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
    if (step->saved) NAME(save)(step, row + r, unit, input, forget, candidate, output);
  }
}

// Defines a step of G gates: panel by panel of hidden units, or with given sums row by row, as sums and
// projections lie.
#define STEP(name, G)                                                                              \
  INLINE void NAME(name##Pass)(const CSentiKernels_Step *step,                                     \
                               const CSentiKernels_Precision precision) {                          \
    const ptrdiff_t H = step->hiddenSize, vectors = panelVectors(H, G), first = 0;                 \
    const ptrdiff_t units = ((G) == 1 ? vectors : 1) * LANES;                                      \
    const ptrdiff_t width = columnCount(H, precision) * vectors * LANES;                           \
    const Operand previous =                                                                       \
        operand(step->previousHidden, H, step->rowCount, H, precision, step->rounded);             \
    const SCALAR *panel = step->recurrentWeights;                                                  \
    for (ptrdiff_t unit = 0; unit < H; unit += units, panel += width) {                            \
      FOR_TILES(FOR_ROWS_OF_STEP, step->rowCount, vectors, name##Body);                            \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Given)(const CSentiKernels_Step *step) {                                  \
    const ptrdiff_t H = step->hiddenSize, vectors = panelVectors(H, G);                            \
    const ptrdiff_t units = ((G) == 1 ? vectors : 1) * LANES;                                      \
    const CSentiKernels_Precision precision = GIVEN;                                               \
    const SCALAR *panel = NULL;                                                                    \
    for (ptrdiff_t first = 0; first < step->rowCount; first++) {                                   \
      const ptrdiff_t row = step->sumRows ? step->sumRows[first] : first;                          \
      const Operand previous = {.rows = (const SCALAR *)step->sums + row * (G) * H};               \
      for (ptrdiff_t unit = 0; unit < H; unit += units) {                                          \
        if ((G) > 1 && first + 1 < step->rowCount) {                                               \
          NAME(expectProjection)(step, 1, G, first + 1, unit);                                     \
        }                                                                                          \
        FOR_TILES(FOR_ROWS, 1, vectors, name##Body);                                               \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Forward)(const CSentiKernels_Step *step) {                                \
    if (step->recurrentWeights) {                                                                  \
      FOR_PRECISION(step->precision, name##Precision);                                             \
    } else {                                                                                       \
      NAME(name##Given)(step);                                                                     \
    }                                                                                              \
    if (step->savesAside) NAME(finishAside)();                                                     \
  }

#define simpleBody(row, rows, V)                                                                   \
  NAME(simpleTile)(step, rows, V, first + (row), unit, previous, panel, precision)
#define gruBody(row, rows, V)                                                                      \
  NAME(gruTile)(step, rows, first + (row), unit, previous, panel, precision)
// Apart, so that the cell without peepholes does not ask for them between products.
#define lstmBody(row, rows, V)                                                                     \
  do {                                                                                             \
    if (step->peepholes) {                                                                         \
      NAME(lstmTile)(step, rows, first + (row), unit, previous, panel, precision, true);           \
    } else {                                                                                       \
      NAME(lstmTile)(step, rows, first + (row), unit, previous, panel, precision, false);          \
    }                                                                                              \
  } while (0)
#define simplePrecision(constant) NAME(simplePass)(step, constant)
#define gruPrecision(constant) NAME(gruPass)(step, constant)
#define lstmPrecision(constant) NAME(lstmPass)(step, constant)
STEP(simple, 1)
STEP(gru, 3)
STEP(lstm, 4)
