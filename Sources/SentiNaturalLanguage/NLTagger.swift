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
    /// Joins names of several words; without a model of names there are none.
    public static let joinNames = Options(rawValue: 16)
    /// Keeps contractions such as "don't" whole, as they always are here.
    public static let joinContractions = Options(rawValue: 32)
  }

  /// The schemes that were asked for.
  public let tagSchemes: [NLTagScheme]
  /// The string to look at; another one has no ranges of languages.
  public var string: String? {
    didSet { languageRanges = [] }
  }
  private var finder: TextPieceFinder
  /// Ranges that follow the rules of other languages, in order.
  private var languageRanges: [(range: Range<String.Index>, finder: TextPieceFinder)] = []

  private static let scorer = Mutex<(@Sendable (String) -> Double?)?>(nil)

  /// Looks at strings by some schemes.
  public init(tagSchemes: [NLTagScheme]) {
    self.tagSchemes = tagSchemes
    finder = TextPieceFinder(language: nil)
  }

  /// Gives all taggers the function that scores a text, from -1, negative, to 1, positive.
  ///
  /// Without one, and after nil was given, texts are scored by the English model of `Senti` where the program
  /// links it; else the sentiment scheme has no tags.
  public static func setSentimentScorer(_ scorer: (@Sendable (String) -> Double?)?) {
    Self.scorer.withLock { $0 = scorer }
  }

  /// Follows the rules of a language; those that all languages share, where ICU knows it not.
  public func setLanguage(_ language: NLLanguage) {
    finder = TextPieceFinder(language: language)
  }

  /// Follows the rules of a language in a range of the string, whose words and sentences end where it does.
  ///
  /// - Parameters:
  ///   - language: The language.
  ///   - range: A range of ``string``; the last language given for a place counts.
  public func setLanguage(_ language: NLLanguage, range: Range<String.Index>) {
    let added = TextPieceFinder(language: language)
    let others = languageRanges.flatMap { old in
      [
        old.range.lowerBound..<range.lowerBound.clamped(to: old.range),
        range.upperBound.clamped(to: old.range)..<old.range.upperBound,
      ].filter { !$0.isEmpty }.map { ($0, old.finder) }
    }
    languageRanges = (others + [(range, added)]).sorted { $0.0.lowerBound < $1.0.lowerBound }
  }

  /// The language of the string; nil where ``NLLanguageRecognizer`` is not sure.
  public var dominantLanguage: NLLanguage? {
    string.flatMap { NLLanguageRecognizer.dominantLanguage(for: $0) }
  }

  /// The range of the piece that an index lies in; empty, at the index, when it lies in none.
  public func tokenRange(at index: String.Index, unit: NLTokenUnit) -> Range<String.Index> {
    pieces(unit).first { $0.range.contains(index) }?.range ?? index..<index
  }

  /// The range of all pieces that overlap a range; the range itself when none does.
  public func tokenRange(
    for range: Range<String.Index>, unit: NLTokenUnit
  ) -> Range<String.Index> {
    let found = pieces(unit).map(\.range).filter { $0.overlaps(range) }
    guard let first = found.first, let last = found.last else { return range }
    return first.lowerBound..<last.upperBound
  }

  /// The schemes that have tags of a unit in a language.
  public static func availableTagSchemes(
    for unit: NLTokenUnit, language: NLLanguage
  ) -> [NLTagScheme] {
    let scored: [NLTagScheme] = unit == .word ? [] : [.sentimentScore]
    return [.tokenType, .language, .script] + (language == .english ? scored : [])
  }

  /// The tag of the piece that an index lies in, and its range.
  public func tag(
    at index: String.Index, unit: NLTokenUnit, scheme: NLTagScheme
  ) -> (NLTag?, Range<String.Index>) {
    let text = string ?? ""
    let piece = pieces(unit).first { $0.range.contains(index) }
    guard let piece else { return (nil, index..<index) }
    return (tag(of: piece, in: text, scheme), piece.range)
  }

  /// The tags of the pieces that overlap a range, and their ranges.
  public func tags(
    in range: Range<String.Index>, unit: NLTokenUnit, scheme: NLTagScheme, options: Options = []
  ) -> [(NLTag?, Range<String.Index>)] {
    let text = string ?? ""
    return pieces(unit).filter { piece in
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

  /// The pieces of the string; together they cover it.
  private func pieces(_ unit: NLTokenUnit) -> [TextPiece] {
    guard let text = string else { return [] }
    // Paragraphs and documents are the same in all languages.
    guard !languageRanges.isEmpty, unit == .word || unit == .sentence else {
      return finder.pieces(of: text, unit: unit)
    }
    var (found, end): ([TextPiece], String.Index) = ([], text.startIndex)
    for (range, own) in languageRanges {
      found += finder.pieces(of: text, in: end..<range.lowerBound, unit: unit)
      found += own.pieces(of: text, in: range, unit: unit)
      end = range.upperBound
    }
    return found + finder.pieces(of: text, in: end..<text.endIndex, unit: unit)
  }

  private func tag(of piece: TextPiece, in text: String, _ scheme: NLTagScheme) -> NLTag? {
    switch scheme {
    case .tokenType: piece.tag
    case .language:
      NLLanguageRecognizer.dominantLanguage(for: String(text[piece.range]))
        .map { NLTag(rawValue: $0.rawValue) }
    case .script:
      ScriptDetector.dominantScript(in: text[piece.range]).map { NLTag(rawValue: $0) }
    case .sentimentScore:
      Self.score(String(text[piece.range])).map { NLTag(rawValue: "\($0)") }
    default: nil
    }
  }
}

extension NLTagger {
  private static func score(_ text: String) -> Double? {
    if let scorer = scorer.withLock(\.self) { return scorer(text) }
    return LinkedSentiment.score(of: text)
  }
}

extension String.Index {
  /// The index, or the end of a range that it lies beyond.
  fileprivate func clamped(to range: Range<String.Index>) -> String.Index {
    min(max(self, range.lowerBound), range.upperBound)
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
