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

// The projection of a row, G*H elements.
INLINE const SCALAR *NAME(projectionOf)(const CSentiKernels_Step *step, ptrdiff_t row,
                                        const ptrdiff_t G) {
  const ptrdiff_t named = step->projectionRows ? step->projectionRows[row] : row;
  const ptrdiff_t own = named - step->tabulatedCount;
  const SCALAR *rows = own < 0 ? step->tabulated : step->projection;
  return rows + (own < 0 ? named : own) * G * step->hiddenSize;
}
#define projectionOf NAME(projectionOf)

// Asks for what a tile will read after its product: `vectors` lines of each row's projection, H apart.
INLINE void NAME(expectProjection)(const CSentiKernels_Step *step, const int rows, const int vectors,
                                   ptrdiff_t row, ptrdiff_t unit) {
  const ptrdiff_t H = step->hiddenSize;
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = projectionOf(step, row + r, vectors);
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
  recurrentSums(sums, rows, V, H, previous, panel, column, LANES, H, precision);
  UNROLL for (int r = 0; r < rows; r++) {
    const SCALAR *x = projectionOf(step, row + r, 1);
    SCALAR *hidden = (SCALAR *)step->hidden + (row + r) * H;
    UNROLL for (int v = 0; v < V; v++) {
      const ptrdiff_t unit = column + v * LANES, left = H - unit;
      if (left <= 0) break;
      const Vector sum = loadFirst(x + unit, left) + sums[r][v];
      storeFirst(hidden + unit, NAME(activated)(sum, step->activation), left);
    }
  }
}

// Keeps four activations of `left` units of a row for the way back.
INLINE void NAME(save)(const CSentiKernels_Step *step, ptrdiff_t row, ptrdiff_t unit,
                       ptrdiff_t left, Vector a, Vector b, Vector c, Vector d) {
  const ptrdiff_t H = step->hiddenSize;
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

// Defines the end of a tile: the gates of `count` rows from their sums, TOGETHER rows at a time. Apart,
// so that tiles of all heights and precisions share it. All LANES units are there, but for the last tile
// of a row, which alone asks.
#define GATES(name, gates, variant)                                                                \
  static __attribute__((noinline)) void NAME(name)(const CSentiKernels_Step *step,                 \
                                                   Vector sums[][4], int count, ptrdiff_t row,     \
                                                   ptrdiff_t unit) {                               \
    const ptrdiff_t left = step->hiddenSize - unit;                                                \
    for (; count > 0; count -= TOGETHER, sums += TOGETHER, row += TOGETHER) {                      \
      switch (MIN(count, TOGETHER)) {                                                              \
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

// r = sigmoid(xr + Ur h), z = sigmoid(xz + Uz h), n = tanh(xn + r (Un h + bn)),
// h' = n + z (h - n), for `left` units of at most TOGETHER rows; keeps r, z, n and Un h + bn. Given sums
// of a cell that resets before the product hold Un (r h), which r does not multiply again.
INLINE void NAME(gruGates)(const CSentiKernels_Step *step, Vector sums[][4], const int rows,
                           ptrdiff_t row, ptrdiff_t unit, ptrdiff_t left,
                           const bool resetsBefore) {
  const ptrdiff_t H = step->hiddenSize;
  Vector reset[TOGETHER], update[TOGETHER], candidate[TOGETHER];
  EACH_ROW reset[r] = projected(step, row + r, 0, 3, unit, left) + sums[r][0];
  EACH_ROW update[r] = projected(step, row + r, 1, 3, unit, left) + sums[r][1];
  vsigmoids(reset, rows);
  vsigmoids(update, rows);
  EACH_ROW {
    const Vector recurrent = resetsBefore ? sums[r][2] : reset[r] * sums[r][2];
    candidate[r] = projected(step, row + r, 2, 3, unit, left) + recurrent;
  }
  vtanhs(candidate, rows);
  EACH_ROW {
    const ptrdiff_t at = (row + r) * H + unit;
    const Vector h = loadFirst((const SCALAR *)step->previousHidden + at, left);
    storeFirst((SCALAR *)step->hidden + at, candidate[r] + update[r] * (h - candidate[r]), left);
  }
  if (!step->saved) return;
  EACH_ROW NAME(save)(step, row + r, unit, left, reset[r], update[r], candidate[r], sums[r][2]);
}

GATES(gruRows, gruGates, false)
GATES(gruResetRows, gruGates, true)

// A tile of a GRU's step: LANES units of all gates.
INLINE void NAME(gruTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                          ptrdiff_t unit, Operand previous, const SCALAR *panel,
                          const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  const bool resetsBefore = precision == GIVEN && step->resetsBeforeProduct;
  const Vector bias =
      resetsBefore ? splat(0) : loadFirst((const SCALAR *)step->candidateBias + unit, left);
  Vector sums[8][4];
  EACH_ROW {
    sums[r][0] = splat(0);
    sums[r][1] = splat(0);
    sums[r][2] = bias;
  }
  if (precision != GIVEN) NAME(expectProjection)(step, rows, 3, row, unit);
  recurrentSums(sums, rows, 3, H, previous, panel, unit, H, 3 * H, precision);
  if (resetsBefore) {
    FINISH(gruResetRows, 3);
  } else {
    FINISH(gruRows, 3);
  }
}

// i, f, o = sigmoid(x + U h), g = tanh(x + U h), c' = f c + i g, h' = o tanh(c'), for `left` units
// of at most TOGETHER rows; keeps i, f, g, o. With peepholes i and f also see c, and o sees c'.
INLINE void NAME(lstmGates)(const CSentiKernels_Step *step, Vector sums[][4], const int rows,
                            ptrdiff_t row, ptrdiff_t unit, ptrdiff_t left,
                            const bool hasPeepholes) {
  const ptrdiff_t H = step->hiddenSize, start = row * H + unit;
  const SCALAR *peepholes = step->peepholes;
  SCALAR *cells = (SCALAR *)step->cell + start, *states = (SCALAR *)step->hidden + start;
  Vector input[TOGETHER], forget[TOGETHER], candidate[TOGETHER], output[TOGETHER], cell[TOGETHER];
  EACH_ROW {
    cell[r] = loadFirst((const SCALAR *)step->previousCell + start + r * H, left);
    if (hasPeepholes) {
      sums[r][0] += loadFirst(peepholes + unit, left) * cell[r];
      sums[r][1] += loadFirst(peepholes + H + unit, left) * cell[r];
    }
    input[r] = projected(step, row + r, 0, 4, unit, left) + sums[r][0];
    forget[r] = projected(step, row + r, 1, 4, unit, left) + sums[r][1];
  }
  vsigmoids(forget, rows);
  vsigmoids(input, rows);
  EACH_ROW candidate[r] = projected(step, row + r, 2, 4, unit, left) + sums[r][2];
  vtanhs(candidate, rows);
  EACH_ROW {
    cell[r] = forget[r] * cell[r] + input[r] * candidate[r];
    storeFirst(cells + r * H, cell[r], left);
    if (hasPeepholes) sums[r][3] += loadFirst(peepholes + 2 * H + unit, left) * cell[r];
    output[r] = projected(step, row + r, 3, 4, unit, left) + sums[r][3];
  }
  vsigmoids(output, rows);
  vtanhs(cell, rows);
  EACH_ROW storeFirst(states + r * H, output[r] * cell[r], left);
  if (!step->saved) return;
  EACH_ROW NAME(save)(step, row + r, unit, left, input[r], forget[r], candidate[r], output[r]);
}

GATES(lstmRows, lstmGates, false)
GATES(lstmPeepholeRows, lstmGates, true)

// A tile of an LSTM's step: LANES units of all gates.
INLINE void NAME(lstmTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                           ptrdiff_t unit, Operand previous, const SCALAR *panel,
                           const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize;
  Vector sums[8][4];
  EACH_ROW {
    UNROLL for (int v = 0; v < 4; v++) sums[r][v] = splat(0);
  }
  if (precision != GIVEN) NAME(expectProjection)(step, rows, 4, row, unit);
  recurrentSums(sums, rows, 4, H, previous, panel, unit, H, 4 * H, precision);
  if (step->peepholes) {
    FINISH(lstmPeepholeRows, 4);
  } else {
    FINISH(lstmRows, 4);
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
    const SCALAR *panel = step->recurrentWeights, *next;                                           \
    for (ptrdiff_t unit = 0; unit < H; unit += units, panel = next) {                              \
      next = unit + units < H ? panel + width : step->recurrentWeights;                            \
      FOR_TILES(FOR_ROWS_OF_STEP, step->rowCount, vectors, name##Body);                            \
    }                                                                                              \
  }                                                                                                \
  static void NAME(name##Given)(const CSentiKernels_Step *step) {                                  \
    const ptrdiff_t H = step->hiddenSize, vectors = panelVectors(H, G);                            \
    const ptrdiff_t units = ((G) == 1 ? vectors : 1) * LANES;                                      \
    const CSentiKernels_Precision precision = GIVEN;                                               \
    const SCALAR *panel = NULL, *next = NULL;                                                      \
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
    FLUSH_SUBNORMALS;                                                                              \
    if (step->recurrentWeights) {                                                                  \
      FOR_PRECISION(step->precision, name##Precision);                                             \
    } else {                                                                                       \
      NAME(name##Given)(step);                                                                     \
    }                                                                                              \
    if (step->savesAside) NAME(finishAside)();                                                     \
  }

#define simpleBody(row, rows, V)                                                                   \
  NAME(simpleTile)(step, rows, V, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define gruBody(row, rows, V)                                                                      \
  NAME(gruTile)(step, rows, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define lstmBody(row, rows, V)                                                                     \
  NAME(lstmTile)(step, rows, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define PREVIOUS(row, rows, V)                                                                     \
  fromRow(previous, first + (row), rows, step->rowCount, next, (V) * LANES, H)
#define simplePrecision(constant) NAME(simplePass)(step, constant)
#define gruPrecision(constant) NAME(gruPass)(step, constant)
#define lstmPrecision(constant) NAME(lstmPass)(step, constant)
STEP(simple, 1)
STEP(gru, 3)
STEP(lstm, 4)
