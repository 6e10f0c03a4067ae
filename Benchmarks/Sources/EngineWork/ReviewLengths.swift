internal import Foundation
package import SentiTensor

/// Lengths like those of reviews: log-normal, cut at a greatest length.
package enum ReviewLengths {
  static let median = 175.0
  static let maximum = 512
  /// The standard deviation of the logarithm, as in the Large Movie Review set.
  static let deviation = 0.62

  /// Draws a length.
  static func draw(_ generator: inout SeededGenerator) -> Int {
    let length = exp(log(median) + deviation * generator.normal()).rounded()
    return min(maximum, max(1, Int(length)))
  }

  /// Draws a batch: the next words, in texts of such lengths.
  package static func batch(
    size: Int, of words: inout WordSource, _ generator: inout SeededGenerator
  ) -> [[Int32]] {
    (0..<size).map { _ in words.next(draw(&generator)) }
  }
}
