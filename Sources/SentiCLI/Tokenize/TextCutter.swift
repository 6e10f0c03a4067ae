import SentiText

/// A piece of a text, as it is printed.
struct TextPiece {
  /// Its place in the original text, in UTF-8 bytes.
  let byteRange: Range<Int>
  /// What it is.
  let kind: String
  /// Its number in a vocabulary, where there is one.
  var id: TokenID?
  /// It as normalized.
  let text: String
}

/// One of the ways in which texts are cut; each gives the pieces of a text, but white space.
enum TextCutter {
  case words(Normalizer, WordTokenizer)
  case units(Normalizer, TextSegmenter)
  case vocabulary(TextPipeline)
  case subwords(BytePairEncoding)

  /// Stretches of a text that may be cut one by one.
  var stretches: TextStretches {
    switch self {
    case .words(let normalizer, _):
      TextStretches(of: .word, normalization: normalizer.normalization)
    case .units(let normalizer, let segmenter):
      TextStretches(of: segmenter.unit, normalization: normalizer.normalization)
    case .vocabulary(let pipeline):
      TextStretches(of: .word, normalization: pipeline.normalization)
    case .subwords: TextStretches(of: nil)
    }
  }

  /// The pieces of a stretch.
  func pieces(of stretch: TextStretches.Stretch) -> [TextPiece] {
    switch self {
    case .words(let normalizer, let tokenizer):
      let text = normalizer.normalized(utf8: stretch.bytes.span)
      return tokenizer.tokens(utf8: text.utf8.span).tokens.filter { $0.kind != .space }.map {
        piece(of: text, $0.byteRange, kind: "\($0.kind)", stretch)
      }
    case .units(let normalizer, let segmenter):
      let text = normalizer.normalized(utf8: stretch.bytes.span)
      return segmenter.ranges(utf8: text.utf8.span).ranges.map {
        piece(of: text, $0, kind: segmenter.unit.rawValue, stretch)
      }.filter { !$0.text.allSatisfy(\.isWhitespace) }
    case .vocabulary(let pipeline):
      return pipeline.tokens(utf8: stretch.bytes.span).tokens.map {
        TextPiece(
          byteRange: $0.token.byteRange.shifted(by: stretch.offset), kind: "\($0.token.kind)",
          id: $0.id, text: $0.text)
      }
    case .subwords(let encoding):
      return encoding.pieces(in: String(decoding: stretch.bytes, as: UTF8.self)).map {
        TextPiece(
          byteRange: $0.byteRange.shifted(by: stretch.offset), kind: "subword", id: $0.id,
          text: String(decoding: encoding.tokenUTF8(for: $0.id) ?? [], as: UTF8.self))
      }
    }
  }

  private func piece(
    of text: AlignedText, _ range: Range<Int>, kind: String, _ stretch: TextStretches.Stretch
  ) -> TextPiece {
    TextPiece(
      byteRange: text.originalRange(of: range).shifted(by: stretch.offset), kind: kind,
      text: String(decoding: text.utf8[range], as: UTF8.self))
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> {
    (lowerBound + offset)..<(upperBound + offset)
  }
}
