// Matrix products and recurrent steps for SentiTensor, one table of functions an instruction set.
//
// Shapes: M rows, N columns, K the reduced dimension; B rows of a batch at one time step; H hidden
// units; G gates. Matrices are row-major; `stride` is the distance between rows in elements.
//
// Every element of a product is one chain of multiply-adds over k = 0, 1, ..., K-1, whatever the
// number of rows: a row's result does not depend on the rows beside it.
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

// How packed weights and the rows that they multiply are rounded; sums stay in single precision.
typedef enum CSentiKernels_Precision {
  CSentiKernels_full = 0,     // the table's element type
  CSentiKernels_bfloat16 = 1, // 8 bits of fraction, weights and rows
  CSentiKernels_integer8 = 2, // weights by a scale a column, rows by a scale a row; exact sums
} CSentiKernels_Precision;

// The nonlinearities of a simple recurrent cell; `derivative` is taken from the output.
typedef enum CSentiKernels_Activation {
  CSentiKernels_tanh = 0,
  CSentiKernels_relu = 1,
  CSentiKernels_elu = 2,
} CSentiKernels_Activation;

// One time step of a recurrent cell, forward. Arrays are [B, ...] and dense unless said.
typedef struct CSentiKernels_Step {
  ptrdiff_t rowCount;                            // B
  ptrdiff_t hiddenSize;                          // H
  const void *CSENTI_NONNULL projection;         // [*, G*H], input part of the gates, biases added
  const int32_t *CSENTI_NULLABLE projectionRows; // [B], rows of `projection`; null: 0, 1, 2, ...
  const void *CSENTI_NONNULL recurrentWeights;   // packed with G gates
  CSentiKernels_Precision precision;             // of the weights
  void *CSENTI_NULLABLE rounded;                 // [B, roundedCount(H)], scratch; null: full
  const void *CSENTI_NULLABLE candidateBias;     // [H], GRU: added before the reset gate
  const void *CSENTI_NONNULL previousHidden;     // [B, H]
  const void *CSENTI_NULLABLE previousCell;      // [B, H], LSTM
  void *CSENTI_NONNULL hidden;                   // [B, H], written
  void *CSENTI_NULLABLE cell;                    // [B, H], written, LSTM
  void *CSENTI_NULLABLE saved;                   // [B, 4H], written for backward; null: not kept
  CSentiKernels_Activation activation;           // simple cell
} CSentiKernels_Step;

// One time step of a recurrent cell, backward, without the product through the recurrent weights.
typedef struct CSentiKernels_StepGradient {
  ptrdiff_t rowCount;                          // B
  ptrdiff_t hiddenSize;                        // H
  const void *CSENTI_NULLABLE saved;           // [B, 4H], from forward
  const void *CSENTI_NONNULL previousHidden;   // [B, H]
  const void *CSENTI_NONNULL hidden;           // [B, H]
  const void *CSENTI_NULLABLE previousCell;    // [B, H], LSTM
  const void *CSENTI_NULLABLE cell;            // [B, H], LSTM
  const void *CSENTI_NONNULL hiddenGradient;   // [B, H]
  const void *CSENTI_NULLABLE cellGradient;    // [B, H], LSTM
  void *CSENTI_NONNULL previousHiddenGradient; // [B, H], the direct part is added
  void *CSENTI_NULLABLE previousCellGradient;  // [B, H], added, LSTM
  void *CSENTI_NONNULL inputGateGradient;      // [B, G*H], written
  void *CSENTI_NULLABLE recurrentGateGradient; // [B, G*H], written, GRU: differs by the reset gate
  CSentiKernels_Activation activation;         // simple cell
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
  double firstDecay;
  double secondDecay;
  double secondScale;   // Adam: 1 / (1 - second^t)
  double epsilon;
  double weightShrink;  // 1 - learning rate * decoupled weight decay
  double gradientScale; // from clipping by the norm
  double gradientLimit; // scaled gradients beyond it are cut; infinity: none
} CSentiKernels_Update;

typedef struct CSentiKernels_Table {
  // Elements of a packed [K, N] matrix whose columns fall into `gates` groups. A table of double
  // precision knows full precision only.
  ptrdiff_t (*CSENTI_NONNULL packedCount)(ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                                          CSentiKernels_Precision precision);

  // Packs element (k, n) from source[k * kStride + n * nStride]; they are finite.
  void (*CSENTI_NONNULL pack)(void *CSENTI_NONNULL packed, const void *CSENTI_NONNULL source,
                              ptrdiff_t kStride, ptrdiff_t nStride, ptrdiff_t K, ptrdiff_t N,
                              ptrdiff_t gates, CSentiKernels_Precision precision);

  // Elements of scratch for one rounded row of K; 0 in full precision.
  ptrdiff_t (*CSENTI_NONNULL roundedCount)(ptrdiff_t K, CSentiKernels_Precision precision);

  // C [M, N] = bias + A [M, K] * packed [K, N] (gates = 1), or C += where `accumulates`. `scratch`
  // holds CSENTI_ROW_BLOCK rounded rows.
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

  // The sum of squares in double precision, 32 chains; NaN or infinity where an element is.
  double (*CSENTI_NONNULL sumOfSquares)(const void *CSENTI_NONNULL values, ptrdiff_t count);

  // One pass of an optimizer; moments that the rule does not name may be null.
  void (*CSENTI_NONNULL update)(void *CSENTI_NONNULL parameters,
                                const void *CSENTI_NONNULL gradients,
                                void *CSENTI_NULLABLE firstMoments,
                                void *CSENTI_NULLABLE secondMoments, ptrdiff_t count,
                                const CSentiKernels_Update *CSENTI_NONNULL settings);

  // values[i] = tanh(values[i]) or the logistic sigmoid, as the cells compute them.
  void (*CSENTI_NONNULL tanhInPlace)(void *CSENTI_NONNULL values, ptrdiff_t count);
  void (*CSENTI_NONNULL sigmoidInPlace)(void *CSENTI_NONNULL values, ptrdiff_t count);
} CSentiKernels_Table;

// The table for an instruction set, or null where this machine or build does not have it.
const CSentiKernels_Table *CSENTI_NULLABLE CSentiKernels_table(CSentiKernels_Scalar scalar,
                                                               CSentiKernels_InstructionSet set);

// The fastest instruction set of this machine.
CSentiKernels_InstructionSet CSentiKernels_bestInstructionSet(void);

#endif
