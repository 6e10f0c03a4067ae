// Matrix products and recurrent steps for SentiTensor, one table of functions an instruction set.
//
// Shapes: M rows, N columns, K the reduced dimension; B rows of a batch at one time step; H hidden
// units; G gates. Matrices are row-major; `stride` is the distance between rows in elements.
//
// Every element of a product is one chain of multiply-adds over k = 0, 1, ..., K-1, whatever the
// number of rows: a row's result does not depend on the rows beside it.
//
// Subnormal numbers count as zero wherever something is computed.
//
// Nothing here allocates, keeps a pointer or checks a shape: SentiTensor's `Kernels` does that.
// All functions are reentrant.

#ifndef CSentiKernels_h
#define CSentiKernels_h

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#define CSENTI_NONNULL _Nonnull
#define CSENTI_NULLABLE _Nullable
#else
#define CSENTI_NONNULL
#define CSENTI_NULLABLE
#endif

// The rows of a product that are taken at once: they stay in the first-level cache with a panel.
enum { CSENTI_ROW_BLOCK = 64 };

// The element type of a table's arrays.
typedef enum CSentiKernels_Scalar {
  CSentiKernels_float32 = 0,
  CSentiKernels_float64 = 1,
} CSentiKernels_Scalar;

// The instruction sets, slowest first. `plain` is the compiler's baseline: SSE2, NEON or scalar.
typedef enum CSentiKernels_InstructionSet {
  CSentiKernels_plain = 0,
  CSentiKernels_avx2 = 1,
  CSentiKernels_avx512 = 2,
  CSentiKernels_avx512vnni = 3,
  CSentiKernels_avx512bf16 = 4,
} CSentiKernels_InstructionSet;

// How packed weights and the rows that they multiply are quantized; sums stay in single precision.
typedef enum CSentiKernels_Precision {
  CSentiKernels_full = 0,     // the table's element type
  CSentiKernels_bfloat16 = 1, // 8 bits of fraction, weights and rows
  CSentiKernels_integer8 = 2, // weights by a scale a column, rows by a scale a row; exact sums
} CSentiKernels_Precision;

// Nonlinearities; their derivatives are taken from the output.
typedef enum CSentiKernels_Activation {
  CSentiKernels_tanh = 0,
  CSentiKernels_relu = 1,        // max(0, x)
  CSentiKernels_elu = 2,         // x, below zero exp(x) - 1
  CSentiKernels_leakyRelu = 3,   // x, below zero 0.01 x
  CSentiKernels_sigmoid = 4,     // 1 / (1 + exp(-x))
  CSentiKernels_hardSigmoid = 5, // x / 6 + 1 / 2, within [0, 1]
  CSentiKernels_softsign = 6,    // x / (1 + |x|)
} CSentiKernels_Activation;

// One time step of a recurrent cell, forward. Arrays are [B, ...] and dense unless said.
typedef struct CSentiKernels_Step {
  ptrdiff_t rowCount;                            // B
  ptrdiff_t hiddenSize;                          // H
  const void *CSENTI_NONNULL projection;         // [*, G*H], input part of the gates, biases added
  const void *CSENTI_NONNULL cachedProjection;          // [T, G*H], the same, of inputs that are named first
  ptrdiff_t cachedCount;                      // T
  const int32_t *CSENTI_NULLABLE projectionRows; // [B], rows of `cachedProjection`, and from T on of
                                                 // `projection`; null: 0, 1, 2, ... without a table
  const void *CSENTI_NULLABLE recurrentWeights;  // packed with G gates; null: `sums` are given
  const void *CSENTI_NULLABLE sums;              // [*, G*H], recurrent part of the gates
  const int32_t *CSENTI_NULLABLE sumRows;        // [B], rows of `sums`; null: 0, 1, 2, ...
  CSentiKernels_Precision precision;             // of the weights
  void *CSENTI_NULLABLE quantizedStates;                // [B, quantizedCount(H)], scratch; null: full
  const void *CSENTI_NULLABLE candidateBias;     // [H], GRU: added before the reset gate
  bool resetsBeforeProduct;                      // GRU: given sums hold the reset already
  const void *CSENTI_NULLABLE peepholes;         // [3H], LSTM: input, forget, output; null: none
  const void *CSENTI_NONNULL previousHidden;     // [B, H]
  const void *CSENTI_NULLABLE previousCell;      // [B, H], LSTM
  void *CSENTI_NONNULL hidden;                   // [B, H], written
  void *CSENTI_NULLABLE cell;                    // [B, H], written, LSTM
  void *CSENTI_NULLABLE gateCache;                   // [B, 4H], written for backward; null: not kept
  bool usesStreamingStores;                               // past the caches; `gateCache` is aligned to 64 bytes
  bool cachesSums;                               // `gateCache` gets the gates' sums in place of activations
  CSentiKernels_Activation activation;           // simple cell
} CSentiKernels_Step;

// The inputs of a step whose backward pass takes chords between the first row and each row: the slope
// (f(a) - f(a0)) / (a - a0) in place of f'(a), and the mean of both rows in place of a factor.
typedef struct CSentiKernels_Chords {
  const void *CSENTI_NONNULL projection;         // the four as in `CSentiKernels_Step`
  const void *CSENTI_NONNULL cachedProjection;
  ptrdiff_t cachedCount;
  const int32_t *CSENTI_NULLABLE projectionRows;
  void *CSENTI_NULLABLE products;                // [B], written: a row's `inputGateGradient` times what its
                                                 // projection differs from the first row's; null: not wanted
} CSentiKernels_Chords;

// One time step of a recurrent cell, backward, without the product through the recurrent weights.
typedef struct CSentiKernels_StepGradient {
  ptrdiff_t rowCount;                          // B
  ptrdiff_t hiddenSize;                        // H
  const void *CSENTI_NULLABLE gateCache;           // [B, 4H], from forward
  const void *CSENTI_NONNULL previousHidden;   // [B, H]
  const void *CSENTI_NONNULL hidden;           // [B, H]
  const void *CSENTI_NULLABLE previousCell;    // [B, H], LSTM
  const void *CSENTI_NULLABLE cell;            // [B, H], LSTM
  const void *CSENTI_NULLABLE tanhCell;    // [B, H], LSTM: tanh of the normalized cell, whose
                                               // part of `cellGradient` is in it; null: plain
  bool resetsBeforeProduct;                    // GRU: the reset gate's gradient is left out
  const void *CSENTI_NULLABLE peepholes;       // [3H], LSTM; null: none
  const void *CSENTI_NONNULL hiddenGradient;   // [B, H]
  const void *CSENTI_NULLABLE cellGradient;    // [B, H], LSTM
  void *CSENTI_NONNULL previousHiddenGradient; // [B, H], the direct part is added
  void *CSENTI_NULLABLE previousCellGradient;  // [B, H], added, LSTM
  void *CSENTI_NONNULL inputGateGradient;      // [B, G*H], written
  void *CSENTI_NULLABLE recurrentGateGradient; // [B, G*H], written, GRU: differs by the reset gate
  CSentiKernels_Activation activation;         // simple cell
  const CSentiKernels_Chords *CSENTI_NULLABLE chords; // GRU, LSTM: slopes are those of chords; `gateCache`
                                               // holds sums; null: of tangents
} CSentiKernels_StepGradient;

// How a pass of an optimizer moves a parameter p by its gradient g, with the moments m and v:
// p = shrink * p - rate * step.
typedef enum CSentiKernels_Rule {
  CSentiKernels_descent = 0,  // step = g
  CSentiKernels_momentum = 1, // m = first * m + g, step = m
  CSentiKernels_nesterov = 2, // m = first * m + g, step = g + first * m
  CSentiKernels_rmsProp = 3,  // v = second * v + (1 - second) * g^2,
                              // m = first * m + g / (sqrt(v) + epsilon), step = m
  CSentiKernels_adam = 4,     // m = first * m + (1 - first) * g, v as above,
                              // step = m / (sqrt(v * secondScale) + epsilon)
} CSentiKernels_Rule;

// The settings of one pass of an optimizer.
typedef struct CSentiKernels_Update {
  CSentiKernels_Rule rule;
  double learningRate;  // Adam: with the bias correction of the first moment already applied
  double beta1;
  double beta2;
  double secondScale;   // Adam: 1 / (1 - second^t)
  double epsilon;
  double weightDecayFactor;  // 1 - learning rate * decoupled weight decay
  double gradientScale; // from clipping by the norm
  double gradientLimit; // scaled gradients beyond it are cut; infinity: none
} CSentiKernels_Update;

// What layer normalization reads: M rows of N elements, and a factor for each column.
typedef struct CSentiKernels_Rows {
  const void *CSENTI_NONNULL x; // [M, N]
  ptrdiff_t xStride;
  ptrdiff_t yStride; // of y or its gradient
  ptrdiff_t M;
  ptrdiff_t N;
  const void *CSENTI_NONNULL gain; // [N]
} CSentiKernels_Rows;

// Attention of R queries over the rows of packed sequences: weights are the softmax of the scores,
// a context is the weighted sum of values. Row j of sequence s is row offsets[j] + s of keys and
// values.
typedef struct CSentiKernels_Attention {
  ptrdiff_t rowCount;                       // R
  ptrdiff_t keySize;                        // A, of queries and keys
  ptrdiff_t valueSize;                      // S
  ptrdiff_t stride;                         // W, the greatest count
  const int32_t *CSENTI_NONNULL sequences;  // [R], the sequence that each query reads
  const int32_t *CSENTI_NONNULL counts;     // [R], how many rows that sequence has
  const int32_t *CSENTI_NONNULL offsets;    // [W]
  const void *CSENTI_NONNULL queries;       // [R, A]
  const void *CSENTI_NONNULL keys;          // [*, A]
  const void *CSENTI_NONNULL values;        // [*, S]
  const void *CSENTI_NULLABLE direction;    // [A], score = direction tanh(query + key); null:
  double scale;                             // score = scale * query key
  void *CSENTI_NONNULL weights;             // [R, W], written; zeros behind a sequence's end
  void *CSENTI_NONNULL context;             // [R, S], written
} CSentiKernels_Attention;

// The gradients of an attention.
typedef struct CSentiKernels_AttentionGradient {
  const void *CSENTI_NONNULL context;   // [R, S]
  void *CSENTI_NONNULL queries;         // [R, A], written
  void *CSENTI_NONNULL keys;            // [*, A], added
  void *CSENTI_NONNULL values;          // [*, S], added
  void *CSENTI_NULLABLE direction;      // [A], added
  void *CSENTI_NONNULL scratch;         // [W]
} CSentiKernels_AttentionGradient;

// The topK columns of softmax(bias + rows * weights^T), in single precision. With a screen the
// product over all N columns is in 8-bit integers; which columns are the greatest is exact, as are
// their products, and the sum of exponentials is where a column weighs much.
typedef struct CSentiKernels_TopK {
  ptrdiff_t M;
  ptrdiff_t N;
  ptrdiff_t K;
  ptrdiff_t count;                         // of columns of each row, at most N
  const void *CSENTI_NONNULL rows;         // [M, K]
  ptrdiff_t stride;                        // of rows
  const void *CSENTI_NONNULL weights;      // [N, K]
  const void *CSENTI_NONNULL bias;         // [N]
  const void *CSENTI_NONNULL screen;       // of these weights and biases
  void *CSENTI_NONNULL best;               // [M, count], written: logarithms of probabilities
  int32_t *CSENTI_NONNULL places;          // [M, count], written: columns; -1 where there is none
  const int32_t *CSENTI_NULLABLE required;   // [M], columns that are asked for besides; -1: none
  void *CSENTI_NULLABLE requiredValues;      // [M], written where a column is required
  void *CSENTI_NONNULL scratch;            // topKScratchCount(K, count)
} CSentiKernels_TopK;

typedef struct CSentiKernels_Table {
  // Elements of a packed [K, N] matrix whose columns fall into `gates` groups. A table of double
  // precision knows full precision only.
  ptrdiff_t (*CSENTI_NONNULL packedCount)(ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                                          CSentiKernels_Precision precision);

  // Packs element (k, n) from source[k * kStride + n * nStride]; they are finite.
  void (*CSENTI_NONNULL pack)(void *CSENTI_NONNULL packed, const void *CSENTI_NONNULL source,
                              ptrdiff_t kStride, ptrdiff_t nStride, ptrdiff_t K, ptrdiff_t N,
                              ptrdiff_t gates, CSentiKernels_Precision precision);

  // Elements of scratch for one quantized row of K; 0 in full precision.
  ptrdiff_t (*CSENTI_NONNULL quantizedCount)(ptrdiff_t K, CSentiKernels_Precision precision);

  // C [M, N] = bias + A [M, K] * packed [K, N] (gates = 1), or C += where `accumulates`. `scratch`
  // holds CSENTI_ROW_BLOCK quantized rows.
  void (*CSENTI_NONNULL multiply)(void *CSENTI_NONNULL C, ptrdiff_t cStride,
                                  const void *CSENTI_NONNULL A, ptrdiff_t aStride,
                                  const void *CSENTI_NONNULL packed, ptrdiff_t M, ptrdiff_t N,
                                  ptrdiff_t K, const void *CSENTI_NULLABLE bias, bool accumulates,
                                  CSentiKernels_Precision precision,
                                  void *CSENTI_NULLABLE scratch);

  // Elements of scratch that `multiplyTransposed` needs.
  ptrdiff_t (*CSENTI_NONNULL transposedScratchCount)(ptrdiff_t N);

  // C [M, N] += sum over k of A[k, :]^T * B[bRows[k], :]; bRows null: row k.
  void (*CSENTI_NONNULL multiplyTransposed)(void *CSENTI_NONNULL C, ptrdiff_t cStride,
                                            const void *CSENTI_NONNULL A, ptrdiff_t aStride,
                                            const void *CSENTI_NONNULL B, ptrdiff_t bStride,
                                            const int32_t *CSENTI_NULLABLE bRows, ptrdiff_t M,
                                            ptrdiff_t N, ptrdiff_t K,
                                            void *CSENTI_NONNULL scratch);

  void (*CSENTI_NONNULL simpleForward)(const CSentiKernels_Step *CSENTI_NONNULL step);
  void (*CSENTI_NONNULL gruForward)(const CSentiKernels_Step *CSENTI_NONNULL step);
  void (*CSENTI_NONNULL lstmForward)(const CSentiKernels_Step *CSENTI_NONNULL step);
  void (*CSENTI_NONNULL simpleBackward)(const CSentiKernels_StepGradient *CSENTI_NONNULL step);
  void (*CSENTI_NONNULL gruBackward)(const CSentiKernels_StepGradient *CSENTI_NONNULL step);
  void (*CSENTI_NONNULL lstmBackward)(const CSentiKernels_StepGradient *CSENTI_NONNULL step);

  // target[:] += sum of the rows of A [M, N], first row first.
  void (*CSENTI_NONNULL addColumnSums)(void *CSENTI_NONNULL target, const void *CSENTI_NONNULL A,
                                       ptrdiff_t aStride, ptrdiff_t M, ptrdiff_t N);

  // target[i] = target[i] * targetScale + source[i] * sourceScale.
  void (*CSENTI_NONNULL combine)(void *CSENTI_NONNULL target, double targetScale,
                                 const void *CSENTI_NONNULL source, double sourceScale,
                                 ptrdiff_t count);

  // best[i] = max(best[i], source[i]); where source is greater, bestRow[i] = row.
  void (*CSENTI_NONNULL maximum)(void *CSENTI_NONNULL best, int32_t *CSENTI_NULLABLE bestRow,
                                 const void *CSENTI_NONNULL source, int32_t firstRow,
                                 ptrdiff_t rows, ptrdiff_t width);

  // The `count` greatest elements of each row of values [rows, width], greatest first and of equal
  // ones the first first, with their columns: best, places [rows, count]. NaN and -infinity are
  // never among them; places that are left over hold -1.
  void (*CSENTI_NONNULL top)(void *CSENTI_NONNULL best, int32_t *CSENTI_NONNULL places,
                             const void *CSENTI_NONNULL values, ptrdiff_t rows, ptrdiff_t width,
                             ptrdiff_t count);

  // The sum of squares in double precision, 32 chains; NaN or infinity where an element is.
  double (*CSENTI_NONNULL sumOfSquares)(const void *CSENTI_NONNULL values, ptrdiff_t count);

  // One pass of an optimizer; moments that the rule does not name may be null.
  void (*CSENTI_NONNULL update)(void *CSENTI_NONNULL parameters,
                                const void *CSENTI_NONNULL gradients,
                                void *CSENTI_NULLABLE firstMoments,
                                void *CSENTI_NULLABLE secondMoments, ptrdiff_t count,
                                const CSentiKernels_Update *CSENTI_NONNULL settings);

  // values[i] = activation(values[i]), as the cells compute it.
  void (*CSENTI_NONNULL activate)(void *CSENTI_NONNULL values, ptrdiff_t count,
                                  CSentiKernels_Activation activation);

  // gradient[i] *= the activation's derivative where it gave outputs[i].
  void (*CSENTI_NONNULL activateBackward)(void *CSENTI_NONNULL gradient,
                                          const void *CSENTI_NONNULL outputs, ptrdiff_t count,
                                          CSentiKernels_Activation activation);

  // y = gain * (x - mean) / deviation + bias over each row of N elements; bias null: zeros.
  void (*CSENTI_NONNULL normalize)(const CSentiKernels_Rows *CSENTI_NONNULL rows,
                                   void *CSENTI_NONNULL y, const void *CSENTI_NULLABLE bias);

  // Turns the gradient of `normalize`'s y into that of x, in place; adds to the gradients of gain
  // and, unless null, bias.
  void (*CSENTI_NONNULL normalizeBackward)(const CSentiKernels_Rows *CSENTI_NONNULL rows,
                                           void *CSENTI_NONNULL gradient,
                                           void *CSENTI_NONNULL gainGradient,
                                           void *CSENTI_NULLABLE biasGradient);

  // GRU, reset gate before the product: gated [B, H] = sigmoid(x + sum of the reset gate) * h.
  void (*CSENTI_NONNULL resetForward)(const CSentiKernels_Step *CSENTI_NONNULL step,
                                      void *CSENTI_NONNULL gated);

  // The reset gate's gradient from that of `gated`, into the first H of each row of
  // `inputGateGradient`; adds to `previousHiddenGradient`.
  void (*CSENTI_NONNULL resetBackward)(const CSentiKernels_StepGradient *CSENTI_NONNULL step,
                                       const void *CSENTI_NONNULL gatedGradient);

  // target[n] += sum over m of A[m, n] * B[bRows[m], n].
  void (*CSENTI_NONNULL addColumnProducts)(void *CSENTI_NONNULL target,
                                           const void *CSENTI_NONNULL A, ptrdiff_t aStride,
                                           const void *CSENTI_NONNULL B, ptrdiff_t bStride,
                                           const int32_t *CSENTI_NULLABLE bRows, ptrdiff_t M,
                                           ptrdiff_t N);

  // Every row of [M, N], N > 0, becomes the logarithms of its softmax.
  void (*CSENTI_NONNULL logSoftmax)(void *CSENTI_NONNULL values, ptrdiff_t M, ptrdiff_t N);

  // Every row of logits [M, N], N > 0, becomes the gradient of `scale` times its cross-entropy with
  // a class, of whose probability the share `smoothing` is spread over all. Gives the row's loss in
  // nats, and the first of its greatest columns, or the class where that is one of them.
  void (*CSENTI_NONNULL crossEntropy)(void *CSENTI_NONNULL logits, ptrdiff_t M, ptrdiff_t N,
                                      const int32_t *CSENTI_NONNULL classes, double smoothing,
                                      double scale, double *CSENTI_NONNULL losses,
                                      int32_t *CSENTI_NULLABLE best);

  void (*CSENTI_NONNULL attention)(const CSentiKernels_Attention *CSENTI_NONNULL attention);
  void (*CSENTI_NONNULL attentionBackward)(
      const CSentiKernels_Attention *CSENTI_NONNULL attention,
      const CSentiKernels_AttentionGradient *CSENTI_NONNULL gradient);

  // target[i] *= source[i].
  void (*CSENTI_NONNULL multiplyElements)(void *CSENTI_NONNULL target,
                                          const void *CSENTI_NONNULL source, ptrdiff_t count);

  // Elements of a screen of weights [N, K]. Null in double precision, as are the next three.
  ptrdiff_t (*CSENTI_NULLABLE screenCount)(ptrdiff_t K, ptrdiff_t N);

  // Rounds finite weights [N, K] to 8-bit integers, and bounds by how much; `scratch` holds a quantized
  // row.
  void (*CSENTI_NULLABLE makeScreen)(void *CSENTI_NONNULL screen,
                                     const void *CSENTI_NONNULL weights,
                                     const void *CSENTI_NONNULL bias, ptrdiff_t K, ptrdiff_t N,
                                     void *CSENTI_NONNULL scratch);

  // Elements of scratch that `topK` needs.
  ptrdiff_t (*CSENTI_NULLABLE topKScratchCount)(ptrdiff_t K, ptrdiff_t count);

  void (*CSENTI_NULLABLE topK)(const CSentiKernels_TopK *CSENTI_NONNULL topK);
} CSentiKernels_Table;

// The table for an instruction set, or null where this machine or build does not have it.
const CSentiKernels_Table *CSENTI_NULLABLE CSentiKernels_table(CSentiKernels_Scalar scalar,
                                                               CSentiKernels_InstructionSet set);

// The fastest instruction set of this machine.
CSentiKernels_InstructionSet CSentiKernels_bestInstructionSet(void);

// Whether this build looks for accesses past the ends of memory.
bool CSentiKernels_isAddressSanitized(void);

#endif
