/// Text to subwords and back: bytes, merged pair by pair as training found useful.
///
/// Every text can be encoded, because each of the 256 bytes is a token, and `decode` gives back the
/// very text (the normalized one, where a form was chosen). The first tokens are the special ones,
/// `<pad> <unk> <bos> <eos>`; no text is encoded to them. Files in the format of Hugging Face's
/// `tokenizer.json` are read and written; see <doc:Subwords>.
///
/// - SeeAlso: Sennrich, Haddow and Birch 2016, <https://arxiv.org/abs/1508.07909>.
public struct BytePairEncoding: Sendable {
  /// The normalization form that texts are brought to first.
  public var form: Normalization.Form { normalizer.normalization.form }
  let tokens: [[UInt8]]
  let specialIDs: Set<UInt32>
  let merges: MergeTable
  private let byteIDs: [UInt32]
  private let normalizer: Normalizer

  /// Puts an encoding together; nil unless each of the 256 bytes is a token.
  init?(
    form: Normalization.Form, tokens: [[UInt8]], specialIDs: Set<UInt32>, merges: MergeTable
  ) throws(ICUError) {
    var byteIDs = [UInt32?](repeating: nil, count: 256)
    for (id, token) in tokens.enumerated()
    where token.count == 1 && !specialIDs.contains(UInt32(id)) {
      byteIDs[Int(token[0])] = UInt32(id)
    }
    guard !byteIDs.contains(nil) else { return nil }
    self.byteIDs = byteIDs.compactMap(\.self)
    self.tokens = tokens
    self.specialIDs = specialIDs
    self.merges = merges
    normalizer = try Normalizer(Normalization(form: form))
  }

  /// How many tokens there are, special ones included.
  public var count: Int { tokens.count }

  /// The bytes of a token, which need not be whole characters; nil for a number beyond the last.
  public func tokenUTF8(for id: TokenID) -> [UInt8]? {
    id.rawValue < count ? tokens[Int(id.rawValue)] : nil
  }

  // MARK: Encoding

  /// The numbers of a text's subwords.
  ///
  /// - Complexity: O(n log n) in the length of the longest word, O(n) in that of the text.
  public func encode(_ text: String) -> [TokenID] {
    encode(text, leavingOut: { false })
  }

  /// The numbers of a text's subwords, with some merges left out by chance.
  ///
  /// Training on many encodings of one word makes a model robust; at `dropout` 0 this is `encode`,
  /// at 1 every byte is a token.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - dropout: The probability that a merge is left out; 0.1 in the paper.
  ///   - generator: The source of chance.
  /// - Returns: The numbers.
  /// - Precondition: `dropout` lies in 0 to 1.
  /// - SeeAlso: Provilkov, Emelianenko and Voita 2020, <https://arxiv.org/abs/1910.13267>.
  public func encode(
    _ text: String, dropout: Double, using generator: inout some RandomNumberGenerator
  ) -> [TokenID] {
    precondition((0...1).contains(dropout), "dropout \(dropout) is not in 0...1")
    return encode(
      text, leavingOut: { dropout > 0 && Double.random(in: 0..<1, using: &generator) < dropout })
  }

  private func encode(_ text: String, leavingOut isLeftOut: () -> Bool) -> [TokenID] {
    let normalized = normalizer.normalized(text)
    var ids: [TokenID] = []
    let source = normalized.utf8.span
    ByteLevelSplitter.forEachPiece(in: source) { piece in
      var word = MergingWord(piece.map { byteIDs[Int(source[$0])] })
      word.merge(by: merges, leavingOut: isLeftOut)
      word.forEachToken { ids.append(TokenID(rawValue: $0)) }
    }
    return ids
  }

  /// The subwords of a text with their places in it.
  ///
  /// A subword that ends inside of a character has the whole character's range.
  public func pieces(in text: String) -> [SubwordPiece] {
    let normalized = normalizer.normalized(text)
    var position = 0
    return encode(normalized.string).map { id in
      let range = position..<(position + tokens[Int(id.rawValue)].count)
      position = range.upperBound
      return SubwordPiece(byteRange: normalized.originalRange(of: range), id: id)
    }
  }

  // MARK: Decoding

  /// The text of numbers; special tokens have none, and bytes that make no character become U+FFFD.
  public func decode(_ ids: some Sequence<TokenID>) -> String {
    String(decoding: decodeUTF8(ids), as: UTF8.self)
  }

  /// The bytes of numbers; special tokens have none.
  public func decodeUTF8(_ ids: some Sequence<TokenID>) -> [UInt8] {
    ids.flatMap { id in
      specialIDs.contains(id.rawValue) ? [] : tokenUTF8(for: id) ?? []
    }
  }
}

/// A subword of a text.
public struct SubwordPiece: Hashable, Sendable {
  /// The subword's place in the original text, in UTF-8 bytes.
  public let byteRange: Range<Int>
  /// The subword's number.
  public let id: TokenID
}
