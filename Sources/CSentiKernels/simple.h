// The simple recurrent cell of Elman, forward and backward; article: SimpleRNN.
//
//   x         [B, H]  input part of the gate, bias added      W  [H, H]
//   h, h'     [B, H]  state before and after
//
//   h' = act(x + W h)
//   da = dh' act'(h')        dh = da W, which is a product of its own
#pragma once

#include "cells.h"

// MARK: Forward

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

#define simpleBody(row, rows, V)                                                                   \
  NAME(simpleTile)(step, rows, V, first + (row), unit, PREVIOUS(row, rows, V), panel, precision)
#define simplePrecision(constant) NAME(simplePass)(step, constant)
STEP(simple, 1)

// MARK: Backward

// da = dh' act'(h'), for all rows of a step at once.
static void NAME(simpleBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t count = step->rowCount * step->hiddenSize;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector y = loadFirst((const SCALAR *)step->hidden + i, left);
    const Vector gradient = loadFirst((const SCALAR *)step->hiddenGradient + i, left);
    storeFirst((SCALAR *)step->inputGateGradient + i, gradient * NAME(slope)(y, step->activation),
               left);
  }
}
