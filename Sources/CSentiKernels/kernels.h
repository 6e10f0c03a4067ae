// The kernels, once for all instruction sets; see base.h.

#include "attention.h"
#include "elementwise.h"
#include "gru.h"
#include "layer_norm.h"
#include "lstm.h"
#include "matmul.h"
#include "optimizer.h"
#include "pack.h"
#include "simple.h"
#include "softmax.h"
#include "topk.h"
#include "topk_softmax.h"

#define TABLE_(set, scalar) CSentiKernels_##set##_##scalar
#define TABLE(set, scalar) TABLE_(set, scalar)

const CSentiKernels_Table TABLE(SET, SCALAR_NAME) = {
    .packedCount = NAME(packedCount),
    .pack = NAME(pack),
    .quantizedCount = NAME(quantizedCount),
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
    .topKScratchCount = NAME(topKScratchCount),
    .topK = NAME(topK),
#endif
};
