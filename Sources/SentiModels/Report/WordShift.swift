internal import SentiText

/// Which words make the difference of two groups of rows: a word shift whose bars sum to it.
///
/// A row's log-odds are its baseline and the contributions of its words. So the mean log-odds of a group are
/// its mean baseline and, for each word w, its uses a row f(w) times its mean contribution a use s(w), and the
/// difference of two groups is the sum over all words of
///
///     f1 s1 - f0 s0 = (f1 - f0) (s0 + s1) / 2 + (s1 - s0) (f0 + f1) / 2
///
/// what comes of the word being used more or less, and of it meaning something else where it is used.
///
/// - SeeAlso: generalized word shift graphs: Gallagher et al. 2021,
///   <https://doi.org/10.1140/epjds/s13688-021-00260-3>.
struct WordShift: Sendable {
  /// A word, and what it gives to the difference.
  struct Word: Sendable {
    let text: String
    /// Its uses a row in each group, and its mean contribution a use; where it is not used, the other group's.
    let uses: (first: Double, second: Double)
    let contributions: (first: Double, second: Double)

    /// What comes of its being used more or less often.
    var byUse: Double {
      (uses.second - uses.first) * (contributions.first + contributions.second) / 2
    }
    /// What comes of its contributing something else each time.
    var byContribution: Double {
      (contributions.second - contributions.first) * (uses.first + uses.second) / 2
    }
    /// What it gives to the difference of the mean log-odds.
    var change: Double { byUse + byContribution }
  }

  /// The difference of two groups, taken apart.
  struct Result: Sendable {
    /// The number of rows of each group, and their mean log-odds.
    let rowCounts: (first: Int, second: Int)
    let means: (first: Double, second: Double)
    /// What comes of texts of other lengths, which is all that the baseline knows of them.
    let baseline: Double
    /// The words that give most, the greatest first.
    let words: [Word]
    /// How many other words there are, and what they give together.
    let others: (count: Int, change: Double)
    /// What the words' contributions lack of the log-odds.
    var gap: Double {
      means.second - means.first - baseline - others.change - words.reduce(0) { $0 + $1.change }
    }
  }

  /// What the groups are called.
  let names: (first: String, second: String)
  /// The label whose log-odds are compared; nil: there was no row yet.
  private(set) var label: String?
  private var groups = (first: Group(), second: Group())
  private var numbers: [String: Int] = [:]
  private var texts: [String] = []

  /// The most words that are told apart; later ones are others.
  static let wordLimit = 200_000
  /// The longest word that is told apart, in bytes.
  private static let wordByteLimit = 40

  private struct Group: Sendable {
    var rowCount = 0
    var difference = 0.0
    var baseline = 0.0
    var uses: [Int] = []
    var sums: [Double] = []
    var rest = 0.0

    mutating func add(_ word: Int, _ contribution: Double) {
      while uses.count <= word {
        uses.append(0)
        sums.append(0)
      }
      uses[word] += 1
      sums[word] += contribution
    }

    func use(_ word: Int) -> Double {
      word < uses.count ? Double(uses[word]) / Double(max(1, rowCount)) : 0
    }

    func contribution(_ word: Int) -> Double? {
      word < uses.count && uses[word] > 0 ? sums[word] / Double(uses[word]) : nil
    }

    func mean(_ sum: Double) -> Double { sum / Double(max(1, rowCount)) }
  }

  /// Starts with no rows.
  init(_ names: (first: String, second: String)) { self.names = names }

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - explanation: What its words contributed.
  ///   - text: The text, in UTF-8; words beyond its end are others.
  ///   - isFirst: Whether it is of the first group.
  mutating func add(_ explanation: RowExplanation, text: [UInt8], isFirst: Bool) {
    label = label ?? explanation.label
    func add(to group: inout Group) {
      group.rowCount += 1
      group.difference += explanation.difference
      group.baseline += explanation.baseline
      for word in explanation.words {
        if let number = number(of: word.byteRange, in: text) {
          group.add(number, word.contribution)
        } else {
          group.rest += word.contribution
        }
      }
    }
    var group = isFirst ? groups.first : groups.second
    if isFirst { groups.first = Group() } else { groups.second = Group() }
    add(to: &group)
    if isFirst { groups.first = group } else { groups.second = group }
  }

  private mutating func number(of range: Range<Int>, in text: [UInt8]) -> Int? {
    guard range.upperBound <= text.count, range.count <= Self.wordByteLimit else { return nil }
    let name = String(decoding: text[range], as: UTF8.self).lowercased()
    if let number = numbers[name] { return number }
    guard texts.count < Self.wordLimit else { return nil }
    numbers[name] = texts.count
    texts.append(name)
    return texts.count - 1
  }

  /// The difference, taken apart.
  ///
  /// - Parameter count: The most words that are named.
  /// - Returns: nil where a group has no row.
  func result(_ count: Int) -> Result? {
    let (first, second) = (groups.first, groups.second)
    guard first.rowCount > 0, second.rowCount > 0 else { return nil }
    let words = texts.indices.map { number -> Word in
      let known = (first.contribution(number), second.contribution(number))
      return Word(
        text: texts[number], uses: (first.use(number), second.use(number)),
        contributions: (known.0 ?? known.1 ?? 0, known.1 ?? known.0 ?? 0))
    }.sorted { ($1.change.magnitude, $0.text) < ($0.change.magnitude, $1.text) }
    let rest = words.dropFirst(count)
    return Result(
      rowCounts: (first.rowCount, second.rowCount),
      means: (first.mean(first.difference), second.mean(second.difference)),
      baseline: second.mean(second.baseline) - first.mean(first.baseline),
      words: Array(words.prefix(count)),
      others: (
        rest.count,
        rest.reduce(second.mean(second.rest) - first.mean(first.rest)) { $0 + $1.change }
      ))
  }
}
