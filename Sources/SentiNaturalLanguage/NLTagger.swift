internal import SentiText
internal import Synchronization

/// Tells of the pieces of a string what they are, what script they are in, and how they feel.
///
/// The type has the shape of Apple's NLTagger. An instance is used by one thread at a time.
public final class NLTagger {
  /// Which pieces are left out.
  public struct Options: OptionSet, Hashable, Sendable {
    /// The options as bits.
    public let rawValue: UInt

    /// Takes options as bits.
    public init(rawValue: UInt) {
      self.rawValue = rawValue
    }

    /// Leaves out words.
    public static let omitWords = Options(rawValue: 1)
    /// Leaves out punctuation marks.
    public static let omitPunctuation = Options(rawValue: 2)
    /// Leaves out white space.
    public static let omitWhitespace = Options(rawValue: 4)
    /// Leaves out symbols and emoji.
    public static let omitOther = Options(rawValue: 8)
  }

  /// The schemes that were asked for.
  public let tagSchemes: [NLTagScheme]
  /// The string to look at.
  public var string: String?
  private var finder: TextPieceFinder

  private static let scorer = Mutex<(@Sendable (String) -> Double?)?>(nil)

  /// Looks at strings by some schemes.
  public init(tagSchemes: [NLTagScheme]) {
    self.tagSchemes = tagSchemes
    finder = TextPieceFinder(language: nil)
  }

  /// Gives all taggers the function that scores a text, from -1, negative, to 1, positive.
  ///
  /// Without one, and after nil was given, the sentiment scheme has no tags.
  public static func setSentimentScorer(_ scorer: (@Sendable (String) -> Double?)?) {
    Self.scorer.withLock { $0 = scorer }
  }

  /// Follows the rules of a language; those that all languages share, where ICU knows it not.
  public func setLanguage(_ language: NLLanguage) {
    finder = TextPieceFinder(language: language)
  }

  /// The tag of the piece that an index lies in, and its range.
  public func tag(
    at index: String.Index, unit: NLTokenUnit, scheme: NLTagScheme
  ) -> (NLTag?, Range<String.Index>) {
    let text = string ?? ""
    let piece = finder.pieces(of: text, unit: unit).first { $0.range.contains(index) }
    guard let piece else { return (nil, index..<index) }
    return (tag(of: piece, in: text, scheme), piece.range)
  }

  /// The tags of the pieces that overlap a range, and their ranges.
  public func tags(
    in range: Range<String.Index>, unit: NLTokenUnit, scheme: NLTagScheme, options: Options = []
  ) -> [(NLTag?, Range<String.Index>)] {
    let text = string ?? ""
    return finder.pieces(of: text, unit: unit).filter { piece in
      piece.range.overlaps(range) && !(unit == .word && options.omits(piece.tag))
    }.map { (tag(of: $0, in: text, scheme), $0.range) }
  }

  /// Calls `block` with the tags of the pieces that overlap a range, until it returns false.
  public func enumerateTags(
    in range: Range<String.Index>, unit: NLTokenUnit, scheme: NLTagScheme, options: Options = [],
    using block: (NLTag?, Range<String.Index>) -> Bool
  ) {
    for (tag, range) in tags(in: range, unit: unit, scheme: scheme, options: options) {
      guard block(tag, range) else { return }
    }
  }

  private func tag(of piece: TextPiece, in text: String, _ scheme: NLTagScheme) -> NLTag? {
    switch scheme {
    case .tokenType: piece.tag
    case .script:
      ScriptDetector.dominantScript(in: text[piece.range]).map { NLTag(rawValue: $0) }
    case .sentimentScore:
      Self.scorer.withLock(\.self)?(String(text[piece.range])).map { NLTag(rawValue: "\($0)") }
    default: nil
    }
  }
}

extension NLTagger.Options {
  fileprivate func omits(_ tag: NLTag) -> Bool {
    switch tag {
    case .word: contains(.omitWords)
    case .punctuation: contains(.omitPunctuation)
    case .whitespace: contains(.omitWhitespace)
    default: contains(.omitOther)
    }
  }
}
