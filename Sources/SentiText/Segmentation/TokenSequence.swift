/// The tokens of a string, found while they are asked for.
///
/// Nothing of the string is copied, and memory does not grow with it.
public struct TokenSequence: Sequence, Sendable {
  let text: String
  let tokenizer: WordTokenizer

  /// Starts at the string's first token.
  public func makeIterator() -> Iterator {
    Iterator(text: text, tokenizer: tokenizer)
  }

  /// Walks over the tokens.
  public struct Iterator: IteratorProtocol {
    private let text: String
    private let tokenizer: WordTokenizer
    private let batch = TokenBatch()
    private var cursor = WordBoundaries.Cursor()
    private var found: [Token] = []
    private var position = 0

    init(text: String, tokenizer: WordTokenizer) {
      self.text = text
      self.tokenizer = tokenizer
    }

    /// The next token; nil at the end.
    public mutating func next() -> Token? {
      if position == found.count { refill() }
      guard position < found.count else { return nil }
      position += 1
      return found[position - 1]
    }

    private mutating func refill() {
      found.removeAll(keepingCapacity: true)
      position = 0
      guard tokenizer.boundaries.fill(batch, from: text.utf8.span, &cursor) else { return }
      found.append(tokensOf: batch)
      // A batch ends behind white space or an ideographic stop, which no joined token holds.
      let joins = tokenizer.joinedTokens
      if !joins.isEmpty { found = joins.joined(found, in: text.utf8.span) }
    }
  }
}
