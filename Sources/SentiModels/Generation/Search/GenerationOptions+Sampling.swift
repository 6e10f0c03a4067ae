internal import Glibc
internal import SentiTensor

extension GenerationOptions.Sampling {
  /// Draws a token.
  ///
  /// Temperature first, then the `topK` most probable tokens, then the fewest of them that hold
  /// `topP` of their probability, as in Hugging Face's order.
  ///
  /// - Parameters:
  ///   - row: Log-probabilities, which need not add up to 1, `[1, V]`.
  ///   - generator: The source of chance.
  /// - Returns: The token; nil where none has a probability.
  /// - Complexity: O(V) exponentials; where `topP` is below 1 also O(tokens drawn from) moves each.
  func token(from row: Matrix<Float>, using generator: inout SeededGenerator) -> Int32? {
    if topK == 0 && topP == 1 {
      let values = row.elements
      guard let greatest = values.max(), greatest > -.infinity else { return nil }
      let weights = weights(values, greatest)
      return Self.draw(weights, sum(weights), using: &generator).map(Int32.init)
    }
    var count = topK == 0 ? 64 : topK
    while true {
      count = min(count, row.columnCount)
      var best = [Float](repeating: 0, count: count)
      var places = [Int32](repeating: 0, count: count)
      Kernels<Float>.best.top(count, of: row, into: &best, places: &places)
      guard places[0] >= 0 else { return nil }
      let weights = weights(best, best[0])
      let whole = topK == 0 ? sum(self.weights(row.elements, best[0])) : sum(weights)
      var (nucleus, held) = (0, 0.0)
      while nucleus < count && held < topP * whole {
        held += weights[nucleus]
        nucleus += 1
      }
      // Without a limit the nucleus may reach beyond those that were looked up.
      if held < topP * whole && topK == 0 && count < row.columnCount {
        count *= 8
        continue
      }
      return Self.draw(weights[..<nucleus], held, using: &generator).map { places[$0] }
    }
  }

  private func weights(_ values: [Float], _ greatest: Float) -> [Double] {
    values.map { $0 > -.infinity ? exp(Double($0 - greatest) / temperature) : 0 }
  }

  private func sum(_ weights: [Double]) -> Double { weights.reduce(0, +) }

  /// The place of a weight, drawn in proportion.
  private static func draw(
    _ weights: some Collection<Double>, _ sum: Double, using generator: inout SeededGenerator
  ) -> Int? {
    var rest = generator.uniform() * sum
    var last: Int?
    for (place, weight) in weights.enumerated() where weight > 0 {
      last = place
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }
}
