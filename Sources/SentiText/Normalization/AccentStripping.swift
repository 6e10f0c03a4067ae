/// Latin, Greek and Cyrillic letters without their marks.
struct AccentStripping: Sendable {
  private let decomposition: NormalizationForm?

  /// Finds the data of canonical decomposition.
  init() throws(ICUError) {
    decomposition = try NormalizationForm(.nfd)
  }

  /// Takes the marks off; a letter that is no letter with a mark in Unicode (`ø`, `ł`) stays.
  func apply(to text: inout AlignedText) {
    let first = text.utf8.firstNonASCII(from: 0)
    guard first < text.utf8.count else { return }
    var takesAccents = first > 0 && CharacterProperties.takesAccents(UInt32(text.utf8[first - 1]))
    text.rewrite(from: first) { _, range, scalar in
      if scalar >= 0x80 && CharacterProperties.isNonspacingMark(scalar) {
        return takesAccents ? (range.count, []) : nil
      }
      takesAccents = CharacterProperties.takesAccents(scalar)
      guard scalar >= 0x80, takesAccents else { return nil }
      let plain = plain(scalar)
      return plain == UTF8Decoding.encoded(scalar) ? nil : (range.count, plain)
    }
  }

  /// A letter's decomposition without its marks.
  private func plain(_ scalar: UInt32) -> [UInt8] {
    let units = decomposition?.normalize([UInt16](scalar: scalar)) ?? []
    var bytes: [UInt8] = []
    var index = 0
    while index < units.count {
      let part = units.scalar(at: index)
      if !CharacterProperties.isNonspacingMark(part) { bytes.appendUTF8(part) }
      index += units.scalarLength(at: index)
    }
    return bytes
  }
}
