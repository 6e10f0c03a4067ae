// The kernels, once for all instruction sets. Each is a file of its own, which defines SET, SCALAR,
// SCALAR_NAME, LANES (elements of a vector) and REGISTERS (vector registers) and includes this.

#include "CSentiKernels.h"

#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define JOIN_(a, b, c, d) a##_##b##_##c##_##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
#define NAME(name) JOIN(CSentiKernels, SET, SCALAR_NAME, name)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define MIN(a, b) ((a) < (b) ? (a) : (b))

#define ROWS3 (REGISTERS == 32 ? 8 : 3)
#define ROWS4 (REGISTERS == 32 ? 6 : 2)
#define REDUCTION_BLOCK 512

// Rows and columns whose greatest element is below this are taken for zero.
#define SMALLEST_SCALED 1e-30f

#include "vectors.h"
#include "packing.h"
#include "products.h"
#include "steps.h"
#include "stepsBackward.h"
#include "unfused.h"
#include "elements.h"
#include "optimizer.h"
#include "sequences.h"
#include "likeliest.h"

#define TABLE_(set, scalar) CSentiKernels_##set##_##scalar
#define TABLE(set, scalar) TABLE_(set, scalar)

const CSentiKernels_Table TABLE(SET, SCALAR_NAME) = {
    .packedCount = NAME(packedCount),
    .pack = NAME(pack),
    .roundedCount = NAME(roundedCount),
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
    .top = NAME(top),
    .sumOfSquares = NAME(sumOfSquares),
    .update = NAME(update),
    .activate = NAME(activate),
    .activateBackward = NAME(activateBackward),
    .normalize = NAME(normalize),
    .normalizeBackward = NAME(normalizeBackward),
    .resetForward = NAME(resetForward),
    .resetBackward = NAME(resetBackward),
    .addColumnProducts = NAME(addColumnProducts),
    .logSoftmax = NAME(logSoftmax),
    .crossEntropy = NAME(crossEntropy),
    .attention = NAME(attention),
    .attentionBackward = NAME(attentionBackward),
    .multiplyElements = NAME(multiplyElements),
#if !defined(SCALAR_IS_DOUBLE)
    .screenCount = NAME(screenCount),
    .makeScreen = NAME(makeScreen),
    .likeliestScratchCount = NAME(likeliestScratchCount),
    .likeliest = NAME(likeliest),
#endif
};
