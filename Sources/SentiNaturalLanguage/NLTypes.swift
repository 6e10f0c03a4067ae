/// What a text is cut into.
public enum NLTokenUnit: Int, CaseIterable, Hashable, Sendable {
  /// Words.
  case word
  /// Sentences.
  case sentence
  /// Paragraphs: what stands between line feeds.
  case paragraph
  /// The whole text.
  case document
}

/// A language, by its tag (BCP 47).
public struct NLLanguage: RawRepresentable, Hashable, Sendable {
  /// The tag.
  public let rawValue: String

  /// Names a language by its tag.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Names a language by its tag.
  public init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  /// English.
  public static let english = NLLanguage("en")
  /// German.
  public static let german = NLLanguage("de")
  /// French.
  public static let french = NLLanguage("fr")
  /// Spanish.
  public static let spanish = NLLanguage("es")
  /// Simplified Chinese.
  public static let simplifiedChinese = NLLanguage("zh-Hans")
  /// Japanese.
  public static let japanese = NLLanguage("ja")
  /// Thai.
  public static let thai = NLLanguage("th")
}

/// What a tag tells of a piece of text.
public struct NLTagScheme: RawRepresentable, Hashable, Sendable {
  /// The scheme's name.
  public let rawValue: String

  /// Names a scheme.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Word, punctuation, white space or other.
  public static let tokenType = NLTagScheme(rawValue: "TokenType")
  /// The script, by its four-letter name (ISO 15924).
  public static let script = NLTagScheme(rawValue: "Script")
  /// A number from -1, negative, to 1, positive; of a program that gave a scorer to ``NLTagger``.
  public static let sentimentScore = NLTagScheme(rawValue: "SentimentScore")
}

/// What was found of a piece of text.
public struct NLTag: RawRepresentable, Hashable, Sendable {
  /// The tag's name, or a number as text.
  public let rawValue: String

  /// Names a tag.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// A word or a number.
  public static let word = NLTag(rawValue: "Word")
  /// A punctuation mark.
  public static let punctuation = NLTag(rawValue: "Punctuation")
  /// White space.
  public static let whitespace = NLTag(rawValue: "Whitespace")
  /// Anything else: symbols and emoji.
  public static let other = NLTag(rawValue: "Other")
}
