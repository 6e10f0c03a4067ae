// The gated recurrent unit, forward and backward; article: GatedRecurrentUnit.
//
//   xr, xz, xn  [B, H] each   input part of the gates, biases added, side by side
//   Ur, Uz, Un  [H, H] each   recurrent weights; bn [H] is the candidate's recurrent bias
//   h, h'       [B, H]        state before and after
//   r, z, n, m  [B, H] each   kept for backward, side by side, m = Un h + bn
//
//   r = sigmoid(xr + Ur h)    z = sigmoid(xz + Uz h)    n = tanh(xn + r m)    h' = n + z (h - n)
//
//   dn = dh' (1 - z) (1 - n^2)          dz = dh' (h - n) z (1 - z)          dr = dn m r (1 - r)
//   dh = dh' z + (dr, dz, dn r) U, of which the product comes by itself
//
// A cell that resets before its product has m = Un (r h): its product waits for `resetForward`, and
// with d = dn Un its `resetBackward` gives dr = d h r (1 - r) and adds d r to dh.
#pragma once

#include "cells.h"

// MARK: Forward

// r = sigmoid(xr + Ur h), z = sigmoid(xz + Uz h), n = tanh(xn + r (Un h + bn)),
// h' = n + z (h - n), for `left` units of at most GROUP rows; keeps r, z, n and Un h + bn. Given sums
// of a cell that resets before the product hold Un (r h), which r does not multiply again.
INLINE void NAME(gruGates)(const CSentiKernels_Step *step, Vector sums[][4], const int rows,
                           ptrdiff_t row, ptrdiff_t unit, ptrdiff_t left,
                           const bool resetsBefore) {
  const ptrdiff_t H = step->hiddenSize;
  Vector reset[GROUP], update[GROUP], candidate[GROUP];
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
  if (!step->gateCache) return;
  if (step->cachesSums) {
    EACH_ROW {
      const Vector recurrent = resetsBefore ? sums[r][2] : reset[r] * sums[r][2];
      reset[r] = projected(step, row + r, 0, 3, unit, left) + sums[r][0];
      update[r] = projected(step, row + r, 1, 3, unit, left) + sums[r][1];
      candidate[r] = projected(step, row + r, 2, 3, unit, left) + recurrent;
    }
  }
  EACH_ROW NAME(cacheGates)(step, row + r, unit, left, reset[r], update[r], candidate[r], sums[r][2]);
}

GATES(gruRows, gruGates, false)
GATES(gruResetRows, gruGates, true)

// A tile of a GRU's step: LANES units of all gates.
INLINE void NAME(gruTile)(const CSentiKernels_Step *step, const int rows, ptrdiff_t row,
                          ptrdiff_t unit, Operand previous, const SCALAR *panel,
                          const CSentiKernels_Precision precision) {
  const ptrdiff_t H = step->hiddenSize, left = H - unit;
  const bool resetsBefore = precision == PRECOMPUTED && step->resetsBeforeProduct;
  const Vector bias =
      resetsBefore ? splat(0) : loadFirst((const SCALAR *)step->candidateBias + unit, left);
  Vector sums[8][4];
  EACH_ROW {
    sums[r][0] = splat(0);
    sums[r][1] = splat(0);
    sums[r][2] = bias;
  }
  if (precision != PRECOMPUTED) NAME(prefetchProjection)(step, rows, 3, row, unit);
  recurrentSums(sums, rows, 3, H, previous, panel, unit, H, 3 * H, precision);
  if (resetsBefore) {
    FINISH(gruResetRows, 3);
  } else {
    FINISH(gruRows, 3);
  }
}

#define gruBody(row, rows, V)                                                                      \
  NAME(gruTile)(step, rows, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define gruPrecision(constant) NAME(gruPass)(step, constant)
STEP(gru, 3)

static void NAME(resetForward)(const CSentiKernels_Step *step, void *gated) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *x = projectionOf(step, row, 3);
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i;
      const Vector sum = loadFirst((const SCALAR *)step->sums + row * 3 * H + i, left);
      const Vector h = loadFirst((const SCALAR *)step->previousHidden + row * H + i, left);
      storeFirst((SCALAR *)gated + row * H + i, vsigmoid(loadFirst(x + i, left) + sum) * h, left);
    }
  }
}

// MARK: Backward

// The same by chords between the first row and each row, which keeps sums: r, z, n, m and h stand for
// the means of both rows, and of f' for the slope of the chord.
static void NAME(gruChords)(const CSentiKernels_StepGradient *step) {
  const CSentiKernels_Chords *chords = step->chords;
  const ptrdiff_t H = step->hiddenSize;
  const SCALAR *saved0 = step->gateCache, *h0 = step->previousHidden;
  const SCALAR *x0 = chords->products ? projectionRow(chords, 0, 3 * H) : saved0;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = saved0 + row * 4 * H, *previous = h0 + row * H;
    const SCALAR *above = (const SCALAR *)step->hiddenGradient + row * H;
    const SCALAR *x = chords->products ? projectionRow(chords, row, 3 * H) : saved0;
    SCALAR *below = (SCALAR *)step->previousHiddenGradient + row * H;
    SCALAR *input = (SCALAR *)step->inputGateGradient + row * 3 * H;
    SCALAR *recurrent = (SCALAR *)step->recurrentGateGradient + row * 3 * H;
    Vector products = splat(0);
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i;
      const Vector ar = loadFirst(saved + i, left), ar0 = loadFirst(saved0 + i, left);
      const Vector az = loadFirst(saved + H + i, left), az0 = loadFirst(saved0 + H + i, left);
      const Vector an = loadFirst(saved + 2 * H + i, left), an0 = loadFirst(saved0 + 2 * H + i, left);
      Vector gates[4] = {ar, az, ar0, az0}, candidates[2] = {an, an0};
      vsigmoids(gates, 4);
      vtanhs(candidates, 2);
      const Vector r = NAME(mean)(gates[0], gates[2]), z = NAME(mean)(gates[1], gates[3]);
      const Vector n = NAME(mean)(candidates[0], candidates[1]);
      const Vector m = NAME(mean)(loadFirst(saved + 3 * H + i, left), loadFirst(saved0 + 3 * H + i, left));
      const Vector h = NAME(mean)(loadFirst(previous + i, left), loadFirst(h0 + i, left));
      const Vector dh = loadFirst(above + i, left);
      const Vector dn = dh * (1 - z) * NAME(tanhChord)(an, an0, candidates[0], candidates[1]);
      const Vector dz = dh * (h - n) * NAME(sigmoidChord)(az, az0, gates[1], gates[3]);
      const Vector dr = dn * m * NAME(sigmoidChord)(ar, ar0, gates[0], gates[2]);
      storeFirst(below + i, loadFirst(below + i, left) + dh * z, left);
      storeFirst(input + i, dr, left);
      storeFirst(input + H + i, dz, left);
      storeFirst(input + 2 * H + i, dn, left);
      storeFirst(recurrent + i, dr, left);
      storeFirst(recurrent + H + i, dz, left);
      storeFirst(recurrent + 2 * H + i, dn * r, left);
      products = NAME(addProducts)(products, dr, x + i, x0 + i, left);
      products = NAME(addProducts)(products, dz, x + H + i, x0 + H + i, left);
      products = NAME(addProducts)(products, dn, x + 2 * H + i, x0 + 2 * H + i, left);
    }
    if (chords->products) ((SCALAR *)chords->products)[row] = sumOfLanes(products);
  }
}

// dr, dz and dn on the input side; on the recurrent side the candidate's is dn r.
static void NAME(gruBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  if (step->chords) {
    NAME(gruChords)(step);
    return;
  }
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->gateCache + row * 4 * H;
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

static void NAME(resetBackward)(const CSentiKernels_StepGradient *step, const void *gatedGradient) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i, at = row * H + i;
      const Vector r = loadFirst((const SCALAR *)step->gateCache + row * 4 * H + i, left);
      const Vector h = loadFirst((const SCALAR *)step->previousHidden + at, left);
      const Vector d = loadFirst((const SCALAR *)gatedGradient + at, left);
      SCALAR *below = (SCALAR *)step->previousHiddenGradient + at;
      storeFirst((SCALAR *)step->inputGateGradient + row * 3 * H + i, d * h * r * (1 - r), left);
      storeFirst(below, loadFirst(below, left) + d * r, left);
    }
  }
}
