import Glibc
import SentiTensor

extension PlainKernels {
  // MARK: Softmax

  /// The logarithms of each row's softmax.
  static func logSoftmax(_ logits: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = logits
    for row in 0..<logits.rowCount {
      let values = logits.row(row).map { Double($0) }
      let greatest = values.max() ?? 0
      let total = values.reduce(0) { $0 + exp($1 - greatest) }
      for (column, value) in values.enumerated() {
        result[row, column] = Scalar(value - greatest - log(total))
      }
    }
    return result
  }

  /// Each row's cross-entropy with a class, in nats, and the gradient of `scale` times their sum.
  static func crossEntropy(
    _ logits: Matrix<Scalar>, classes: [Int32], smoothing: Double, scale: Double
  ) -> (losses: [Double], gradient: Matrix<Scalar>) {
    let logarithms = logSoftmax(logits)
    var (losses, gradient) = ([Double](), logits)
    for (row, right) in classes.enumerated() {
      var loss = 0.0
      for column in 0..<logits.columnCount {
        let target =
          smoothing / Double(logits.columnCount) + (column == Int(right) ? 1 - smoothing : 0)
        let logarithm = Double(logarithms[row, column])
        if target > 0 { loss -= target * logarithm }
        gradient[row, column] = Scalar(scale * (exp(logarithm) - target))
      }
      losses.append(loss)
    }
    return (losses, gradient)
  }

  // MARK: Attention

  /// Weights and contexts: softmax of q·k / √A, or of d·tanh(q + k), over a sequence's rows.
  static func attention(
    _ buffers: inout AttentionBuffers<Scalar>, _ places: AttentionIndex
  ) {
    let rows = buffers.queries.rowCount
    buffers.weights = Matrix(rowCount: rows, columnCount: Int(places.counts.max() ?? 0))
    buffers.context = Matrix(rowCount: rows, columnCount: buffers.values.columnCount)
    for row in 0..<rows {
      let memory = places.rows(of: row)
      let exponentials = memory.map { exp(score(buffers, row, $0)) }
      let total = exponentials.reduce(0, +)
      for (step, place) in memory.enumerated() {
        buffers.weights[row, step] = Scalar(exponentials[step] / total)
        for column in 0..<buffers.values.columnCount {
          buffers.context[row, column] +=
            buffers.weights[row, step] * buffers.values[place, column]
        }
      }
    }
  }

  private static func score(
    _ buffers: AttentionBuffers<Scalar>, _ row: Int, _ place: Int
  ) -> Double {
    let keys = buffers.keys.columnCount > 0 ? buffers.keys : buffers.values
    let pairs = zip(buffers.queries.row(row), keys.row(place))
    if buffers.scoreVector.isEmpty {
      return Double(pairs.reduce(0) { $0 + $1.0 * $1.1 }) * buffers.scale
    }
    return zip(buffers.scoreVector.elements, pairs).reduce(0) { sum, element in
      sum + Double(element.0 * tanh(element.1.0 + element.1.1))
    }
  }
}

extension AttentionIndex {
  /// The rows of keys and values that a query reads.
  fileprivate func rows(of query: Int) -> [Int] {
    (0..<Int(counts[query])).map { Int(offsets[$0] + sequences[query]) }
  }
}
