/// Unicode's full case folding, character by character.
enum CaseFolding {
  /// Folds a text.
  ///
  /// ASCII and every letter whose folding is one letter of the same length keep the alignment as it
  /// is; only others (`ß`, ligatures, `ẞ`) add an edit.
  static func apply(to text: inout AlignedText) {
    let source = text.utf8
    var rewriter = TextRewriter(capacity: source.count)
    var index = 0
    while index < source.count {
      let byte = source[index]
      if byte < 0x80 {
        rewriter.substitute(byte.foldedASCII)
        index += 1
      } else {
        index = fold(source.span, at: index, into: &rewriter)
      }
    }
    text.apply(rewriter)
  }

  private static func fold(
    _ source: Span<UInt8>, at index: Int, into rewriter: inout TextRewriter
  ) -> Int {
    let step = UTF8Decoding.step(source, at: index)
    let range = index..<(index + step.length)
    guard let scalar = step.scalar else {
      rewriter.copy(source, range)
      return range.upperBound
    }
    let folded = CharacterProperties.folded(scalar)
    var bytes: [UInt8] = []
    bytes.appendUTF8(utf16: folded[...])
    rewriter.replace(
      range, with: bytes, isOneForOne: folded.count == folded.scalarLength(at: 0))
    return range.upperBound
  }
}

extension UInt8 {
  /// The byte's lower-case letter, when it is an upper-case letter of ASCII.
  var foldedASCII: UInt8 {
    (0x41...0x5A).contains(self) ? self | 0x20 : self
  }
}
