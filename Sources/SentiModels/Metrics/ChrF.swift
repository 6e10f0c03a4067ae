/// The F score of the characters that a text shares with a reference, in percent, as sacreBLEU does.
///
/// Of several references the one counts that fits a segment best. White space does not count.
///
/// - SeeAlso: Popovic 2015, <https://doi.org/10.18653/v1/W15-3049>; chrF++: Popovic 2017,
///   <https://doi.org/10.18653/v1/W17-4770>.
public struct ChrF: Sendable {
  /// The greatest length of runs of words: 0 for chrF, 2 for chrF++.
  public let wordOrder: Int
  /// Whether texts are lower-cased.
  public let isLowercased: Bool
  private var sums: [Counts]

  /// Of one length of runs.
  private struct Counts {
    var (hypothesis, reference, matches) = (0, 0, 0)
  }

  private static let characterOrder = 6
  /// Recall counts as much as precision times this squared.
  private static let beta = 2.0

  /// Makes a metric without segments; the defaults are sacreBLEU's.
  public init(wordOrder: Int = 0, isLowercased: Bool = false) {
    precondition((0...4).contains(wordOrder), "word order \(wordOrder)")
    self.wordOrder = wordOrder
    self.isLowercased = isLowercased
    sums = Array(repeating: Counts(), count: Self.characterOrder + wordOrder)
  }

  /// Adds a segment.
  ///
  /// - Parameters:
  ///   - hypothesis: The text to judge.
  ///   - references: What people wrote.
  /// - Precondition: There is a reference.
  public mutating func add(_ hypothesis: String, references: [String]) {
    precondition(!references.isEmpty, "0 references")
    var numbers = WordNumbers()
    let found = runs(of: hypothesis, &numbers)
    var (best, bestScore) = (sums, -1.0)
    for reference in references {
      let counts = Self.counts(found, runs(of: reference, &numbers))
      let score = Self.score(counts)
      if score > bestScore { (best, bestScore) = (counts, score) }
    }
    for index in sums.indices {
      sums[index].hypothesis += best[index].hypothesis
      sums[index].reference += best[index].reference
      sums[index].matches += best[index].matches
    }
  }

  /// The score in percent.
  public var score: Double { Self.score(sums) }

  /// The runs of characters, and those of words where they count.
  private func runs(of text: String, _ numbers: inout WordNumbers) -> [NGramCounts] {
    let scalars = (isLowercased ? text.lowercased() : text).unicodeScalars
    let characters = scalars.filter { !isSpace($0) }.map { $0.value + 1 }
    let byCharacter = NGramCounts(characters, maximumLength: Self.characterOrder, bits: 21)
    guard wordOrder > 0 else { return [byCharacter] }
    let words = scalars.split(whereSeparator: isSpace).flatMap(Self.withoutMark)
    return [
      byCharacter, NGramCounts(numbers.numbers(of: words), maximumLength: wordOrder),
    ]
  }

  /// A word, and the mark of ASCII at its end or else at its start.
  private static func withoutMark(_ word: Substring.UnicodeScalarView) -> [String] {
    func isMark(_ scalar: Unicode.Scalar?) -> Bool {
      scalar.map {
        $0.isASCII && $0.value > 0x20 && !$0.properties.isAlphabetic
          && $0.properties.numericType == nil
      } ?? false
    }
    let whole = String(Substring(word))
    guard word.count > 1 else { return [whole] }
    if isMark(word.last) {
      return [String(Substring(word.dropLast())), String(Substring(word.suffix(1)))]
    }
    if isMark(word.first) {
      return [String(Substring(word.prefix(1))), String(Substring(word.dropFirst()))]
    }
    return [whole]
  }

  private static func counts(_ found: [NGramCounts], _ expected: [NGramCounts]) -> [Counts] {
    zip(found, expected).flatMap { found, expected in
      (1...found.runs.count).map { length in
        let total = expected.total(ofLength: length)
        return Counts(
          hypothesis: total > 0 ? found.total(ofLength: length) : 0, reference: total,
          matches: found.matches(ofLength: length, in: expected))
      }
    }
  }

  /// The F score of mean precision and mean recall over the lengths that both texts have.
  private static func score(_ counts: [Counts]) -> Double {
    let counted = counts.filter { $0.hypothesis > 0 && $0.reference > 0 }
    guard !counted.isEmpty else { return 0 }
    let precision = counted.reduce(0) { $0 + Double($1.matches) / Double($1.hypothesis) }
    let recall = counted.reduce(0) { $0 + Double($1.matches) / Double($1.reference) }
    guard precision + recall > 0 else { return 0 }
    let factor = beta * beta
    return 100 * (1 + factor) * precision * recall
      / ((factor * precision + recall) * Double(counted.count))
  }
}
