public import SentiText

extension TextCodec {
  /// The text of token ids, with spaces and capitals by a language's rules.
  ///
  /// - Parameters:
  ///   - tokens: The ids; special ones have no text.
  ///   - detokenizer: The rules.
  /// - Returns: The text.
  public func text(of tokens: [Int32], by detokenizer: Detokenizer) -> String {
    switch self {
    case .words(let pipeline):
      pipeline.decode(tokens.map { TokenID(rawValue: UInt32($0)) }, by: detokenizer)
    case .subwords, .characters: detokenizer.text(joining: decode(tokens))
    }
  }

  /// Each token by itself, as people may read it; half a character is U+FFFD.
  ///
  /// - Parameter tokens: The ids.
  /// - Returns: A text for each.
  public func pieces(_ tokens: [Int32]) -> [String] {
    tokens.map { token in
      let id = TokenID(rawValue: UInt32(token))
      switch self {
      case .words(let pipeline): return pipeline.vocabulary.word(for: id) ?? ""
      case .subwords(let encoding):
        return String(decoding: encoding.tokenUTF8(for: id) ?? [], as: UTF8.self)
      case .characters(let encoding): return encoding.vocabulary.word(for: id) ?? ""
      }
    }
  }
}

extension GenerationModel {
  /// The text of what was written: with unknown words copied from its source, where they can be.
  ///
  /// - Parameters:
  ///   - tokens: What was written, without start and end.
  ///   - source: The text that was translated; nil for a caption.
  ///   - detokenizer: The rules of spaces and capitals.
  /// - Returns: The text.
  public func text(
    of tokens: [Int32], from source: String?, by detokenizer: Detokenizer
  ) -> String {
    if let source, let words = words(of: tokens, copyingFrom: source) {
      return detokenizer.text(of: words)
    }
    return targetCodec.text(of: tokens, by: detokenizer)
  }
}
