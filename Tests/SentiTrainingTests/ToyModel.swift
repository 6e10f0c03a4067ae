import SentiRNN
import SentiTensor
import SentiTraining

/// The mean of word vectors and one dense layer: the least model that has words to learn.
///
/// Some dropout makes it depend on the trainer's generators.
struct ToyModel: TrainableModel {
  struct Example: Sendable {
    var tokens: [Int32]
    var label: Int
    var poison = Poison.none
  }

  /// What goes wrong when the example is trained on.
  enum Poison { case none, loss, gradient, cancellation }

  let layout: ParameterLayout
  let embedding: Embedding
  let output: Dense
  var dropout = Dropout(rate: 0.1)

  init(embeddingSize: Int = 3) {
    var layout = ParameterLayout()
    embedding = Embedding(
      vocabularySize: 6, embeddingSize: embeddingSize, prefix: "embedding.", layout: &layout)
    output = Dense(inputSize: embeddingSize, outputSize: 2, prefix: "output.", layout: &layout)
    self.layout = layout
  }

  func initialParameters(seed: UInt64 = 1) -> Parameters<Float> {
    var parameters = Parameters<Float>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    embedding.initialize(&parameters, using: &generator)
    output.initialize(&parameters, using: &generator)
    return parameters
  }

  func tokenCount(of example: Example) -> Int { example.tokens.count }

  func trainingWeights(_ parameters: Parameters<Float>) -> Dense.Weights<Float> {
    output.weights(parameters)
  }

  func makeWorkspace() -> Matrix<Float> {
    Matrix(rowCount: 0, columnCount: embedding.embeddingSize)
  }

  func addGradients(
    of shard: BatchShard<ToyModel>, workspace rows: inout Matrix<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    let weights = shard.weights
    var tally = EpochMetrics()
    for example in shard.examples {
      embedding.forward(example.tokens, shard.parameters, into: &rows)
      var features = mean(rows)
      let mask = dropout.drop(&features, using: &generator)
      let logits = output.forward(features, weights)
      let loss = SoftmaxCrossEntropy(logits: logits)
      var gradient = output.backward(
        loss.logitsGradient([example.label], scale: shard.scale), input: features, weights,
        gradients: &gradients)
      Dropout.apply(mask, to: &gradient)
      embedding.backward(example.tokens, spread(gradient, rows.rowCount), gradients: &gradients)
      tally.add(
        EpochMetrics(
          lossSum: example.poison == .loss ? .nan : loss.lossSum([example.label]),
          correctCount: logits.argmax() == [example.label] ? 1 : 0, exampleCount: 1,
          tokenCount: example.tokens.count))
      if example.poison == .cancellation { withUnsafeCurrentTask { $0?.cancel() } }
      if example.poison == .gradient { gradients[output.bias] = [.infinity, 0] }
    }
    return tally
  }

  private func mean(_ rows: Matrix<Float>) -> Matrix<Float> {
    var mean = Matrix<Float>(rowCount: 1, columnCount: rows.columnCount)
    for row in 0..<rows.rowCount {
      for column in 0..<rows.columnCount {
        mean[0, column] += rows[row, column] / Float(rows.rowCount)
      }
    }
    return mean
  }

  private func spread(_ gradient: Matrix<Float>, _ count: Int) -> Matrix<Float> {
    let share = gradient.elements.map { $0 / Float(count) }
    return Matrix(
      rowCount: count, columnCount: gradient.columnCount,
      elements: (0..<count).flatMap { _ in share })
  }
}

extension ToyModel.Example {
  /// Texts of 1 to 5 tokens; the rule: token 2 is good, token 3 is bad, the rest says nothing.
  static func list(_ count: Int, seed: UInt64 = 1) -> [ToyModel.Example] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let filler = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        [0, 1, 4, 5].randomElement(using: &generator) ?? 0
      }
      let telling: Int32 = index % 2 == 0 ? 2 : 3
      let tokens = (filler.map { Int32($0) } + [telling]).shuffled(using: &generator)
      return ToyModel.Example(tokens: tokens, label: index % 2)
    }
  }
}

extension TrainingSettings {
  /// Settings under which the toy learns in a moment.
  static func toy(
    epochCount: Int = 4, threadCount: Int = 2, optimizer: OptimizerRule = .adam()
  ) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochCount = epochCount
    settings.tokenBudget = 40
    settings.learningRate = 0.05
    settings.optimizer = optimizer
    settings.threadCount = threadCount
    settings.averagingDecay = 0.9
    return settings
  }
}
