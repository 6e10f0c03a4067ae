internal import SentiText

/// Cuts a string into words, sentences, paragraphs, or not at all.
///
/// The type has the shape of Apple's NLTokenizer, and like that one gives no spaces and no punctuation
/// marks as words; `WordTokenizer` of SentiText gives all. An instance is used by one thread at a time.
public final class NLTokenizer {
  /// What is known of a token.
  public struct Attributes: OptionSet, Hashable, Sendable {
    /// The attributes as bits.
    public let rawValue: UInt

    /// Takes attributes as bits.
    public init(rawValue: UInt) {
      self.rawValue = rawValue
    }

    /// The token holds digits.
    public static let numeric = Attributes(rawValue: 1)
    /// The token is a symbol.
    public static let symbolic = Attributes(rawValue: 2)
    /// The token is an emoji.
    public static let emoji = Attributes(rawValue: 4)
  }

  /// What strings are cut into.
  public let unit: NLTokenUnit
  /// The string to cut.
  public var string: String? {
    didSet { found = nil }
  }
  private var pieces: TextPieceFinder
  private var found: [TextPiece]?

  /// Cuts strings into units by the rules that all languages share.
  public init(unit: NLTokenUnit) {
    self.unit = unit
    pieces = TextPieceFinder(language: nil)
  }

  /// Follows the rules of a language; those that all languages share, where ICU knows it not.
  public func setLanguage(_ language: NLLanguage) {
    pieces = TextPieceFinder(language: language)
    found = nil
  }

  /// The range of the token that an index lies in; empty, at the index, when it lies in none.
  public func tokenRange(at index: String.Index) -> Range<String.Index> {
    tokens().first { $0.range.contains(index) }?.range ?? index..<index
  }

  /// The range of all tokens that overlap a range; the range itself when none does.
  public func tokenRange(for range: Range<String.Index>) -> Range<String.Index> {
    let found = tokens(for: range)
    guard let first = found.first, let last = found.last else { return range }
    return first.lowerBound..<last.upperBound
  }

  /// The ranges of the tokens that overlap a range.
  public func tokens(for range: Range<String.Index>) -> [Range<String.Index>] {
    tokens().map(\.range).filter { $0.overlaps(range) }
  }

  /// Calls `block` with the tokens that overlap a range and their attributes, until it returns false.
  public func enumerateTokens(
    in range: Range<String.Index>, using block: (Range<String.Index>, Attributes) -> Bool
  ) {
    for token in tokens() where token.range.overlaps(range) {
      guard block(token.range, token.attributes) else { return }
    }
  }

  private func tokens() -> [TextPiece] {
    if let found { return found }
    let tokens = pieces.pieces(of: string ?? "", unit: unit).filter {
      $0.tag == .word || $0.tag == .other
    }
    found = tokens
    return tokens
  }
}
