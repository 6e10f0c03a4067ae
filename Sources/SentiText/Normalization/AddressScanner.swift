/// Recognizes addresses, mentions and topics.
///
/// Letters beyond ASCII belong to them (`https://de.wikipedia.org/wiki/M\u{FC}ller`,
/// `j\u{F6}rg@m\u{FC}ller.de`), those of scripts without spaces do not, because the sentence may go on
/// without one.
enum AddressScanner {
  private static let prefixes = ["http://", "https://", "ftp://", "www."]

  /// The length of a web address at a place.
  static func urlLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard let prefix = prefixes.first(where: { bytes.matches($0, at: start) }) else { return nil }
    let minimum = start + prefix.utf8.count
    var end = minimum
    while case let length = urlCharacterLength(bytes, end), length > 0 { end += length }
    let opens = (minimum..<end).contains { bytes[$0] == UInt8(ascii: "(") }
    while end > minimum, isClosing(bytes[end - 1], opens: opens) { end -= 1 }
    return end > minimum ? end - start : nil
  }

  /// The length of the part of a mail address before the `@` (RFC 5321, 4.5.3.1.1).
  static let longestLocalPart = 64

  /// The length of a mail address at a place.
  static func emailLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard wordLength(bytes, start) > 0 else { return nil }
    var at = start
    while at < min(bytes.count, start + longestLocalPart),
      case let length = localLength(bytes, at), length > 0
    {
      at += length
    }
    guard at > start, bytes.byte(at) == UInt8(ascii: "@"), at < bytes.count else { return nil }
    return domainEnd(bytes, from: at + 1).map { $0 - start }
  }

  /// Where the domain of a mail address ends; nil where none with a dot begins.
  static func domainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var (end, lastDot) = (start, 0)
    while end < bytes.count {
      let length = wordLength(bytes, end)
      if length > 0 {
        end += length
      } else if bytes[end] == UInt8(ascii: "-") {
        end += 1
      } else if bytes[end] == UInt8(ascii: "."), end > start, wordLength(bytes, end + 1) > 0 {
        lastDot = end
        end += 1
      } else {
        break
      }
    }
    return lastDot > start ? end : nil
  }

  /// The length of an `@name` at a place.
  static func mentionLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "@") else { return nil }
    var end = start + 1
    while case let length = wordLength(bytes, end), length > 0 { end += length }
    return end > start + 1 ? end - start : nil
  }

  /// The length of a `#topic` at a place.
  static func hashtagLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "#") else { return nil }
    var (end, hasLetter) = (start + 1, false)
    while end < bytes.count {
      let step = UTF8Decoding.step(bytes, at: end)
      guard let scalar = step.scalar, isTopicScalar(scalar) else { break }
      if !CharacterProperties.isDigit(scalar) { hasLetter = true }
      end += step.length
    }
    return hasLetter ? end - start : nil
  }

  // MARK: Characters

  /// The length of a letter, a digit or `_` at a place; 0 for anything else.
  static func wordLength(_ bytes: Span<UInt8>, _ index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    let byte = bytes[index]
    if byte < 0x80 { return byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") ? 1 : 0 }
    let step = UTF8Decoding.step(bytes, at: index)
    guard let scalar = step.scalar, isSpaced(scalar) else { return 0 }
    return step.length
  }

  /// Whether a letter, digit or mark beyond ASCII is of a script that parts its words by spaces.
  private static func isSpaced(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xE00...0xEFF, 0x1000...0x11FF, 0x1780...0x17FF, 0x2E80...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFFDC, 0x20000...0x3FFFF:
      false
    default:
      CharacterProperties.isAlphabetic(scalar) || CharacterProperties.isDigit(scalar)
        || CharacterProperties.isCombining(scalar)
    }
  }

  /// The length of a character of the part of a mail address before the `@`; 0 for anything else.
  static func localLength(_ bytes: Span<UInt8>, _ index: Int) -> Int {
    switch bytes[index] {
    case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "%"): 1
    default: wordLength(bytes, index)
    }
  }

  /// The length of a character of a web address: anything but spaces, controls, quotes and brackets
  /// that none has; 0 for those.
  private static func urlCharacterLength(_ bytes: Span<UInt8>, _ index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    switch bytes[index] {
    case 0...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"):
      return 0
    case let byte: return byte < 0x80 ? 1 : wordLength(bytes, index)
    }
  }

  /// Whether a byte closes the sentence around a web address and is not part of it.
  private static func isClosing(_ byte: UInt8, opens: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"),
      UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "]"),
      UInt8(ascii: "["), UInt8(ascii: "("):
      true
    case UInt8(ascii: ")"): !opens
    default: false
    }
  }

  private static func isTopicScalar(_ scalar: UInt32) -> Bool {
    scalar == 0x5F || CharacterProperties.isAlphabetic(scalar)
      || CharacterProperties.isDigit(scalar)
  }
}
