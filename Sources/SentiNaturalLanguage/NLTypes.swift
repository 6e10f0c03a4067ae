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
  /// The language, by its tag, as ``NLLanguageRecognizer`` finds it.
  public static let language = NLTagScheme(rawValue: "Language")
  /// The script, by its four-letter name (ISO 15924).
  public static let script = NLTagScheme(rawValue: "Script")
  /// A number from -1, negative, to 1, positive: of `Senti` where a program links it, or of a scorer that
  /// was given to ``NLTagger``.
  public static let sentimentScore = NLTagScheme(rawValue: "SentimentScore")
  /// Parts of speech.
  @available(*, unavailable, message: "senti has no model of parts of speech")
  public static let lexicalClass = NLTagScheme(rawValue: "LexicalClass")
  /// Names of people, places and organizations.
  @available(*, unavailable, message: "senti has no model of names")
  public static let nameType = NLTagScheme(rawValue: "NameType")
  /// Names, and parts of speech.
  @available(*, unavailable, message: "senti has no model of names and parts of speech")
  public static let nameTypeOrLexicalClass = NLTagScheme(rawValue: "NameTypeOrLexicalClass")
  /// The word as a dictionary has it.
  @available(*, unavailable, message: "senti has no dictionary of word forms")
  public static let lemma = NLTagScheme(rawValue: "Lemma")
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
