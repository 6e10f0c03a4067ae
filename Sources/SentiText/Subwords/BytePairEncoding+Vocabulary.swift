extension BytePairEncoding {
  /// The encoding as a vocabulary, whose file a person can read: tokens in the order of their numbers,
  /// without counts; nil where the order does not tell the merges.
  ///
  /// A token stands for the merge that makes it, so the merges must come in the order of their tokens,
  /// as training makes them, behind the special tokens of this package.
  public var vocabulary: Vocabulary? {
    var table = WordTable(capacity: count)
    for token in tokens { _ = table.insert(token.span, 0..<token.count) }
    let header = VocabularyHeader(normalization: Normalization(form: form), minimumCount: 0)
    let isOurs = tokens.prefix(specialIDs.count).map { String(decoding: $0, as: UTF8.self) }
    guard table.count == count, isOurs == SpecialTokens.names,
      specialIDs == Set(0..<UInt32(SpecialTokens.names.count))
    else { return nil }
    let vocabulary = Vocabulary(
      header: header, table: table, counts: [Int](repeating: 0, count: count))
    let again = try? BytePairEncoding(vocabulary: vocabulary)
    guard let again, again.merges.pairs.elementsEqual(merges.pairs, by: ==) else { return nil }
    return vocabulary
  }

  /// The encoding whose tokens a vocabulary lists.
  ///
  /// The merge that makes a token is the last that its bytes take by the merges before it.
  ///
  /// - Throws: `SubwordError.malformed` where a byte is missing, or a token is not made of two before
  ///   it; `ICUError.failure` when ICU's data is missing.
  public init(vocabulary: Vocabulary, path: String = "vocabulary") throws {
    let tokens = (0..<vocabulary.count).map { Array(vocabulary.table.word(at: $0)) }
    let special = Set(0..<UInt32(vocabulary.header.specialTokenCount))
    var byteIDs: [UInt8: UInt32] = [:]
    for (id, token) in tokens.enumerated() where token.count == 1 { byteIDs[token[0]] = UInt32(id) }
    var merges = MergeTable(capacity: tokens.count + 1)
    for (id, token) in tokens.enumerated()
    where token.count > 1 && !special.contains(UInt32(id)) {
      var word = MergingWord(token.map { byteIDs[$0] ?? .max })
      word.merge(by: merges, leavingOut: { false })
      var parts: [UInt32] = []
      word.forEachToken { parts.append($0) }
      guard parts.count == 2, !parts.contains(.max),
        merges.append(parts[0], parts[1], result: UInt32(id))
      else {
        throw SubwordError.malformed(path: path, reason: "token \(id) is no pair of earlier ones")
      }
    }
    guard
      let encoding = try BytePairEncoding(
        form: vocabulary.header.normalization.form, tokens: tokens, specialIDs: special,
        merges: merges)
    else { throw SubwordError.malformed(path: path, reason: "not all bytes are tokens") }
    self = encoding
  }
}
