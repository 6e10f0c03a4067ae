/// Words and their numbers.
///
/// The special tokens `<pad> <unk> <bos> <eos>` have the numbers 0 to 3; reserved tokens follow, and
/// then the words, by falling count and, where counts are equal, by their bytes.
///
/// The file format is described in <doc:VocabularyFormat>.
public struct Vocabulary: Sendable {
  /// How the vocabulary was made.
  public let header: VocabularyHeader
  let table: WordTable
  private let counts: [Int]

  init(header: VocabularyHeader, table: WordTable, counts: [Int]) {
    self.header = header
    self.table = table
    self.counts = counts
  }

  /// Numbers words in the order of a list, behind the special tokens, without counts.
  ///
  /// A word that comes again keeps its first number.
  public init(words: some Sequence<String>, normalization: Normalization = .none) {
    var table = WordTable()
    for word in SpecialTokens.names + words where !word.isEmpty {
      let bytes = Array(word.utf8)
      _ = table.insert(bytes.span, 0..<bytes.count)
    }
    let counts = [Int](repeating: 0, count: table.count)
    self.init(
      header: VocabularyHeader(normalization: normalization, minimumCount: 0), table: table,
      counts: counts)
  }

  /// How many tokens there are, special ones included.
  public var count: Int { table.count }

  /// The number of `<pad>`.
  public var paddingID: TokenID { .padding }
  /// The number of `<unk>`.
  public var unknownID: TokenID { .unknown }
  /// The number of `<bos>`.
  public var startID: TokenID { .start }
  /// The number of `<eos>`.
  public var endID: TokenID { .end }

  /// Whether a number is a special or reserved token's.
  public func isSpecial(_ id: TokenID) -> Bool { id.rawValue < header.specialTokenCount }

  /// The word with a number; nil when the vocabulary has no such number.
  public func word(for id: TokenID) -> String? {
    guard id.rawValue < count else { return nil }
    return String(decoding: table.word(at: Int(id.rawValue)), as: UTF8.self)
  }

  /// The bytes of the word with a number; nil when the vocabulary has no such number.
  public func wordUTF8(for id: TokenID) -> ArraySlice<UInt8>? {
    id.rawValue < count ? table.word(at: Int(id.rawValue)) : nil
  }

  /// The number of a word, compared byte by byte; nil when it is not in the vocabulary.
  public func id(for word: some StringProtocol) -> TokenID? {
    let bytes = Array(word.utf8)
    return id(forUTF8: bytes.span, 0..<bytes.count)
  }

  /// The number of the word in a range of some UTF-8 bytes; nil when it is not in the vocabulary.
  ///
  /// - Complexity: O(word); no allocation.
  public func id(forUTF8 bytes: Span<UInt8>, _ range: Range<Int>) -> TokenID? {
    table.index(of: bytes, range).map { TokenID(rawValue: UInt32($0)) }
  }

  /// How often a token occurred in the texts; nil when the vocabulary has no such number.
  ///
  /// `<unk>` has the count of the tokens that were left out, `<bos>` and `<eos>` that of the texts.
  public func frequency(of id: TokenID) -> Int? {
    id.rawValue < count ? counts[Int(id.rawValue)] : nil
  }

  /// The words and their counts, in the order of their numbers.
  public var entries: some Sequence<(word: String, count: Int)> {
    counts.indices.lazy.map { index in
      (String(decoding: table.word(at: index), as: UTF8.self), counts[index])
    }
  }
}
