/// Joins words into a text with spaces and capitals where a person would put them.
///
///     let detokenizer = Detokenizer(language: .english, capitalizes: true)
///     detokenizer.text(of: ["a", "dog", "'s", "ball", "(", "red", ")", "."])  // A dog's ball (red).
///
/// Marks go by the rules of their language: `Vor- und Nachteile`, `« oui »` with no-break spaces,
/// `5 %` but `5%` in English. Whatever is no mark has a space on both sides, save in scripts that
/// write none.
public struct Detokenizer: Hashable, Sendable {
  /// A language whose rules are known.
  public enum Language: String, CaseIterable, Sendable {
    /// English.
    case english = "en"
    /// German.
    case german = "de"
    /// French.
    case french = "fr"
  }

  /// The language whose rules are followed.
  public var language: Language
  /// Whether lower-cased words get a capital at the start of a sentence, and the English `i`.
  public var capitalizes: Bool

  /// Chooses rules.
  ///
  /// - Parameters:
  ///   - language: The language; English unless given.
  ///   - capitalizes: Whether to put capitals; not unless given.
  public init(language: Language = .english, capitalizes: Bool = false) {
    self.language = language
    self.capitalizes = capitalizes
  }

  /// Joins words and marks.
  ///
  /// - Parameter words: Words and marks in order, each by itself.
  /// - Returns: The text.
  /// - Complexity: O(n).
  public func text(of words: [String]) -> String {
    var text = ""
    var (quotes, gap) = (OpenQuotes(), Gap.none)
    var startsSentence = true
    for (index, word) in words.enumerated() where !word.isEmpty {
      let next = index + 1 < words.count ? words[index + 1] : ""
      let previous = index > 0 ? words[index - 1] : ""
      let hasPartner = words[(index + 1)...].contains(word)
      let place = place(of: word, after: previous, before: next, &quotes, hasPartner)
      text += min(gap, place.before).characters
      text += capitalizes ? capitalized(word, startsSentence) : word
      gap = place.after
      startsSentence = endsSentence(word, after: previous) || startsSentence && !hasLetter(word)
    }
    return text
  }

  /// Sets the marks of a text right that stand between spaces, as in captions cut into words.
  ///
  /// - Parameter text: A text, such as joined subwords give.
  /// - Returns: The text without needless spaces.
  public func text(joining text: String) -> String {
    self.text(of: text.split(separator: " ").map(String.init))
  }

  // MARK: Spaces

  /// What stands between two words; the smaller of two wishes wins.
  private enum Gap: Int, Comparable {
    case none, noBreak, space

    var characters: String {
      switch self {
      case .none: ""
      case .noBreak: "\u{A0}"
      case .space: " "
      }
    }

    static func < (left: Gap, right: Gap) -> Bool { left.rawValue < right.rawValue }
  }

  /// The gaps that a word wishes for.
  private struct Place {
    var before = Gap.space
    var after = Gap.space

    /// A word, or a sign like a word.
    static let free = Place()
    /// A mark that follows its word.
    static let closing = Place(before: .none)
    /// A mark that the next word follows.
    static let opening = Place(after: .none)
    /// A mark between parts of a word, or a word of a script without spaces.
    static let tight = Place(before: .none, after: .none)
    /// A mark behind a space that no line may break at.
    static let spacedClosing = Place(before: .noBreak)
    /// A mark before a space that no line may break at.
    static let spacedOpening = Place(after: .noBreak)
  }

  /// The marks of which every second one closes.
  private struct OpenQuotes {
    var marks: Set<String> = []

    /// Notes a mark; whether it closes.
    mutating func closes(_ mark: String) -> Bool {
      marks.remove(mark) != nil ? true : !marks.insert(mark).inserted
    }
  }

  private func place(
    of word: String, after previous: String, before next: String, _ quotes: inout OpenQuotes,
    _ hasPartner: Bool
  ) -> Place {
    switch word {
    case ".", ",", ")", "]", "}", "\u{2026}", "...", "\u{B0}": return .closing
    case ":" where isNumber(previous) && isNumber(next): return .tight
    case ";", ":", "!", "?": return language == .french ? .spacedClosing : .closing
    case "%": return language == .english ? .closing : .spacedClosing
    case "\u{20AC}", "$", "\u{A3}":
      return language == .english || isNumber(next) && !isNumber(previous)
        ? .opening : .spacedClosing
    case "(", "[", "{", "#", "@", "\u{201E}", "\u{201A}": return .opening
    case "\u{201C}", "\u{2018}": return language == .german ? .closing : .opening
    case "\u{201D}": return .closing
    case "\"": return quotes.closes(word) ? .closing : .opening
    case "\u{AB}", "\u{BB}": return guillemet(word, &quotes)
    case "'", "\u{2019}":
      return apostrophe(
        word, after: previous, before: next, &quotes, hasPartner: hasPartner)
    case "-", "\u{2010}": return hyphen(next)
    case "/": return .tight
    case "\u{2013}": return isNumber(previous) && isNumber(next) ? .tight : .free
    case "\u{2014}": return language == .english ? .tight : .free
    default: break
    }
    guard let first = word.unicodeScalars.first, !isUnspaced(first) else { return .tight }
    if isShortened(word) { return .closing }
    let isElided = language == .french && word.count > 1 && (word.last.map(isApostrophe) ?? false)
    return isElided ? .opening : .free
  }

  /// The French mark has spaces within and points outwards; the German points either way.
  private func guillemet(_ mark: String, _ quotes: inout OpenQuotes) -> Place {
    guard language == .german else { return mark == "\u{AB}" ? .spacedOpening : .spacedClosing }
    return quotes.closes("\u{AB}") ? .closing : .opening
  }

  /// An apostrophe joins the parts of a word; else it is a quote, or stands behind a plural.
  private func apostrophe(
    _ mark: String, after previous: String, before next: String, _ quotes: inout OpenQuotes,
    hasPartner: Bool
  ) -> Place {
    if language == .french { return .tight }
    if hasLetter(previous) && Self.endings.contains(next.lowercased()) { return .tight }
    if mark == "\u{2019}" || quotes.marks.contains(mark) {
      quotes.marks.remove(mark)
      return .closing
    }
    guard hasPartner && previous.last?.lowercased() != "s" else { return .closing }
    return quotes.closes(mark) ? .closing : .opening
  }

  /// What follows an apostrophe in English, and in the German `geht's`.
  private static let endings: Set<String> = ["s", "t", "re", "ll", "ve", "d", "m"]

  /// Whether a word is the second half of a shortened one, such as `'s` and `n't`.
  private func isShortened(_ word: String) -> Bool {
    guard language != .french else { return false }
    if word.lowercased() == "n't" || word.lowercased() == "n\u{2019}t" { return true }
    guard let first = word.first, isApostrophe(first) else { return false }
    return Self.endings.contains(word.dropFirst().lowercased())
  }

  /// A hyphen joins, but for the first of `Vor- und Nachteile`.
  private func hyphen(_ next: String) -> Place {
    let joins = ["und", "oder", "bis", "bzw"].contains(next)
    return language == .german && joins ? .closing : .tight
  }

  // MARK: Capitals

  private func capitalized(_ word: String, _ startsSentence: Bool) -> String {
    let isI =
      language == .english && (word == "i" || word.hasPrefix("i'") || word.hasPrefix("i\u{2019}"))
    guard startsSentence || isI, word == word.lowercased(), let first = word.unicodeScalars.first
    else { return word }
    return first.properties.titlecaseMapping + String(word.unicodeScalars.dropFirst())
  }

  private func endsSentence(_ word: String, after previous: String) -> Bool {
    switch word {
    case "!", "?": true
    case ".": previous.count > 1 && !Self.abbreviations.contains(previous.lowercased())
    default: false
    }
  }

  /// Words behind which a full stop ends no sentence.
  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "st", "vs", "e.g", "i.e", "no", "bzw", "ca", "nr", "z.b", "d.h", "mme",
  ]

  private func hasLetter(_ word: String) -> Bool {
    word.unicodeScalars.contains { $0.properties.isAlphabetic }
  }

  private func isNumber(_ word: String) -> Bool { word.first?.isNumber ?? false }

  private func isApostrophe(_ character: Character) -> Bool {
    character == "'" || character == "\u{2019}"
  }

  /// Whether a letter belongs to a script that writes no spaces: Thai to Lao, Burmese, Khmer,
  /// Chinese and Japanese with their punctuation.
  private func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x3400...0x9FFF,
      0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
