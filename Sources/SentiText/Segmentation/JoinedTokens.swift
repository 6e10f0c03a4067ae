/// Pieces of text that are taken as one token although Unicode's word boundaries cut them.
public struct JoinedTokens: OptionSet, Hashable, Sendable {
  /// The options as bits.
  public let rawValue: UInt8

  /// Takes the options as bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Web addresses that begin with `http://`, `https://`, `ftp://` or `www.`; closing punctuation is
  /// not part of one, nor a closing bracket that it does not open.
  public static let urls = JoinedTokens(rawValue: 1)
  /// Mail addresses.
  public static let emails = JoinedTokens(rawValue: 2)
  /// `@name`, of letters, digits and `_`; letters of scripts without spaces end it.
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
