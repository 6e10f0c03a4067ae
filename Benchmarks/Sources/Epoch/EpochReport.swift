internal import Batches
internal import Measurement
internal import SentiTensor
internal import SentiTraining

/// What was measured at one number of threads.
struct EpochFigures: Encodable {
  var threads: Int
  var batches: Int
  var tokens: Int
  var seconds: Double
  var tokensPerSecond: Double
  var busyCores: Double
  var meanLoss: Double

  static let heading = "threads  batches    tokens  seconds  tokens/s  cores busy  mean loss"

  var row: String {
    Report.column(Double(threads), width: 7) + Report.column(Double(batches), width: 9)
      + Report.column(Double(tokens), width: 10)
      + Report.column(seconds, width: 9, decimals: 1) + Report.column(tokensPerSecond, width: 10)
      + Report.column(busyCores, width: 12, decimals: 2)
      + Report.column(meanLoss, width: 11, decimals: 4)
  }
}

/// What the figures were measured on.
struct EpochConditions: Encodable, CustomStringConvertible {
  let processor = Machine.processorName
  let instructionSet = InstructionSet.best.rawValue
  let corpus: String
  let texts: Int
  let emptyTexts: Int
  let tokens: Int
  let batches: Int
  let vocabularySize: Int
  let embeddingSize: Int
  let hiddenSize: Int
  let tokenBudget: Int
  let pooling: PoolingChoice

  init(corpus: String, texts: NumberedTexts, plan: BatchPlan, shape: ShapeOptions) {
    self.corpus = corpus
    self.texts = texts.examples.count
    emptyTexts = texts.emptyCount
    tokens = texts.tokenCount
    batches = plan.batches.count
    vocabularySize = texts.vocabularySize
    embeddingSize = shape.embeddingSize
    hiddenSize = shape.hiddenSize
    tokenBudget = shape.tokenBudget
    pooling = shape.pooling
  }

  var description: String {
    """
    processor    \(processor), \(instructionSet)
    corpus       \(corpus): \(texts) texts, \(emptyTexts) empty ones left out
    batches      \(batches) of at most \(tokenBudget) tokens, \(tokens) tokens in all
    net          vocabulary \(vocabularySize), embedding \(embeddingSize), GRU \(hiddenSize), \
    pooling \(pooling.rawValue), Adam
    clock        the epoch alone; reading, tokenizing and numbering are done before
    """
  }
}

/// Conditions and figures together.
struct EpochReport: Encodable {
  let conditions: EpochConditions
  let results: [EpochFigures]
}
