/// The F score of the longest common subsequence of words, as the COCO captioning tools count it.
///
/// Of several references the best precision and the best recall count, and the mean is taken over
/// segments. From 0 to 1.
///
/// - SeeAlso: Lin 2004, <https://aclanthology.org/W04-1013>.
public struct RougeL: Sendable {
  private var sum = 0.0
  private var count = 0
  /// Recall counts as much as precision times this squared.
  private static let beta = 1.2

  /// Makes a metric without segments.
  public init() {}

  /// Adds a segment.
  ///
  /// - Parameters:
  ///   - hypothesis: The words to judge.
  ///   - references: What people wrote, in words.
  /// - Precondition: There is a reference.
  /// - Complexity: O(words · words of the references).
  public mutating func add(_ hypothesis: [String], references: [[String]]) {
    precondition(!references.isEmpty, "0 references")
    var numbers = WordNumbers()
    let found = numbers.numbers(of: hypothesis)
    var (precision, recall) = (0.0, 0.0)
    for reference in references {
      let common = Double(Self.commonLength(found, numbers.numbers(of: reference)))
      precision = max(precision, common / Double(max(1, found.count)))
      recall = max(recall, common / Double(max(1, reference.count)))
    }
    count += 1
    guard precision > 0, recall > 0 else { return }
    let factor = Self.beta * Self.beta
    sum += (1 + factor) * precision * recall / (recall + factor * precision)
  }

  /// The mean score; 0 where there are no segments.
  public var score: Double { count == 0 ? 0 : sum / Double(count) }

  /// The length of the longest common subsequence.
  private static func commonLength(_ first: [UInt32], _ second: [UInt32]) -> Int {
    var above = [Int](repeating: 0, count: second.count + 1)
    for word in first {
      var diagonal = 0
      for (index, other) in second.enumerated() {
        let length = word == other ? diagonal + 1 : max(above[index], above[index + 1])
        (diagonal, above[index + 1]) = (above[index + 1], length)
      }
    }
    return above[second.count]
  }
}
