internal import SentiText

/// A piece of a string, and what is known of it.
struct TextPiece {
  let range: Range<String.Index>
  let tag: NLTag
  let attributes: NLTokenizer.Attributes
}

/// Cuts strings into pieces; finds none where ICU's data is missing.
struct TextPieceFinder {
  private let words: WordTokenizer?
  private let sentences: SentenceTokenizer?

  /// Follows the rules of a language, or those that all languages share.
  init(language: NLLanguage?) {
    let locale = language?.rawValue ?? ""
    words = (try? WordTokenizer(locale: locale)) ?? (try? WordTokenizer())
    sentences = (try? SentenceTokenizer(locale: locale)) ?? (try? SentenceTokenizer())
  }

  /// The pieces of a string; together they cover it.
  func pieces(of text: String, unit: NLTokenUnit) -> [TextPiece] {
    switch unit {
    case .word: wordPieces(of: text)
    case .sentence: (sentences?.ranges(in: text) ?? []).map { whole(text, $0) }
    case .paragraph: paragraphs(of: text)
    case .document: text.isEmpty ? [] : [whole(text, 0..<text.utf8.count)]
    }
  }

  /// The pieces of a range of a string, cut as if nothing stood around it.
  func pieces(
    of text: String, in range: Range<String.Index>, unit: NLTokenUnit
  ) -> [TextPiece] {
    let part = String(text[range])
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return pieces(of: part, unit: unit).map { piece in
      let begin = part.utf8.distance(from: part.startIndex, to: piece.range.lowerBound)
      let end = part.utf8.distance(from: part.startIndex, to: piece.range.upperBound)
      return TextPiece(
        range: text.range(ofUTF8: start + begin..<start + end), tag: piece.tag,
        attributes: piece.attributes)
    }
  }

  private func wordPieces(of text: String) -> [TextPiece] {
    (words?.tokens(in: text) ?? []).map { token in
      TextPiece(
        range: token.range(in: text), tag: Self.tag(token.kind),
        attributes: Self.attributes(token, text))
    }
  }

  private func whole(_ text: String, _ range: Range<Int>) -> TextPiece {
    TextPiece(range: text.range(ofUTF8: range), tag: .word, attributes: [])
  }

  private func paragraphs(of text: String) -> [TextPiece] {
    var ranges: [Range<Int>] = []
    var start = 0
    for (index, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "\n") {
      ranges.append(start..<(index + 1))
      start = index + 1
    }
    if start < text.utf8.count { ranges.append(start..<text.utf8.count) }
    return ranges.map { whole(text, $0) }
  }

  private static func tag(_ kind: TokenKind) -> NLTag {
    switch kind {
    case .word, .number, .ideograph, .url, .email, .mention, .hashtag: .word
    case .punctuation: .punctuation
    case .space: .whitespace
    case .symbol, .emoji: .other
    }
  }

  private static func attributes(_ token: Token, _ text: String) -> NLTokenizer.Attributes {
    switch token.kind {
    case .number: .numeric
    case .symbol: .symbolic
    case .emoji: .emoji
    case .word
    where text[token.range(in: text)].unicodeScalars.contains { $0.properties.numericType != nil }:
      .numeric
    default: []
    }
  }
}
