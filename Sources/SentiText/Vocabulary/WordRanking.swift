/// What is recorded of texts, whatever words are taken from them.
struct CorpusSummary: Hashable, Sendable {
  var normalization: Normalization
  var locale: String
  var checksum: UInt64
  var textCount: Int
  var tokenCount: Int
  var boundaryChecksum: UInt64
}

/// The best words of many: by falling count and, where counts are equal, by rising bytes.
///
/// Memory grows with the number of words that are taken, not with that of the words offered.
struct WordRanking {
  private typealias Entry = (word: [UInt8], count: Int)

  private let minimumCount: Int
  private let maximumSize: Int?
  private var entries: [Entry] = []

  /// Takes words that occur often enough, and of these the best `maximumSize`.
  init(minimumCount: Int, maximumSize: Int?) {
    self.minimumCount = minimumCount
    self.maximumSize = maximumSize
  }

  /// Offers a word; each is offered once.
  mutating func add(_ word: ArraySlice<UInt8>, count: Int) {
    guard count >= minimumCount else { return }
    entries.append((Array(word), count))
    guard let maximumSize, entries.count > 2 * maximumSize + 1_024 else { return }
    keepBest(maximumSize)
  }

  /// Makes the vocabulary: special tokens, reserved tokens, then the words.
  ///
  /// - Precondition: The reserved tokens are distinct and no special tokens.
  consuming func vocabulary(summary: CorpusSummary, reservedTokens: [String]) -> Vocabulary {
    let special = SpecialTokens.names + reservedTokens
    keepBest(maximumSize.map { max(0, $0 - special.count) } ?? .max)
    var table = WordTable(capacity: special.count + entries.count)
    for name in special { table.insert(Array(name.utf8)) }
    precondition(table.count == special.count, "the tokens \(reservedTokens) are not distinct")
    let textCount = summary.textCount
    var counts = [0, 0, textCount, textCount] + reservedTokens.map { _ in 0 }
    for (word, count) in entries where table.insert(word) { counts.append(count) }
    counts[1] = summary.tokenCount - counts[special.count...].reduce(0, +)
    return Vocabulary(
      header: header(summary, specialTokenCount: special.count), table: table, counts: counts)
  }

  /// Calls `body` with the best words and their counts.
  mutating func forEachWord(_ body: (ArraySlice<UInt8>, Int) -> Void) {
    keepBest(maximumSize ?? .max)
    for (word, count) in entries { body(word[...], count) }
  }

  private mutating func keepBest(_ size: Int) {
    entries.sort { left, right in
      left.count != right.count
        ? left.count > right.count : left.word.lexicographicallyPrecedes(right.word)
    }
    if entries.count > size { entries.removeSubrange(size...) }
  }

  private func header(_ summary: CorpusSummary, specialTokenCount: Int) -> VocabularyHeader {
    VocabularyHeader(
      normalization: summary.normalization, locale: summary.locale,
      corpusChecksum: summary.checksum, textCount: summary.textCount, minimumCount: minimumCount,
      specialTokenCount: specialTokenCount, boundaryChecksum: summary.boundaryChecksum)
  }
}

extension WordTable {
  /// Adds a word unless it is there, and says whether it was new.
  @discardableResult
  fileprivate mutating func insert(_ word: [UInt8]) -> Bool {
    insert(word.span, 0..<word.count).isNew
  }
}
