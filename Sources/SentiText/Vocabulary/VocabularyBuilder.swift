/// Counts the words of texts and makes a vocabulary of them.
///
/// Builders that read different texts may be merged; the vocabulary is the same, byte for byte,
/// however the texts were divided among builders and in whatever order they came.
///
///     var builder = try VocabularyBuilder(normalization: .reviews)
///     for review in reviews { builder.add(review) }
///     let vocabulary = builder.vocabulary(minimumCount: 2, maximumSize: 30_000)
public struct VocabularyBuilder: Sendable {
  /// How texts are normalized.
  public var normalization: Normalization { normalizer.normalization }
  /// The locale of the word boundaries; empty where subwords are counted.
  public var locale: String { tokenizer?.locale ?? "" }
  /// How many texts were added.
  public private(set) var textCount = 0
  /// How many tokens were counted.
  public private(set) var tokenCount = 0

  private let normalizer: Normalizer
  /// What cuts words; nil where the pieces of byte-pair encodings are counted.
  private let tokenizer: WordTokenizer?
  private var table = WordTable()
  private var counts: [Int] = []
  private var checksum: UInt64 = 0

  /// Starts with no text.
  ///
  /// - Throws: `ICUError` when the locale is unknown or ICU's data is missing.
  public init(normalization: Normalization, locale: String = "") throws(ICUError) {
    normalizer = try Normalizer(normalization)
    tokenizer = try WordTokenizer(locale: locale)
  }

  /// Starts with no text, and counts the pieces inside which byte pairs are merged.
  init(subwordForm form: Normalization.Form) throws(ICUError) {
    normalizer = try Normalizer(Normalization(form: form))
    tokenizer = nil
  }

  /// How many different words were counted.
  public var distinctWordCount: Int { table.count }

  /// Counts the words of a text.
  public mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    add(utf8: bytes.span)
  }

  /// Counts the words of a text in UTF-8; ill-formed parts are read as U+FFFD.
  public mutating func add(utf8 bytes: Span<UInt8>) {
    checksum &+= ByteHash.mixed(ByteHash.fnv1a(bytes, 0..<bytes.count) ^ UInt64(bytes.count))
    textCount += 1
    let text = normalizer.normalized(utf8: bytes)
    let source = text.utf8.span
    guard let tokenizer else {
      return ByteLevelSplitter.forEachPiece(in: source) { count(source, $0, times: 1) }
    }
    tokenizer.boundaries.forEachBatch(in: source) { batch in
      count(batch, table.numbers(of: batch, in: source, unknown: .max), source)
    }
  }

  /// Adds what another builder counted.
  ///
  /// - Precondition: Both builders have the same normalization and locale.
  public mutating func merge(_ other: VocabularyBuilder) {
    precondition(
      normalization == other.normalization && locale == other.locale,
      "'\(normalization)', '\(locale)' cannot take counts of '\(other.normalization)', "
        + "'\(other.locale)'")
    checksum &+= other.checksum
    textCount += other.textCount
    for index in 0..<other.table.count {
      let word = other.table.word(at: index)
      count(word.span, 0..<word.count, times: other.counts[index])
    }
  }

  /// Makes the vocabulary: special tokens, reserved tokens, then words by falling count and, where
  /// counts are equal, by rising bytes.
  ///
  /// - Parameters:
  ///   - minimumCount: How often a word must occur.
  ///   - maximumSize: How many tokens there may be, special ones included; nil for any number.
  ///   - reservedTokens: Further special tokens, which no text has a word for.
  /// - Returns: The vocabulary; words that are not in it count as `<unk>`.
  public func vocabulary(
    minimumCount: Int = 1, maximumSize: Int? = nil, reservedTokens: [String] = []
  ) -> Vocabulary {
    var ranking = WordRanking(minimumCount: minimumCount, maximumSize: maximumSize)
    forEachWord { ranking.add($0, count: $1) }
    return ranking.vocabulary(summary: summary, reservedTokens: reservedTokens)
  }

  /// Calls `body` with every word and its count.
  func forEachWord(_ body: (ArraySlice<UInt8>, Int) -> Void) {
    for index in counts.indices { body(table.word(at: index), counts[index]) }
  }

  /// What is recorded of the texts, whatever words are taken.
  var summary: CorpusSummary {
    CorpusSummary(
      normalization: normalization, locale: locale, checksum: checksum, textCount: textCount,
      tokenCount: tokenCount, boundaryChecksum: tokenizer?.boundaryChecksum ?? 0)
  }

  /// How many bytes the counts occupy.
  var memorySize: Int { table.memorySize + 8 * counts.capacity }

  /// The words in the order of their bytes, with their counts; the builder then has none, but keeps
  /// what it counted of texts and tokens.
  mutating func removeWords() -> [(word: [UInt8], count: Int)] {
    let order = counts.indices.sorted {
      table.word(at: $0).lexicographicallyPrecedes(table.word(at: $1))
    }
    let words = order.map { (Array(table.word(at: $0)), counts[$0]) }
    table = WordTable()
    counts = []
    return words
  }

  /// Counts the tokens of a batch, of which the known ones have their numbers already.
  private mutating func count(_ batch: TokenBatch, _ numbers: [TokenID], _ source: Span<UInt8>) {
    var index = 0
    batch.forEach { range, kind in
      guard kind != .space else { return }
      let number = Int(numbers[index].rawValue)
      index += 1
      if number < counts.count {
        counts[number] += 1
        tokenCount += 1
      } else {
        count(source, range, times: 1)
      }
    }
  }

  private mutating func count(_ source: Span<UInt8>, _ range: Range<Int>, times: Int) {
    let (index, isNew) = table.insert(source, range)
    if isNew { counts.append(0) }
    counts[index] += times
    tokenCount += times
  }

  // MARK: Coverage

  /// How much of the texts that were added a vocabulary knows.
  public func coverage(by vocabulary: Vocabulary) -> VocabularyCoverage {
    var (knownTokenCount, knownTypeCount) = (0, 0)
    for index in counts.indices {
      let word = table.word(at: index)
      guard vocabulary.id(forUTF8: word.span, 0..<word.count) != nil else { continue }
      knownTokenCount += counts[index]
      knownTypeCount += 1
    }
    return VocabularyCoverage(
      tokenCount: tokenCount, knownTokenCount: knownTokenCount, typeCount: distinctWordCount,
      knownTypeCount: knownTypeCount)
  }
}

/// How much of some texts a vocabulary knows.
public struct VocabularyCoverage: Hashable, Sendable {
  /// How many tokens the texts have.
  public let tokenCount: Int
  /// How many of them are in the vocabulary.
  public let knownTokenCount: Int
  /// How many different words the texts have.
  public let typeCount: Int
  /// How many of them are in the vocabulary.
  public let knownTypeCount: Int

  /// The share of tokens that are in the vocabulary; 1 for texts without any.
  public var tokenShare: Double { Self.share(knownTokenCount, of: tokenCount) }
  /// The share of different words that are in the vocabulary; 1 for texts without any.
  public var typeShare: Double { Self.share(knownTypeCount, of: typeCount) }
  /// The share of tokens that are not in the vocabulary.
  public var outOfVocabularyRate: Double { 1 - tokenShare }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 1 : Double(part) / Double(whole)
  }
}
