internal import Glibc
internal import SentiText

/// The words and pairs of words that go with one label more than with another.
///
/// A term counts once a row. Its log-odds among the rows of each label are compared, with a Dirichlet prior
/// in the proportions of all rows, and divided by their standard deviation: so rare terms have to differ
/// more than frequent ones, and very frequent ones do not win by their number.
///
/// - SeeAlso: Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 15 to 22,
///   <https://doi.org/10.1093/pan/mpn018>.
struct TermContrast: Sendable {
  /// A term, and how it differs.
  struct Term: Sendable {
    let text: String
    /// The number of rows of the first label, and of the second, that have the term.
    let counts: (first: Int, second: Int)
    /// The difference of the log-odds, in standard deviations: below 0 for the first label.
    let zScore: Double
  }

  private let tokenizer: WordTokenizer
  private var words: [String: Int] = [:]
  private var names: [String] = []
  private var wordCounts: [Count] = []
  private var pairCounts: [UInt64: Count] = [:]
  private var rowCount: Int32 = 0

  /// In how many rows of each label a term stands, and the last row that was counted.
  private struct Count: Sendable {
    var first: Int32 = 0
    var second: Int32 = 0
    var lastRow: Int32 = 0
  }

  /// The most words, and pairs of them; later words do not count, and pairs that stood once are forgotten.
  static let (wordLimit, pairLimit) = (200_000, 400_000)
  /// The longest word that counts, in bytes, and how much of a text is read.
  private static let (wordByteLimit, textByteLimit) = (40, 1 << 16)
  /// The size of the prior, in terms.
  private static let priorSize = 1000.0
  /// The fewest rows of a term that is shown.
  static let minimumCount = 5

  /// Prepares to count.
  ///
  /// - Throws: `ICUError` when ICU's data is missing.
  init() throws(ICUError) { tokenizer = try WordTokenizer() }

  /// Counts the terms of a row.
  ///
  /// - Parameters:
  ///   - text: The row's text; what lies behind 64 KiB of it does not count.
  ///   - isFirst: Whether the row has the first label; else it has the second.
  mutating func add(_ text: String, isFirst: Bool) {
    rowCount += 1
    var bytes = Array(text.utf8.prefix(Self.textByteLimit))
    var previous: Int?
    for token in tokenizer.tokens(utf8: bytes.span).tokens {
      switch token.kind {
      case .space: continue
      case .word, .number, .emoji, .ideograph:
        let word = word(&bytes, token.byteRange)
        if let word {
          Self.count(&wordCounts[word], rowCount, isFirst)
          if let previous { countPair(previous, word, isFirst) }
        }
        previous = word
      // A pair does not reach over a punctuation mark.
      default: previous = nil
      }
    }
    if pairCounts.count > Self.pairLimit { forgetRarePairs() }
  }

  /// The number of a word, in lower case; nil for one that does not count.
  private mutating func word(_ bytes: inout [UInt8], _ range: Range<Int>) -> Int? {
    guard range.count <= Self.wordByteLimit else { return nil }
    var isASCII = true
    for index in range {
      if bytes[index] >= 0x80 { isASCII = false }
      if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) { bytes[index] |= 0x20 }
    }
    var name = String(decoding: bytes[range], as: UTF8.self)
    if !isASCII { name = name.lowercased() }
    if let word = words[name] { return word }
    guard names.count < Self.wordLimit else { return nil }
    words[name] = names.count
    names.append(name)
    wordCounts.append(Count())
    return names.count - 1
  }

  private mutating func countPair(_ first: Int, _ second: Int, _ isFirst: Bool) {
    let key = UInt64(first) << 32 | UInt64(second)
    Self.count(&pairCounts[key, default: Count()], rowCount, isFirst)
  }

  private static func count(_ count: inout Count, _ row: Int32, _ isFirst: Bool) {
    guard count.lastRow != row else { return }
    count.lastRow = row
    if isFirst { count.first += 1 } else { count.second += 1 }
  }

  private mutating func forgetRarePairs() {
    var least: Int32 = 1
    while pairCounts.count > Self.pairLimit / 2 {
      pairCounts = pairCounts.filter { $0.value.first + $0.value.second > least }
      least *= 2
    }
  }

  /// The terms that differ most.
  ///
  /// - Parameter count: The number of terms for each label.
  /// - Returns: Those of the first label and of the second, the most different first.
  func terms(_ count: Int) -> (first: [Term], second: [Term]) {
    let all = scored
    let first = all.filter { $0.zScore < 0 }.sorted { ($0.zScore, $0.text) < ($1.zScore, $1.text) }
    let second = all.filter { $0.zScore > 0 }
      .sorted { (-$0.zScore, $0.text) < (-$1.zScore, $1.text) }
    return (Array(first.prefix(count)), Array(second.prefix(count)))
  }

  private var scored: [Term] {
    let sums = (wordCounts + pairCounts.values).reduce(into: (first: 0.0, second: 0.0)) {
      $0.first += Double($1.first)
      $0.second += Double($1.second)
    }
    guard sums.first > 0, sums.second > 0 else { return [] }
    let words = wordCounts.enumerated().compactMap { word, count in
      Self.term(names[word], count, sums)
    }
    let pairs = pairCounts.compactMap { key, count in
      Self.term("\(names[Int(key >> 32)]) \(names[Int(key & 0xFFFF_FFFF)])", count, sums)
    }
    return words + pairs
  }

  private static func term(
    _ text: String, _ count: Count, _ sums: (first: Double, second: Double)
  ) -> Term? {
    guard Int(count.first) + Int(count.second) >= minimumCount else { return nil }
    let (first, second) = (Double(count.first), Double(count.second))
    let prior = priorSize * (first + second) / (sums.first + sums.second)
    func logOdds(_ count: Double, _ sum: Double) -> Double {
      log((count + prior) / (sum + priorSize - count - prior))
    }
    let variance = 1 / (first + prior) + 1 / (second + prior)
    let difference = logOdds(second, sums.second) - logOdds(first, sums.first)
    return Term(
      text: text, counts: (Int(count.first), Int(count.second)),
      zScore: difference / variance.squareRoot())
  }
}
