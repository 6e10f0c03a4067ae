/// How a text is normalized before it is cut into words; written into every vocabulary.
///
/// The steps have one order, whatever is chosen:
///
/// 1. HTML: a line break tag becomes a line feed, a character reference its character;
/// 2. the normalization form;
/// 3. lower-casing by the rules of a locale;
/// 4. full case folding;
/// 5. accents taken off;
/// 6. the form once more, where the steps behind it undid it;
/// 7. white space collapsed.
public struct Normalization: Hashable, Sendable, CustomStringConvertible {
  /// A Unicode normalization form.
  public enum Form: String, CaseIterable, Hashable, Sendable {
    /// Characters stay as they are.
    case none
    /// Canonical composition.
    case nfc
    /// Canonical decomposition.
    case nfd
    /// Compatibility composition: ligatures, full-width letters and the like become plain ones.
    case nfkc
    /// Compatibility decomposition.
    case nfkd
  }

  /// Whether HTML line breaks and character references are read as what they stand for.
  public var decodesHTML: Bool
  /// The normalization form.
  public var form: Form
  /// Whether letters are folded to one case, by Unicode's full case folding.
  public var foldsCase: Bool
  /// The locale by whose rules letters become lower-case ("tr": `I` becomes a dotless i); nil when
  /// they stay, empty for the rules that all languages share.
  public var lowercaseLocale: String?
  /// Whether marks are taken off Latin, Greek and Cyrillic letters; in other scripts they are vowels.
  public var stripsAccents: Bool
  /// Whether a run of white space becomes one space.
  public var collapsesSpaces: Bool

  /// Chooses the steps; without arguments there are none.
  public init(
    decodesHTML: Bool = false, form: Form = .none, foldsCase: Bool = false,
    lowercaseLocale: String? = nil, stripsAccents: Bool = false, collapsesSpaces: Bool = false
  ) {
    self.decodesHTML = decodesHTML
    self.form = form
    self.foldsCase = foldsCase
    self.lowercaseLocale = lowercaseLocale
    self.stripsAccents = stripsAccents
    self.collapsesSpaces = collapsesSpaces
  }

  /// No step: the text stays as it is.
  public static let none = Normalization()

  /// What a sentiment model reads by default: HTML decoded, NFKC, one case.
  ///
  /// Reviews on the web hold `<br />`, typographic variants and shouting; none of them should split
  /// a word's statistics.
  public static let reviews = Normalization(decodesHTML: true, form: .nfkc, foldsCase: true)

  /// The steps in their order, as written in a vocabulary's header: "html nfkc fold", or "none".
  public var description: String {
    var steps: [String] = []
    if decodesHTML { steps.append("html") }
    if form != .none { steps.append(form.rawValue) }
    if let lowercaseLocale { steps.append("lower:\(lowercaseLocale)") }
    if foldsCase { steps.append("fold") }
    if stripsAccents { steps.append("strip-accents") }
    if collapsesSpaces { steps.append("collapse-spaces") }
    return steps.isEmpty ? "none" : steps.joined(separator: " ")
  }

  /// Reads what `description` wrote; nil for a step that this version does not know.
  public init?(description: String) {
    self.init()
    guard description != "none" else { return }
    for step in description.split(separator: " ", omittingEmptySubsequences: false) {
      switch step {
      case "html": decodesHTML = true
      case "fold": foldsCase = true
      case "strip-accents": stripsAccents = true
      case "collapse-spaces": collapsesSpaces = true
      case _ where step.hasPrefix("lower:"): lowercaseLocale = String(step.dropFirst(6))
      default:
        guard let form = Form(rawValue: String(step)), form != .none else { return nil }
        self.form = form
      }
    }
    guard self.description == description else { return nil }
  }
}
