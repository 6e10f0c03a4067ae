/// Pieces of text that are taken as one token although Unicode's word boundaries cut them.
public struct JoinedTokens: OptionSet, Hashable, Sendable {
  /// The options as bits.
  public let rawValue: UInt8

  /// Takes the options as bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Web addresses that begin with `http://`, `https://`, `ftp://` or `www.`; closing punctuation is
  /// not part of one.
  public static let urls = JoinedTokens(rawValue: 1)
  /// Mail addresses.
  public static let emails = JoinedTokens(rawValue: 2)
  /// `@name`, of letters, digits and `_` of ASCII.
  public static let mentions = JoinedTokens(rawValue: 4)
  /// `#topic`, of letters, digits and `_`, not digits alone.
  public static let hashtags = JoinedTokens(rawValue: 8)
  /// All of them.
  public static let all: JoinedTokens = [.urls, .emails, .mentions, .hashtags]

  /// The tokens of a text with the chosen ones joined.
  ///
  /// A joined token begins where a token begins; what is left of a token that it ends in stays one.
  func joined(_ tokens: [Token], in bytes: Span<UInt8>) -> [Token] {
    var output: [Token] = []
    output.reserveCapacity(tokens.count)
    var end = 0
    for token in tokens where token.byteRange.upperBound > end {
      let start = max(end, token.byteRange.lowerBound)
      if start == token.byteRange.lowerBound, let (length, kind) = match(bytes, at: start) {
        end = start + length
        output.append(Token(byteRange: start..<end, kind: kind))
        guard end < token.byteRange.upperBound else { continue }
        output.append(Token(byteRange: end..<token.byteRange.upperBound, kind: token.kind))
      } else {
        output.append(Token(byteRange: start..<token.byteRange.upperBound, kind: token.kind))
      }
      end = max(end, token.byteRange.upperBound)
    }
    return output
  }

  /// The length and kind of what is joined from a place on.
  private func match(_ bytes: Span<UInt8>, at start: Int) -> (Int, TokenKind)? {
    let found: [(JoinedTokens, TokenKind, Int?)] = [
      (.urls, .url, contains(.urls) ? AddressScanner.urlLength(bytes, start) : nil),
      (.emails, .email, contains(.emails) ? AddressScanner.emailLength(bytes, start) : nil),
      (.mentions, .mention, contains(.mentions) ? AddressScanner.mentionLength(bytes, start) : nil),
      (.hashtags, .hashtag, contains(.hashtags) ? AddressScanner.hashtagLength(bytes, start) : nil),
    ]
    return found.lazy.compactMap { entry in entry.2.map { ($0, entry.1) } }.first
  }
}

/// Recognizes addresses, mentions and topics.
enum AddressScanner {
  /// The length of a web address at a place.
  static func urlLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard
      let prefix = ["http://", "https://", "ftp://", "www."].first(where: {
        hasPrefix(bytes, start, $0)
      })
    else { return nil }
    let minimum = start + prefix.utf8.count
    var end = minimum
    while end < bytes.count, isURLByte(bytes[end]) { end += 1 }
    let opens = (minimum..<end).contains { bytes[$0] == UInt8(ascii: "(") }
    while end > minimum, isClosing(bytes[end - 1], opens: opens) { end -= 1 }
    return end > minimum ? end - start : nil
  }

  /// The length of the part of a mail address before the `@` (RFC 5321, 4.5.3.1.1).
  private static let longestLocalPart = 64

  /// The length of a mail address at a place.
  static func emailLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var at = start
    while at < min(bytes.count, start + longestLocalPart), isLocalByte(bytes[at]) { at += 1 }
    guard at > start, at < bytes.count, bytes[at] == UInt8(ascii: "@"), isWordByte(bytes[start])
    else { return nil }
    var (end, lastDot) = (at + 1, 0)
    while end < bytes.count, isWordByte(bytes[end]) || bytes[end] == UInt8(ascii: "-") || isDot() {
      end += 1
    }
    func isDot() -> Bool {
      guard bytes[end] == UInt8(ascii: "."), end > at + 1, end + 1 < bytes.count,
        isWordByte(bytes[end + 1])
      else { return false }
      lastDot = end
      return true
    }
    return lastDot > at + 1 ? end - start : nil
  }

  /// The length of an `@name` at a place.
  static func mentionLength(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "@") else { return nil }
    var end = start + 1
    while end < bytes.count, isWordByte(bytes[end]) { end += 1 }
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

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  /// A byte of the part of a mail address before the `@`.
  private static func isLocalByte(_ byte: UInt8) -> Bool {
    isWordByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "%")
  }

  /// A byte of a web address: anything but spaces, controls, quotes and brackets that none has.
  private static func isURLByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"):
      false
    default: byte < 0x80
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

  /// Whether a text of lower-case letters and signs stands at a place, in any case.
  private static func hasPrefix(_ bytes: Span<UInt8>, _ start: Int, _ text: String) -> Bool {
    guard start + text.utf8.count <= bytes.count else { return false }
    return zip(start..., text.utf8).allSatisfy { bytes[$0].foldedASCII == $1 }
  }
}
