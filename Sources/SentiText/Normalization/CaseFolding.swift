/// Unicode's full case folding, character by character.
enum CaseFolding {
  /// Folds a text.
  ///
  /// Every character whose folding has the same length is folded in place, and one letter for one
  /// letter keeps the alignment as it is; an edit is added where a letter becomes two (`ß`), and the
  /// text is written anew only where lengths differ (ligatures, `ẞ`).
  static func apply(to text: inout AlignedText) {
    text.utf8.foldASCII()
    var edits = text.alignment.takeIdentity()
    var index = foldInPlace(&text.utf8, &edits)
    text.alignment = text.alignment.followed(by: edits)
    guard index < text.utf8.count else { return }
    let source = text.utf8
    var rewriter = TextRewriter(capacity: source.count)
    var copied = 0
    while index < source.count {
      let step = UTF8Decoding.step(source.span, at: index)
      let range = index..<(index + step.length)
      if let folded = folded(step.scalar ?? 0) {
        rewriter.copy(source, copied..<index)
        rewriter.replace(range, with: folded.bytes, isOneForOne: folded.isOneScalar)
        copied = range.upperBound
      }
      index = source.firstFolded(from: range.upperBound)
    }
    rewriter.copy(source, copied..<source.count)
    text.apply(rewriter)
  }

  /// Folds characters up to the first whose folding has another length, and returns where that stands.
  private static func foldInPlace(_ bytes: inout [UInt8], _ edits: inout Alignment) -> Int {
    var index = bytes.firstFolded(from: 0)
    while index < bytes.count {
      let step = UTF8Decoding.step(bytes.span, at: index)
      let range = index..<(index + step.length)
      guard let folded = folded(step.scalar ?? 0), folded.bytes.count == step.length else { break }
      for (place, byte) in zip(range, folded.bytes) { bytes[place] = byte }
      if !folded.isOneScalar { edits.append(.init(original: range, rewritten: range)) }
      index = bytes.firstFolded(from: range.upperBound)
    }
    return index
  }

  /// What a character is folded to.
  private struct Folded: Sendable {
    let bytes: [UInt8]
    let isOneScalar: Bool
  }

  /// What a character is folded to; nil when it stays.
  private static func folded(_ scalar: UInt32) -> Folded? {
    if let index = TabulatedCharacters.index(of: scalar) { return table[index] }
    return foldedByICU(scalar)
  }

  private static let table = TabulatedCharacters.all.map { foldedByICU(UInt32($0)) }

  private static func foldedByICU(_ scalar: UInt32) -> Folded? {
    let folded = CharacterProperties.folded(scalar)
    guard folded != [UInt16](scalar: scalar) else { return nil }
    var bytes: [UInt8] = []
    bytes.appendUTF8(utf16: folded[...])
    return Folded(bytes: bytes, isOneScalar: folded.count == folded.scalarLength(at: 0))
  }
}

extension UInt8 {
  /// The byte's lower-case letter, when it is an upper-case letter of ASCII.
  var foldedASCII: UInt8 {
    (0x41...0x5A).contains(self) ? self | 0x20 : self
  }
}
