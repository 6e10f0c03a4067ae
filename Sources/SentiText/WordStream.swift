/// Cuts a text that comes in chunks, of any sizes, into the tokens that the whole text has.
///
///     var stream = WordStream(tokenizer)
///     while let chunk = nextChunk() { handle(stream.tokens(in: chunk.span)) }
///     handle(stream.finish())
///
/// Ranges count UTF-8 bytes from the beginning of the stream. What follows the last certain boundary
/// (behind a line feed, or between a space and an ASCII letter) waits for the next chunk, so memory
/// grows with the longest stretch that has none, and with nothing else.
public struct WordStream: Sendable {
  /// How many ill-formed parts were read as U+FFFD.
  public private(set) var replacementCount = 0
  private let tokenizer: WordTokenizer
  private var pending: [UInt8] = []
  /// Up to where `pending` is known to hold no certain boundary.
  private var searched = 0
  private var position = 0

  /// Starts at the beginning of a text.
  public init(_ tokenizer: WordTokenizer) {
    self.tokenizer = tokenizer
  }

  /// Takes the next bytes and returns the tokens that are certain.
  public mutating func tokens(in chunk: Span<UInt8>) -> [Token] {
    pending.append(contentsOf: [UInt8](copying: chunk))
    let end = TextPieces.lastCertainBoundary(of: pending.span, after: searched)
    guard end > 0 else {
      searched = max(0, pending.count - 1)
      return []
    }
    return take(end)
  }

  /// Returns the last tokens; the stream may then begin another text.
  public mutating func finish() -> [Token] {
    let tokens = take(pending.count)
    position = 0
    return tokens
  }

  private mutating func take(_ count: Int) -> [Token] {
    let stretch = Array(pending[..<count])
    let (tokens, replaced) = tokenizer.tokens(utf8: stretch.span)
    let offset = position
    pending.removeFirst(count)
    searched = 0
    position += count
    replacementCount += replaced
    return tokens.map { token in
      let range = token.byteRange
      return Token(
        byteRange: (range.lowerBound + offset)..<(range.upperBound + offset), kind: token.kind)
    }
  }
}
