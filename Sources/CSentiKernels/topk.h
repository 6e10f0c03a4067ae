// The greatest columns of each row of a matrix.
#pragma once

#include "vectors.h"

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
