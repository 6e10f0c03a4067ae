// Runs the baseline's kernels through their table on seeded inputs and prints what they give, by
// which `run` compares two machines. What has to hold on each of them alone is checked here.

#include "support.h"

#define FULL CSentiKernels_full
#define HALVES CSentiKernels_bfloat16
#define INTEGERS CSentiKernels_integer8

static const char *const precisionNames[] = {"full", "bfloat16", "integer8"};
static const char *const activationNames[] = {"tanh",    "relu",        "elu",     "leakyRelu",
                                              "sigmoid", "hardSigmoid", "softsign"};

// A table of double precision knows full precision only.
static int precisionCount(void) { return elementSize == 4 ? 3 : 1; }

// MARK: Products

// Packed weights [K, N], column by column: with 32 registers panels may be wider than with 16.
static void showPacked(const void *packed, ptrdiff_t K, ptrdiff_t N, ptrdiff_t gates,
                       CSentiKernels_Precision precision) {
  const ptrdiff_t lanes = 16 / elementSize, columns = table->packedCount(1, N, gates, FULL);
  const ptrdiff_t rows = table->packedCount(K, N, gates, precision) / columns, H = N / gates;
  const ptrdiff_t narrow = (N + 3 * lanes - 1) / (3 * lanes) * 3 * lanes;
  const ptrdiff_t vectors = gates > 1 ? gates : columns == narrow ? 3 : 4, width = vectors * lanes;
  void *all = unwritten(N * rows);
  for (ptrdiff_t n = 0; n < N; n++) {
    const ptrdiff_t gate = n / H, unit = n % H;
    const ptrdiff_t panel = gates > 1 ? unit / lanes : n / width;
    const ptrdiff_t place = gates > 1 ? gate * lanes + unit % lanes : n % width;
    for (ptrdiff_t row = 0; row < rows; row++) {
      const void *element = from(packed, (panel * rows + row) * width + place);
      memcpy(from(all, n * rows + row), element, (size_t)elementSize);
    }
  }
  if (elementSize == 4) {
    showWords("packed", all, N * rows);
  } else {
    show("packed", all, N * rows, EXACT);
  }
}

// Weights [K, N] as packed.
static void *packedWeights(const void *weights, ptrdiff_t kStride, ptrdiff_t nStride, ptrdiff_t K,
                           ptrdiff_t N, ptrdiff_t gates, CSentiKernels_Precision precision) {
  void *packed = unwritten(table->packedCount(K, N, gates, precision));
  RUN(table->pack(packed, weights, kStride, nStride, K, N, gates, precision));
  return packed;
}

// C [M, N] = bias + A [M, K] * B [K, N]. Products of bfloat16 numbers are exact in single
// precision, and so are sums of integers: whether a product is rounded before it is added is the
// same then.
static void runProduct(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, CSentiKernels_Precision precision) {
  begin("product %s M=%td N=%td K=%td", precisionNames[precision], M, N, K);
  const ptrdiff_t rounded = table->roundedCount(K, precision);
  void *packed = packedWeights(drawn(K * N, 1), N, 1, K, N, 1, precision);
  void *A = drawn(M * K, 1), *C = unwritten(M * N), *bias = drawn(N, 1);
  void *scratch = unwritten(CSENTI_ROW_BLOCK * rounded), *alone = unwritten(N);
  showPacked(packed, K, N, 1, precision);
  RUN(table->multiply(C, N, A, K, packed, M, N, K, NULL, false, precision, scratch));
  if (precision != FULL) showWords("rounded rows", scratch, M % CSENTI_ROW_BLOCK * rounded);
  show("without bias", C, M * N, precision == FULL ? CLOSE : EXACT);
  RUN(table->multiply(C, N, A, K, packed, M, N, K, bias, false, precision, scratch));
  show("with bias", C, M * N, precision == HALVES ? EXACT : CLOSE);
  for (ptrdiff_t m = 0; m < M; m++) {
    RUN(table->multiply(alone, N, from(A, m * K), K, packed, 1, N, K, bias, false, precision,
                        scratch));
    expectSame("the product", m, alone, C, N);
  }
  RUN(table->multiply(C, N, A, K, packed, M, N, K, NULL, true, precision, scratch));
  show("added", C, M * N, precision == HALVES ? EXACT : CLOSE);
}

// C [M, N] += A [K, M]^T * B [K, N].
static void runTransposed(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K) {
  begin("transposed product M=%td N=%td K=%td", M, N, K);
  void *C = drawn(M * N, 1), *scratch = unwritten(table->transposedScratchCount(N));
  void *A = drawn(K * M, 1), *B = drawn(K * N, 1);
  RUN(table->multiplyTransposed(C, N, A, M, B, N, NULL, M, N, K, scratch));
  show("all rows", C, M * N, CLOSE);
  RUN(table->multiplyTransposed(C, N, A, M, B, N, drawnIntegers(K, (int32_t)K), M, N, K, scratch));
  show("named rows", C, M * N, CLOSE);
}

// MARK: Steps

typedef enum Kind { SIMPLE = 1, GRU = 3, LSTM = 4 } Kind; // by their gates
static const Kind kinds[] = {SIMPLE, GRU, LSTM};
static const char *const kindNames[] = {"", "simple", "", "GRU", "LSTM"};

static void runForward(Kind kind, const CSentiKernels_Step *step) {
  RUN((kind == SIMPLE ? table->simpleForward
       : kind == GRU  ? table->gruForward
                      : table->lstmForward)(step));
}

static void showForward(Kind kind, const CSentiKernels_Step *step) {
  const ptrdiff_t count = step->rowCount * step->hiddenSize;
  show("hidden", step->hidden, count, CLOSE);
  if (kind == LSTM) show("cell", step->cell, count, CLOSE);
  if (kind != SIMPLE) show("saved", step->saved, 4 * count, CLOSE);
}

// Runs each row of a step that was run alone.
static void runRowsAlone(Kind kind, const CSentiKernels_Step *step) {
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    CSentiKernels_Step alone = *step;
    alone.rowCount = 1;
    alone.projectionRows = step->projectionRows + row;
    alone.previousHidden = from(step->previousHidden, row * H);
    alone.previousCell = from(step->previousCell, row * H);
    alone.hidden = unwritten(H);
    alone.cell = unwritten(H);
    alone.saved = unwritten(4 * H);
    runForward(kind, &alone);
    expectSame("hidden", row, alone.hidden, step->hidden, H);
    if (kind == LSTM) expectSame("cell", row, alone.cell, step->cell, H);
    if (kind != SIMPLE) expectSame("saved", row, alone.saved, step->saved, 4 * H);
  }
}

// The way back from a step.
static void runBackward(Kind kind, const CSentiKernels_Step *step) {
  const ptrdiff_t count = step->rowCount * step->hiddenSize;
  const CSentiKernels_StepGradient gradient = {
      .rowCount = step->rowCount,
      .hiddenSize = step->hiddenSize,
      .saved = step->saved,
      .previousHidden = step->previousHidden,
      .hidden = step->hidden,
      .previousCell = step->previousCell,
      .cell = step->cell,
      .resetsBeforeProduct = step->resetsBeforeProduct,
      .peepholes = step->peepholes,
      .hiddenGradient = drawn(count, 1),
      .cellGradient = drawn(count, 1),
      .previousHiddenGradient = drawn(count, 1),
      .previousCellGradient = drawn(count, 1),
      .inputGateGradient = zeros(kind * count),
      .recurrentGateGradient = zeros(kind * count),
  };
  if (kind == SIMPLE) RUN(table->simpleBackward(&gradient));
  if (kind == GRU) RUN(table->gruBackward(&gradient));
  if (kind == LSTM) RUN(table->lstmBackward(&gradient));
  if (step->resetsBeforeProduct) RUN(table->resetBackward(&gradient, drawn(count, 1)));
  show("previous hidden gradient", gradient.previousHiddenGradient, count, CLOSE);
  show("previous cell gradient", gradient.previousCellGradient, count, CLOSE);
  show("input gate gradient", gradient.inputGateGradient, kind * count, CLOSE);
  show("recurrent gate gradient", gradient.recurrentGateGradient, kind * count, CLOSE);
}

// A step of `rows` rows [B] and H units, without weights.
static CSentiKernels_Step makeStep(Kind kind, ptrdiff_t B, ptrdiff_t H) {
  return (CSentiKernels_Step){
      .rowCount = B,
      .hiddenSize = H,
      .projection = drawn(B * kind * H, 2),
      .tabulated = drawn(2 * kind * H, 2),
      .tabulatedCount = 2,
      .projectionRows = drawnIntegers(B, (int32_t)B + 2),
      .candidateBias = drawn(H, 1),
      .peepholes = kind == LSTM && B % 2 == 1 ? drawn(3 * H, 1) : NULL,
      .previousHidden = drawn(B * H, 1),
      .previousCell = drawn(B * H, 2),
      .hidden = unwritten(B * H),
      .cell = unwritten(B * H),
      .saved = unwritten(B * 4 * H),
      .savesAside = true,
  };
}

static void runStep(Kind kind, ptrdiff_t B, ptrdiff_t H, CSentiKernels_Precision precision) {
  begin("%s %s B=%td H=%td", kindNames[kind], precisionNames[precision], B, H);
  CSentiKernels_Step step = makeStep(kind, B, H);
  // Of PyTorch's shape [G*H, H].
  step.recurrentWeights =
      packedWeights(drawn(kind * H * H, 0.25), 1, H, H, kind * H, kind, precision);
  step.precision = precision;
  step.rounded = unwritten(B * table->roundedCount(H, precision));
  if (B == 1) showPacked(step.recurrentWeights, H, kind * H, kind, precision);
  runForward(kind, &step);
  showForward(kind, &step);
  runRowsAlone(kind, &step);
  if (precision == FULL) runBackward(kind, &step);
}

// A step whose recurrent sums are given; a GRU resets before its product.
static void runGivenSums(Kind kind, ptrdiff_t B, ptrdiff_t H) {
  begin("%s of given sums B=%td H=%td", kindNames[kind], B, H);
  CSentiKernels_Step step = makeStep(kind, B, H);
  step.sums = drawn(B * kind * H, 2);
  step.resetsBeforeProduct = kind == GRU;
  if (kind == GRU) {
    void *gated = unwritten(B * H);
    RUN(table->resetForward(&step, gated));
    show("reset state", gated, B * H, CLOSE);
  }
  step.sumRows = drawnIntegers(B, (int32_t)B);
  runForward(kind, &step);
  showForward(kind, &step);
  runBackward(kind, &step);
}

// MARK: Elements and rows

static void runElements(ptrdiff_t M, ptrdiff_t N) {
  begin("elements M=%td N=%td", M, N);
  const ptrdiff_t count = M * N;
  void *x = drawn(count, 3), *y = drawn(count, 3), *sum = drawn(N, 1);
  RUN(table->multiplyElements(y, x, count));
  show("products", y, count, EXACT);
  RUN(table->combine(y, 0.7, x, -0.3, count));
  show("combined", y, count, CLOSE);
  RUN(table->addColumnSums(sum, x, N, M, N));
  show("column sums", sum, N, EXACT);
  RUN(table->addColumnProducts(sum, x, N, y, N, drawnIntegers(M, (int32_t)M), M, N));
  show("column products", sum, N, CLOSE);
  const double squares = table->sumOfSquares(x, count);
  showSized("sum of squares", &squares, 1, 8, CLOSE);

  int32_t *rows = drawnIntegers(count, 100), *places = drawnIntegers(3 * M, 1);
  void *best = drawn(count, 1), *top = unwritten(3 * M);
  RUN(table->maximum(best, rows, x, 100, M, N));
  show("maxima", best, count, EXACT);
  showWords("their rows", rows, count);
  RUN(table->top(top, places, x, M, N, 3));
  show("greatest", top, 3 * M, EXACT);
  showWords("their places", places, 3 * M);
}

static void runActivations(ptrdiff_t count) {
  for (CSentiKernels_Activation i = CSentiKernels_tanh; i <= CSentiKernels_softsign; i++) {
    begin("%s of %td", activationNames[i], count);
    void *y = drawn(count, 5), *gradient = drawn(count, 1);
    RUN(table->activate(y, count, i));
    show("outputs", y, count, CLOSE);
    RUN(table->activateBackward(gradient, y, count, i));
    show("gradient", gradient, count, CLOSE);
  }
}

static void runUpdates(ptrdiff_t count) {
  for (CSentiKernels_Rule rule = CSentiKernels_descent; rule <= CSentiKernels_adam; rule++) {
    begin("update by rule %d of %td", (int)rule, count);
    void *p = drawn(count, 1), *m = drawn(count, 0.1), *v = repeated(0.01, count);
    const CSentiKernels_Update settings = {rule, 0.01, 0.9, 0.999, 1.5, 1e-8, 0.999, 0.5, 0.25};
    RUN(table->update(p, drawn(count, 1), m, v, count, &settings));
    show("parameters", p, count, CLOSE);
    show("first moments", m, count, CLOSE);
    show("second moments", v, count, CLOSE);
  }
}

static void runNormalization(ptrdiff_t M, ptrdiff_t N) {
  begin("normalization M=%td N=%td", M, N);
  const CSentiKernels_Rows rows = {drawn(M * N, 2), N, N, M, N, drawn(N, 1)};
  void *y = unwritten(M * N), *dy = drawn(M * N, 1), *dGain = zeros(N), *dBias = zeros(N);
  RUN(table->normalize(&rows, y, drawn(N, 1)));
  show("outputs", y, M * N, CLOSE);
  RUN(table->normalizeBackward(&rows, dy, dGain, dBias));
  show("gradient", dy, M * N, CLOSE);
  show("gain's gradient", dGain, N, CLOSE);
  show("bias's gradient", dBias, N, CLOSE);
}

// MARK: Softmax and attention

static void runSoftmax(ptrdiff_t M, ptrdiff_t N) {
  begin("softmax M=%td N=%td", M, N);
  void *x = drawn(M * N, 8), *y = unwritten(M * N);
  memcpy(y, x, (size_t)(M * N * elementSize));
  RUN(table->logSoftmax(y, M, N));
  show("logarithms", y, M * N, CLOSE);
  for (ptrdiff_t m = 0; m < M; m++) {
    void *alone = unwritten(N);
    memcpy(alone, from(x, m * N), (size_t)(N * elementSize));
    RUN(table->logSoftmax(alone, 1, N));
    expectSame("logarithms", m, alone, y, N);
  }
  for (int isSmooth = 0; isSmooth < 2; isSmooth++) {
    memcpy(y, x, (size_t)(M * N * elementSize));
    double *losses = allocate(8 * M);
    int32_t *best = drawnIntegers(M, 1);
    RUN(table->crossEntropy(y, M, N, drawnIntegers(M, (int32_t)N), isSmooth ? 0.1 : 0, 0.5, losses,
                            best));
    show("gradient", y, M * N, CLOSE);
    showSized("losses", losses, M, 8, CLOSE);
    showWords("likeliest", best, M);
  }
}

// R queries of three sequences of 5, 4 and no rows.
static void runAttention(ptrdiff_t R, ptrdiff_t A, bool isAdditive) {
  enum { W = 5, ROWS = 9 };
  static const int32_t lengths[] = {5, 4, 0}, offsets[W] = {0, 2, 4, 6, 8};
  begin("attention %s R=%td A=%td", isAdditive ? "additive" : "by products", R, A);
  const ptrdiff_t S = A + 1;
  int32_t *sequences = drawnIntegers(R, 1), *counts = drawnIntegers(R, 1);
  for (ptrdiff_t r = 0; r < R; r++) counts[r] = lengths[sequences[r] = (int32_t)(r * 3 / R)];
  const CSentiKernels_Attention all = {
      R, A, S, W, sequences, counts, offsets, drawn(R * A, 1), drawn(ROWS * A, 1),
      drawn(ROWS * S, 1), isAdditive ? drawn(A, 1) : NULL, 0.5, unwritten(R * W), unwritten(R * S)};
  RUN(table->attention(&all));
  show("weights", all.weights, R * W, CLOSE);
  show("context", all.context, R * S, CLOSE);
  for (ptrdiff_t r = 0; r < R; r++) {
    CSentiKernels_Attention alone = all;
    alone.rowCount = 1;
    alone.sequences += r;
    alone.counts += r;
    alone.queries = from(all.queries, r * A);
    alone.weights = unwritten(W);
    alone.context = unwritten(S);
    RUN(table->attention(&alone));
    expectSame("weights", r, alone.weights, all.weights, W);
    expectSame("context", r, alone.context, all.context, S);
  }
  const CSentiKernels_AttentionGradient gradient = {
      drawn(R * S, 1), unwritten(R * A), zeros(ROWS * A), zeros(ROWS * S), zeros(A), unwritten(W)};
  RUN(table->attentionBackward(&all, &gradient));
  show("queries' gradient", gradient.queries, R * A, CLOSE);
  show("keys' gradient", gradient.keys, ROWS * A, CLOSE);
  show("values' gradient", gradient.values, ROWS * S, CLOSE);
  show("direction's gradient", gradient.direction, A, CLOSE);
}

static void runLikeliest(ptrdiff_t M, ptrdiff_t K) {
  enum { N = 301, COUNT = 3 };
  if (!table->likeliest) return;
  begin("likeliest M=%td K=%td", M, K);
  void *weights = drawn(N * K, 1), *bias = drawn(N, 1);
  void *screen = unwritten(table->screenCount(K, N));
  RUN(table->makeScreen(screen, weights, bias, K, N, unwritten(table->roundedCount(K, INTEGERS))));
  int32_t *wanted = drawnIntegers(M, N), *places = drawnIntegers(COUNT * M, 1);
  const CSentiKernels_Likeliest all = {
      M, N, K, COUNT, drawn(M * K, 1), K, weights, bias, screen, unwritten(COUNT * M), places,
      wanted, unwritten(M), unwritten(table->likeliestScratchCount(K, COUNT))};
  RUN(table->likeliest(&all));
  show("logarithms", all.best, COUNT * M, CLOSE);
  showWords("places", places, COUNT * M);
  show("logarithms that are asked for", all.wantedValues, M, CLOSE);
  for (ptrdiff_t m = 0; m < M; m++) {
    CSentiKernels_Likeliest alone = all;
    alone.M = 1;
    alone.rows = from(all.rows, m * K);
    alone.best = unwritten(COUNT);
    alone.places = drawnIntegers(COUNT, 1);
    alone.wanted += m;
    alone.wantedValues = unwritten(1);
    RUN(table->likeliest(&alone));
    expectSame("logarithms", m, alone.best, all.best, COUNT);
    expectSame("places", m, alone.places, places, COUNT);
    expectSame("logarithm that is asked for", m, alone.wantedValues, all.wantedValues, 1);
  }
}

// MARK: Edges of the number range

// What is not a finite number, or far from 0, goes through as on the other machine.
static void runExtremes(void) {
  static const double values[] = {NAN, INFINITY, -INFINITY, 1e30, -1e30, 89, -89, 1e-9, -0.0};
  enum { COUNT = sizeof values / sizeof *values };
  for (CSentiKernels_Activation i = CSentiKernels_tanh; i <= CSentiKernels_softsign; i++) {
    begin("%s of extremes", activationNames[i]);
    mayBeNaN = true;
    void *x = zeros(COUNT);
    for (int j = 0; j < COUNT; j++) setValue(x, j, values[j]);
    RUN(table->activate(x, COUNT, i));
    show("outputs", x, COUNT, CLOSE);
  }
  for (int first = 0; first < 3; first++) {
    begin("softmax of extremes from %d on", first);
    void *x = zeros(COUNT);
    for (int j = first; j < COUNT; j++) setValue(x, j - first, values[j]);
    RUN(table->logSoftmax(x, 1, COUNT - first));
    show("logarithms", x, COUNT - first, CLOSE);
  }
  for (int i = 0; i < precisionCount(); i++) {
    begin("product %s of extremes", precisionNames[i]);
    void *A = drawn(COUNT * COUNT, 1), *C = unwritten(COUNT * COUNT);
    for (int j = 0; j < COUNT; j++) setValue(A, j * COUNT + j, values[j]);
    const CSentiKernels_Precision precision = (CSentiKernels_Precision)i;
    void *packed = packedWeights(drawn(COUNT * COUNT, 1), COUNT, 1, COUNT, COUNT, 1, precision);
    RUN(table->multiply(C, COUNT, A, COUNT, packed, COUNT, COUNT, COUNT, NULL, false, precision,
                        unwritten(CSENTI_ROW_BLOCK * table->roundedCount(COUNT, precision))));
    show("product", C, COUNT * COUNT, CLOSE);
  }
  mayBeNaN = false;
}

// Numbers below the smallest normal one are zero: those that come in, and products of `small` ones.
static void runSubnormals(ptrdiff_t N) {
  begin("subnormals N=%td", N);
  void *tiny = subnormals(N), *ones = repeated(1, N), *sum = zeros(N), *C = zeros(N * N);
  void *small = repeated(elementSize == 4 ? 1e-20 : 1e-160, N);
  RUN(table->combine(sum, 1, tiny, 1, N));
  RUN(table->addColumnSums(sum, tiny, N, 1, N));
  RUN(table->addColumnProducts(sum, small, N, small, N, NULL, 1, N));
  expectZeros("a sum", sum, N);
  if (table->sumOfSquares(tiny, N) != 0) fail("the sum of squares is not zero");
  RUN(table->multiplyElements(sum, tiny, N));
  expectZeros("a product of elements", sum, N);
  const void *factors[][2] = {{tiny, ones}, {ones, tiny}, {small, small}};
  for (int i = 0; i < 3; i++) {
    RUN(table->multiplyTransposed(C, N, factors[i][0], N, factors[i][1], N, NULL, N, N, 1,
                                  unwritten(table->transposedScratchCount(N))));
    expectZeros("a transposed product", C, N * N);
    for (int j = 0; j < precisionCount(); j++) {
      const CSentiKernels_Precision precision = (CSentiKernels_Precision)j;
      void *packed = packedWeights(factors[i][1], N, 1, 1, N, 1, precision);
      RUN(table->multiply(C, N, factors[i][0], 1, packed, N, N, 1, NULL, false, precision,
                          unwritten(CSENTI_ROW_BLOCK * table->roundedCount(1, precision))));
      expectZeros(precisionNames[j], C, N * N);
    }
  }
  const CSentiKernels_StepGradient gradient = {
      .rowCount = 1, .hiddenSize = N, .saved = repeated(0.5, 4 * N), .previousHidden = ones,
      .hidden = sum, .previousCell = ones, .cell = ones, .hiddenGradient = tiny,
      .cellGradient = tiny, .previousHiddenGradient = zeros(N), .previousCellGradient = zeros(N),
      .inputGateGradient = unwritten(4 * N), .recurrentGateGradient = unwritten(4 * N)};
  RUN(table->simpleBackward(&gradient));
  expectZeros("a simple cell's gradient", gradient.inputGateGradient, N);
  RUN(table->gruBackward(&gradient));
  expectZeros("a GRU's gradient", gradient.inputGateGradient, 3 * N);
  RUN(table->lstmBackward(&gradient));
  expectZeros("an LSTM's gradient", gradient.inputGateGradient, 4 * N);
  expectZeros("a state's gradient", gradient.previousHiddenGradient, N);
  expectZeros("a cell's gradient", gradient.previousCellGradient, N);
  const CSentiKernels_Update settings = {CSentiKernels_adam, 1, 0.9, 0.9, 1, 1, 1, 1, INFINITY};
  RUN(table->update(sum, tiny, gradient.previousHiddenGradient, subnormals(N), N, &settings));
  expectZeros("an update", sum, N);
  RUN(table->activate(tiny, N, CSentiKernels_tanh));
  expectZeros("an activation", tiny, N);
}

// MARK: All of it

// Everything for so many rows and hidden units.
static void runSize(ptrdiff_t rows, ptrdiff_t H) {
  for (int i = 0; i < precisionCount(); i++) {
    runProduct(rows, H + 4, H, (CSentiKernels_Precision)i);
    for (int j = 0; j < 3; j++) runStep(kinds[j], rows, H, (CSentiKernels_Precision)i);
  }
  for (int j = 0; j < 3; j++) runGivenSums(kinds[j], rows, H);
  runTransposed(H, H + 4, rows);
  runElements(rows, H);
  runActivations(rows * H);
  runUpdates(rows * H);
  runNormalization(rows, H);
  runSoftmax(rows, H);
  runAttention(rows, H, false);
  runAttention(rows, H, true);
  runLikeliest(rows, H);
}

static const ptrdiff_t rowCounts[] = {1, 3, 8, 13}, sizes[] = {1, 3, 17, 64, 130};

// Whatever the mode of the caller's thread: the digest of all bits that come out.
static uint64_t digestIn(Mode mode) {
  const Mode before = readMode();
  seed = digest = 0;
  isSilent = true;
  writeMode(mode);
  runSize(13, 17);
  runExtremes();
  runSubnormals(37);
  writeMode(before);
  isSilent = false;
  return digest;
}

int main(void) {
  signal(SIGSEGV, failOnTouch);
  for (int scalar = CSentiKernels_float32; scalar <= CSentiKernels_float64; scalar++) {
    table = CSentiKernels_table((CSentiKernels_Scalar)scalar, CSentiKernels_plain);
    elementSize = scalar == CSentiKernels_float32 ? 4 : 8;
    seed = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 5; j++) runSize(rowCounts[i], sizes[j]);
    }
    // More rows than are taken at once, and a reduction of more than one block.
    for (int i = 0; i < precisionCount(); i++) {
      runProduct(CSENTI_ROW_BLOCK + 7, 33, 5, (CSentiKernels_Precision)i);
    }
    runTransposed(13, 33, 1031);
    runExtremes();
    const Mode mode = readMode();
    if (digestIn(mode) != digestIn(mode | FLUSHING)) fail("results depend on the caller's mode");
    digestIn(mode | UPWARD);
    runSubnormals(37);
  }
  return 0;
}
