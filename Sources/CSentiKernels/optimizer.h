// What an optimizer does with whole arenas.
#pragma once

#include "subnormals.h"

static double NAME(sumOfSquares)(const void *values, ptrdiff_t count) {
  FLUSH_SUBNORMALS;
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
  const SCALAR first = (SCALAR)settings->beta1, second = (SCALAR)settings->beta2;
  const SCALAR firstRest = (SCALAR)(1 - settings->beta1);
  const SCALAR secondRest = (SCALAR)(1 - settings->beta2);
  const SCALAR secondScale = (SCALAR)settings->secondScale;
  const SCALAR scale = (SCALAR)settings->gradientScale, shrink = (SCALAR)settings->weightDecayFactor;
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
  FLUSH_SUBNORMALS;
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
