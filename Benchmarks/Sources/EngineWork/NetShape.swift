internal import SentiRNN
internal import SentiTensor

/// The sizes of what is measured.
package struct NetShape: Sendable {
  package static let usualHiddenSize = 256

  /// The number of hidden units, which is also the width of the input.
  package var hiddenSize = NetShape.usualHiddenSize
  /// The number of token ids.
  package var vocabularySize = 30_000
  /// The number of sequences of a dense batch.
  package var batchSize = 64
  /// The number of steps of a dense batch.
  package var stepCount = 256

  /// The usual sizes.
  package init() {}

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
