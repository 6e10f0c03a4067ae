internal import SentiText

/// Finds the language that a text is written in, by its script.
///
/// The type has the shape of Apple's NLLanguageRecognizer. A script that one language is written in says which it is;
/// of scripts that several share, such as Latin, Cyrillic, Arabic and Devanagari, nothing is said: ``dominantLanguage``
/// is nil, unless ``languageConstraints`` leave one of them, or ``languageHints`` prefer one. Chinese is told from
/// Japanese by kana, and simplified from traditional characters by those that only one of them has. An instance is used
/// by one thread at a time.
public final class NLLanguageRecognizer {
  /// The languages that there may be; all where empty.
  public var languageConstraints: [NLLanguage] = []
  /// How probable some languages are before a text is seen; all alike where empty.
  public var languageHints: [NLLanguage: Double] = [:]
  /// The letters of each script, and of some characters of Chinese.
  private var counts: [String: Int] = [:]

  /// Makes a recognizer that has seen nothing.
  public init() {}

  /// The language of a text; nil where its script is that of several.
  public static func dominantLanguage(for string: String) -> NLLanguage? {
    let recognizer = NLLanguageRecognizer()
    recognizer.processString(string)
    return recognizer.dominantLanguage
  }

  /// Looks at more text.
  ///
  /// - Complexity: O(text).
  public func processString(_ string: String) {
    for (script, count) in ScriptDetector.letterCounts(in: string) {
      counts[script, default: 0] += count
    }
    for scalar in string.unicodeScalars {
      if ChineseCharacters.simplified.contains(scalar) { counts["Hans", default: 0] += 1 }
      if ChineseCharacters.traditional.contains(scalar) { counts["Hant", default: 0] += 1 }
    }
  }

  /// Forgets all text; constraints and hints stay.
  public func reset() {
    counts.removeAll()
  }

  /// The language of what was seen; nil where nothing was, or where the script is that of several.
  public var dominantLanguage: NLLanguage? {
    let found = candidates
    let best = found.max { $0.value < $1.value }
    guard let best, best.value > 0.5 else { return nil }
    return best.key
  }

  /// The languages that what was seen may be, with probabilities that sum to 1.
  ///
  /// Languages that share a script are equally probable, but for the hints.
  ///
  /// - Parameter maxHypotheses: The most languages.
  /// - Returns: The most probable languages; none where nothing was seen.
  public func languageHypotheses(withMaximum maxHypotheses: Int) -> [NLLanguage: Double] {
    let ranked = candidates.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    return Dictionary(ranked.prefix(max(0, maxHypotheses)).map { ($0.key, $0.value) }) { first, _ in
      first
    }
  }

  /// The languages of the dominant script with their probabilities.
  private var candidates: [NLLanguage: Double] {
    guard let script = dominantScript else { return [:] }
    var languages = Self.languages(of: script)
    if script == "Hani" { languages = [isTraditional ? .traditionalChinese : .simplifiedChinese] }
    if !languageConstraints.isEmpty { languages = languages.filter(languageConstraints.contains) }
    let weights = languages.map { languageHints.isEmpty ? 1 : max(0, languageHints[$0] ?? 0) }
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return [:] }
    return Dictionary(zip(languages, weights.map { $0 / sum })) { first, _ in first }
  }

  /// The script of most letters; ideographs with any kana among them are Japanese.
  private var dominantScript: String? {
    var letters = counts
    letters["Hans"] = nil
    letters["Hant"] = nil
    let kana = (letters["Hira"] ?? 0) + (letters["Kana"] ?? 0)
    letters["Hira"] = nil
    letters["Kana"] = nil
    if kana > 0 {
      letters["Jpan"] = kana + (letters["Hani"] ?? 0)
      letters["Hani"] = nil
    }
    return letters.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  private var isTraditional: Bool { (counts["Hant"] ?? 0) > (counts["Hans"] ?? 0) }

  /// The languages that are written in a script, of those that have a constant.
  private static func languages(of script: String) -> [NLLanguage] {
    switch script {
    case "Arab": [.arabic, .persian, .urdu]
    case "Armn": [.armenian]
    case "Beng": [.bengali]
    case "Cher": [.cherokee]
    case "Cyrl": [.bulgarian, .kazakh, .mongolian, .russian, .ukrainian]
    case "Deva": [.hindi, .marathi]
    case "Ethi": [.amharic]
    case "Geor": [.georgian]
    case "Grek": [.greek]
    case "Gujr": [.gujarati]
    case "Guru": [.punjabi]
    case "Hang": [.korean]
    case "Hebr": [.hebrew]
    case "Jpan": [.japanese]
    case "Khmr": [.khmer]
    case "Knda": [.kannada]
    case "Laoo": [.lao]
    case "Latn":
      [
        .catalan, .croatian, .czech, .danish, .dutch, .english, .finnish, .french, .german,
        .hungarian, .icelandic, .indonesian, .italian, .malay, .norwegian, .polish, .portuguese,
        .romanian, .slovak, .spanish, .swedish, .turkish, .vietnamese,
      ]
    case "Mlym": [.malayalam]
    case "Mong": [.mongolian]
    case "Mymr": [.burmese]
    case "Orya": [.oriya]
    case "Sinh": [.sinhalese]
    case "Taml": [.tamil]
    case "Telu": [.telugu]
    case "Thai": [.thai]
    case "Tibt": [.tibetan]
    default: []
    }
  }
}

/// Frequent characters that simplified or traditional Chinese alone has.
private enum ChineseCharacters {
  static let simplified = scalars(
    "\u{4E2A}\u{4EEC}\u{8FD9}\u{6765}\u{4E3A}\u{65F6}\u{8BF4}\u{56FD}\u{5BF9}\u{4F1A}\u{540E}\u{8FC7}\u{8FD8}"
      + "\u{6CA1}\u{53D1}\u{7ECF}\u{5B66}\u{8BA9}\u{95EE}\u{5F00}\u{89C1}\u{957F}\u{4E1C}\u{8F66}\u{4E70}"
      + "\u{5356}\u{4E66}\u{4E50}\u{542C}\u{7231}\u{8D28}\u{7F51}\u{95E8}\u{95F4}\u{5173}\u{7535}")
  static let traditional = scalars(
    "\u{500B}\u{5011}\u{9019}\u{4F86}\u{70BA}\u{6642}\u{8AAA}\u{570B}\u{5C0D}\u{6703}\u{5F8C}\u{904E}\u{9084}"
      + "\u{6C92}\u{767C}\u{7D93}\u{5B78}\u{8B93}\u{554F}\u{958B}\u{898B}\u{9577}\u{6771}\u{8ECA}\u{8CB7}"
      + "\u{8CE3}\u{66F8}\u{6A02}\u{807D}\u{611B}\u{8CEA}\u{7DB2}\u{9580}\u{9593}\u{95DC}\u{96FB}")

  private static func scalars(_ text: String) -> Set<Unicode.Scalar> { Set(text.unicodeScalars) }
}
