/// Cuts a text that comes in chunks, of any sizes, into the tokens that the whole text has.
///
///     var stream = WordStream(tokenizer)
///     while let chunk = nextChunk() { handle(stream.tokens(in: chunk.span)) }
///     handle(stream.finish())
///
/// Ranges count UTF-8 bytes from the beginning of the stream. Memory is that of ``TextStretches``.
public struct WordStream: Sendable {
  /// How many ill-formed parts were read as U+FFFD.
  public private(set) var replacementCount = 0
  private let tokenizer: WordTokenizer
  private var stretches = TextStretches(of: .word)

  /// Starts at the beginning of a text.
  public init(_ tokenizer: WordTokenizer) {
    self.tokenizer = tokenizer
  }

  /// Takes the next bytes and returns the tokens that are certain.
  public mutating func tokens(in chunk: Span<UInt8>) -> [Token] {
    stretches.append(chunk).map { tokens(of: $0) } ?? []
  }

  /// Returns the last tokens; the stream may then begin another text.
  public mutating func finish() -> [Token] {
    tokens(of: stretches.finish())
  }

  private mutating func tokens(of stretch: TextStretches.Stretch) -> [Token] {
    let (tokens, replaced) = tokenizer.tokens(utf8: stretch.bytes.span)
    replacementCount += replaced
    guard stretch.offset > 0 else { return tokens }
    return tokens.map { token in
      let range = token.byteRange
      let start = range.lowerBound + stretch.offset
      return Token(byteRange: start..<(start + range.count), kind: token.kind)
    }
  }
}
