/// Reads texts as normalized words: a normalizer, and a tokenizer behind it.
struct WordReader: Sendable {
  let normalizer: Normalizer
  let tokenizer: WordTokenizer

  /// Prepares both.
  init(normalization: Normalization, locale: String) throws(ICUError) {
    normalizer = try Normalizer(normalization)
    tokenizer = try WordTokenizer(locale: locale)
  }

  /// Calls `body` with every token of a normalized text that is not space.
  func forEachWord(in text: AlignedText, _ body: (Range<Int>, TokenKind) -> Void) {
    tokenizer.boundaries.forEachBatch(in: text.utf8.span) { batch in
      batch.forEach { range, kind in
        if kind != .space { body(range, kind) }
      }
    }
  }
}
