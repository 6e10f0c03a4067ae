internal import SentiText

/// A text in which nothing means anything to HTML.
func escaped(_ text: String) -> String {
  guard text.utf8.contains(where: HTMLEscape.isSpecial) else { return text }
  var escaped: [UInt8] = []
  escaped.reserveCapacity(text.utf8.count + 16)
  for byte in text.utf8 {
    if let entity = HTMLEscape.entities[byte] {
      escaped += entity
    } else {
      escaped.append(byte)
    }
  }
  return String(decoding: escaped, as: UTF8.self)
}

/// A text as a page shows it: escaped, and with control characters and marks that turn the direction of
/// writing spelled out, but for line feeds and tabs.
func shown(_ text: String) -> String {
  escaped(text.replacing("\r\n", with: "\n").escapingControls { $0 == "\n" || $0 == "\t" })
}

/// A whole number with a comma between thousands.
func grouped(_ value: Int) -> String {
  let digits = Array(String(value))
  return digits.enumerated().map { index, digit in
    index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
  }.joined()
}

/// The characters that have a meaning in HTML.
private enum HTMLEscape {
  static let entities: [UInt8: [UInt8]] = [
    UInt8(ascii: "&"): Array("&amp;".utf8), UInt8(ascii: "<"): Array("&lt;".utf8),
    UInt8(ascii: ">"): Array("&gt;".utf8), UInt8(ascii: "\""): Array("&quot;".utf8),
    UInt8(ascii: "'"): Array("&#39;".utf8),
  ]

  static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}
