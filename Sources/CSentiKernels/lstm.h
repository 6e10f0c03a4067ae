// Long short-term memory, forward and backward; article: LongShortTermMemory.
//
//   xi, xf, xg, xo  [B, H] each   input part of the gates, biases added, side by side
//   U               [4H, H]       recurrent weights; p [3H] are the peepholes of i, f and o
//   h, c, h', c'    [B, H] each   states before and after
//   i, f, g, o      [B, H] each   kept for backward, side by side
//
//   i = sigmoid(xi + Ui h + pi c)    f = sigmoid(xf + Uf h + pf c)    g = tanh(xg + Ug h)
//   c' = f c + i g                   o = sigmoid(xo + Uo h + po c')   h' = o tanh(c')
//
//   do = dh' tanh(c') o (1 - o)      dc' += dh' o (1 - tanh(c')^2) + po do
//   di = dc' g i (1 - i)             df = dc' c f (1 - f)             dg = dc' i (1 - g^2)
//   dc = dc' f + pi di + pf df       dh = (di, df, dg, do) U, a product of its own
#pragma once

#include "cells.h"

// MARK: Forward

// i, f, o = sigmoid(x + U h), g = tanh(x + U h), c' = f c + i g, h' = o tanh(c'), for `left` units
// of at most GROUP rows; keeps i, f, g, o. With peepholes i and f also see c, and o sees c'.
INLINE void NAME(lstmGates)(const CSentiKernels_Step *step, Vector sums[][4], const int rows,
                            ptrdiff_t row, ptrdiff_t unit, ptrdiff_t left,
                            const bool hasPeepholes) {
  const ptrdiff_t H = step->hiddenSize, start = row * H + unit;
  const SCALAR *peepholes = step->peepholes;
  SCALAR *cells = (SCALAR *)step->cell + start, *states = (SCALAR *)step->hidden + start;
  Vector input[GROUP], forget[GROUP], candidate[GROUP], output[GROUP], cell[GROUP];
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
  if (!step->gateCache) return;
  if (step->cachesSums) {
    EACH_ROW {
      input[r] = projected(step, row + r, 0, 4, unit, left) + sums[r][0];
      forget[r] = projected(step, row + r, 1, 4, unit, left) + sums[r][1];
      candidate[r] = projected(step, row + r, 2, 4, unit, left) + sums[r][2];
      output[r] = projected(step, row + r, 3, 4, unit, left) + sums[r][3];
    }
  }
  EACH_ROW NAME(cacheGates)(step, row + r, unit, left, input[r], forget[r], candidate[r], output[r]);
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
  if (precision != PRECOMPUTED) NAME(prefetchProjection)(step, rows, 4, row, unit);
  recurrentSums(sums, rows, 4, H, previous, panel, unit, H, 4 * H, precision);
  if (step->peepholes) {
    FINISH(lstmPeepholeRows, 4);
  } else {
    FINISH(lstmRows, 4);
  }
}

#define lstmBody(row, rows, V)                                                                     \
  NAME(lstmTile)(step, rows, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define lstmPrecision(constant) NAME(lstmPass)(step, constant)
STEP(lstm, 4)

// MARK: Backward

// The same by chords between the first row and each row, which keeps sums: i, f, g, o, tanh(c') and c
// stand for the means of both rows, and of f' for the slope of the chord.
static void NAME(lstmChords)(const CSentiKernels_StepGradient *step) {
  const CSentiKernels_Chords *chords = step->chords;
  const ptrdiff_t H = step->hiddenSize;
  const SCALAR *saved0 = step->gateCache, *peepholes = step->peepholes;
  const SCALAR *cells0 = step->cell, *previous0 = step->previousCell;
  const SCALAR *x0 = chords->products ? projectionRow(chords, 0, 4 * H) : saved0;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *x = chords->products ? projectionRow(chords, row, 4 * H) : saved0;
    SCALAR *gates = (SCALAR *)step->inputGateGradient + row * 4 * H;
    Vector products = splat(0);
    for (ptrdiff_t j = 0; j < H; j += LANES) {
      const ptrdiff_t left = H - j, at = row * H + j;
      Vector sum[4], sum0[4], y[4], y0[4], d[4];
      UNROLL for (int v = 0; v < 4; v++) {
        y[v] = sum[v] = loadFirst(saved0 + (4 * row + v) * H + j, left);
        y0[v] = sum0[v] = loadFirst(saved0 + v * H + j, left);
      }
      Vector squashed[4] = {sum[2], sum0[2], loadFirst(cells0 + at, left), loadFirst(cells0 + j, left)};
      const Vector cell = squashed[2], cell0 = squashed[3];
      vsigmoids(y, 4);
      vsigmoids(y0, 4);
      vtanhs(squashed, 4);
      y[2] = squashed[0];
      y0[2] = squashed[1];
      const Vector dh = loadFirst((const SCALAR *)step->hiddenGradient + at, left);
      Vector dc = loadFirst((const SCALAR *)step->cellGradient + at, left);
      dc += dh * NAME(mean)(y[3], y0[3]) * NAME(tanhChord)(cell, cell0, squashed[2], squashed[3]);
      d[3] = dh * NAME(mean)(squashed[2], squashed[3]) *
             NAME(sigmoidChord)(sum[3], sum0[3], y[3], y0[3]);
      if (peepholes) dc += d[3] * loadFirst(peepholes + 2 * H + j, left);
      const Vector previous =
          NAME(mean)(loadFirst(previous0 + at, left), loadFirst(previous0 + j, left));
      d[0] = dc * NAME(mean)(y[2], y0[2]) * NAME(sigmoidChord)(sum[0], sum0[0], y[0], y0[0]);
      d[1] = dc * previous * NAME(sigmoidChord)(sum[1], sum0[1], y[1], y0[1]);
      d[2] = dc * NAME(mean)(y[0], y0[0]) * NAME(tanhChord)(sum[2], sum0[2], y[2], y0[2]);
      UNROLL for (int v = 0; v < 4; v++) {
        storeFirst(gates + v * H + j, d[v], left);
        products = NAME(addProducts)(products, d[v], x + v * H + j, x0 + v * H + j, left);
      }
      SCALAR *below = (SCALAR *)step->previousCellGradient + at;
      Vector passed = loadFirst(below, left) + dc * NAME(mean)(y[1], y0[1]);
      if (peepholes) {
        passed += d[0] * loadFirst(peepholes + j, left);
        passed += d[1] * loadFirst(peepholes + H + j, left);
      }
      storeFirst(below, passed, left);
    }
    if (chords->products) ((SCALAR *)chords->products)[row] = sumOfLanes(products);
  }
}

static void NAME(lstmBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  if (step->chords) {
    NAME(lstmChords)(step);
    return;
  }
  const ptrdiff_t H = step->hiddenSize;
  const SCALAR *peepholes = step->peepholes;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->gateCache + row * 4 * H;
    SCALAR *gates = (SCALAR *)step->inputGateGradient + row * 4 * H;
    for (ptrdiff_t j = 0; j < H; j += LANES) {
      const ptrdiff_t left = H - j, at = row * H + j;
      const Vector i = loadFirst(saved + j, left), f = loadFirst(saved + H + j, left);
      const Vector g = loadFirst(saved + 2 * H + j, left), o = loadFirst(saved + 3 * H + j, left);
      const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
      const Vector dh = loadFirst((const SCALAR *)step->hiddenGradient + at, left);
      Vector dc = loadFirst((const SCALAR *)step->cellGradient + at, left), squashed;
      if (step->tanhCell) {
        squashed = loadFirst((const SCALAR *)step->tanhCell + at, left);
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
