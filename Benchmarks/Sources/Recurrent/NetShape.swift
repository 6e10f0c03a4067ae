internal import ArgumentParser
internal import SentiRNN
internal import SentiTensor

/// The sizes of what is measured.
struct NetShape: ParsableArguments {
  static let usualHiddenSize = 256

  @Option(help: "The number of hidden units, which is also the width of the input.")
  var hiddenSize = NetShape.usualHiddenSize

  @Option(help: "The number of token ids.")
  var vocabularySize = 30_000

  @Option(help: "The number of sequences of a dense batch.")
  var batchSize = 64

  @Option(help: "The number of steps of a dense batch.")
  var stepCount = 256

  /// A dense batch, `[N, I]`, of numbers like those of normalized word vectors.
  func denseInput(_ generator: inout SeededGenerator) -> Matrix<Float> {
    let rowCount = batchSize * stepCount
    let elements: [Float] = Initializer.normal(deviation: 1).values(
      rowCount: rowCount, columnCount: hiddenSize, using: &generator)
    return Matrix(rowCount: rowCount, columnCount: hiddenSize, elements: elements)
  }

  /// The lengths of a dense batch.
  var denseSequences: PackedSequences {
    PackedSequences(lengths: Array(repeating: stepCount, count: batchSize))
  }
}
