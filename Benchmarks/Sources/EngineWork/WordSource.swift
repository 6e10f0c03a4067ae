package import Batches
internal import Foundation
internal import SentiModels
package import SentiTensor

/// An endless stream of token ids.
package struct WordSource {
  private let ids: [Int32]
  private var position = 0

  private init(_ ids: [Int32]) { self.ids = ids }

  /// The tokens of a corpus, its texts shuffled.
  package static func corpus(
    _ texts: NumberedTexts, _ generator: inout SeededGenerator
  ) -> WordSource {
    WordSource(
      texts.examples.indices.shuffled(using: &generator).flatMap { index in
        texts.examples[index].tokens
      })
  }

  /// Independent draws in which the word of rank r has a probability in proportion to
  /// 1 / (r + 2.7)^1.2; as many words of a batch are then distinct as in reviews, a fifth or so.
  ///
  /// - SeeAlso: Mandelbrot 1953, "An informational theory of the statistical structure of language".
  package static func zipf(
    vocabularySize: Int, count: Int, _ generator: inout SeededGenerator
  ) -> WordSource {
    var cumulative: [Double] = []
    for rank in 1..<vocabularySize {
      cumulative.append((cumulative.last ?? 0) + pow(Double(rank) + 2.7, -1.2))
    }
    let total = cumulative[cumulative.count - 1]
    return WordSource(
      (0..<count).map { _ in
        Int32(1 + firstIndex(in: cumulative, above: generator.uniform() * total))
      })
  }

  /// The next tokens; behind the last one the first comes again.
  package mutating func next(_ count: Int) -> [Int32] {
    let taken = (0..<count).map { ids[(position + $0) % ids.count] }
    position = (position + count) % ids.count
    return taken
  }

  private static func firstIndex(in sorted: [Double], above value: Double) -> Int {
    var (low, high) = (0, sorted.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
