/// Reading of scalars out of UTF-8 bytes.
enum UTF8Decoding {
  /// The outcome of reading at one place.
  struct Step {
    /// The scalar, or none where the bytes are not UTF-8.
    let scalar: UInt32?
    /// How many bytes were read: a scalar's, or a maximal ill-formed part's.
    let length: Int
  }

  /// The start of the scalar that an index lies in.
  static func scalarStart(_ bytes: Span<UInt8>, atOrBefore index: Int) -> Int {
    var index = index
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  /// Reads the scalar at an index of any bytes.
  ///
  /// Where the bytes are ill-formed, the step covers a maximal subpart, the unit that the Unicode
  /// Standard (3.9, table 3-8) recommends to replace by one U+FFFD.
  static func step(_ bytes: Span<UInt8>, at index: Int) -> Step {
    let lead = bytes[index]
    guard lead >= 0x80 else { return Step(scalar: UInt32(lead), length: 1) }
    guard let (length, second) = expectation(lead) else { return Step(scalar: nil, length: 1) }
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    var allowed = second
    for offset in 1..<length {
      guard index + offset < bytes.count, allowed.contains(bytes[index + offset]) else {
        return Step(scalar: nil, length: offset)
      }
      scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F)
      allowed = 0x80...0xBF
    }
    return Step(scalar: scalar, length: length)
  }

  /// The length that a lead byte announces and the second bytes it allows (table 3-7).
  private static func expectation(_ lead: UInt8) -> (Int, ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}

extension [UInt8] {
  /// Appends a scalar value in UTF-8.
  mutating func appendUTF8(_ scalar: UInt32) {
    switch scalar {
    case 0..<0x80:
      append(UInt8(scalar))
    case 0x80..<0x800:
      append(UInt8(0xC0 | scalar >> 6))
      append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      append(UInt8(0xE0 | scalar >> 12))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    default:
      append(UInt8(0xF0 | scalar >> 18))
      append(UInt8(0x80 | scalar >> 12 & 0x3F))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    }
  }

  /// Appends well-formed UTF-16 in UTF-8.
  mutating func appendUTF8(utf16 units: ArraySlice<UInt16>) {
    var index = units.startIndex
    while index < units.endIndex {
      let unit = UInt32(units[index])
      index += 1
      guard unit & 0xFC00 == 0xD800, index < units.endIndex else {
        appendUTF8(unit)
        continue
      }
      appendUTF8(0x10000 + (unit & 0x3FF) << 10 + UInt32(units[index]) & 0x3FF)
      index += 1
    }
  }
}

extension [UInt16] {
  /// Encodes a scalar value.
  init(scalar: UInt32) {
    self =
      scalar < 0x10000
      ? [UInt16(scalar)] : [UInt16(0xD7C0 + scalar >> 10), UInt16(0xDC00 | scalar & 0x3FF)]
  }
}

extension UInt16 {
  /// How many bytes a unit of well-formed UTF-16 takes in UTF-8; a pair of surrogates takes four.
  var utf8Length: Int {
    if self < 0x80 { return 1 }
    return self < 0x800 || self & 0xF800 == 0xD800 ? 2 : 3
  }
}
