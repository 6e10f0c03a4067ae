/// A piece of a text: where it lies in the original, and what it is.
public struct Token: Hashable, Sendable {
  /// The token's place in the original text, in UTF-8 bytes.
  public let byteRange: Range<Int>
  /// What the token is.
  public let kind: TokenKind

  /// Names a token by its place and kind.
  public init(byteRange: Range<Int>, kind: TokenKind) {
    self.byteRange = byteRange
    self.kind = kind
  }
}

/// What a token is.
public enum TokenKind: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// Letters, joined as Unicode's word boundaries join them, or a dictionary word of a script
  /// without spaces (Thai, Lao, Khmer, Burmese).
  case word
  /// Digits, with the separators inside them.
  case number
  /// A punctuation mark.
  case punctuation
  /// A currency, mathematical or other sign.
  case symbol
  /// An emoji, with its modifiers and joined parts.
  case emoji
  /// White space, and characters that print nothing: control and format characters.
  case space
  /// A dictionary word, or one character, of Chinese or Japanese.
  case ideograph
  /// A web address; only when asked for.
  case url
  /// A mail address; only when asked for.
  case email
  /// An `@name`; only when asked for.
  case mention
  /// A `#topic`; only when asked for.
  case hashtag

  /// The kind's name, as it is written in output.
  public var description: String {
    switch self {
    case .word: "word"
    case .number: "number"
    case .punctuation: "punctuation"
    case .symbol: "symbol"
    case .emoji: "emoji"
    case .space: "space"
    case .ideograph: "ideograph"
    case .url: "url"
    case .email: "email"
    case .mention: "mention"
    case .hashtag: "hashtag"
    }
  }
}
