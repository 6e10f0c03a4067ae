/// The printable characters that `tokenizer.json` files write for bytes.
///
/// Printable bytes of Latin-1 stand for themselves; the others, in order, are U+0100 and onwards, as
/// in GPT-2's encoder.
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0...255).map { byte in
      if isPrintable(byte) { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"
    }
  }()

  private static let bytes = Dictionary(
    uniqueKeysWithValues: zip(characters, UInt8.min...UInt8.max))

  /// Writes bytes in the alphabet.
  static func text(of bytes: [UInt8]) -> String {
    String(String.UnicodeScalarView(bytes.map { characters[Int($0)] }))
  }

  /// Reads bytes out of the alphabet; nil when a character is none of it.
  static func bytes(of text: some StringProtocol) -> [UInt8]? {
    var output: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = bytes[scalar] else { return nil }
      output.append(byte)
    }
    return output
  }

  private static func isPrintable(_ byte: Int) -> Bool {
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
  }
}
