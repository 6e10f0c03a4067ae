/// How a text is normalized before it is cut into words; written into every vocabulary.
///
/// The steps have one order, whatever is chosen:
///
/// 1. HTML: a line break tag becomes a line feed, a character reference its character;
/// 2. of the ``ReviewSteps``: markup, typography, addresses;
/// 3. the normalization form;
/// 4. of the review steps: emoticons, ratings, capitals, elongation, contractions;
/// 5. lower-casing by the rules of a locale;
/// 6. full case folding;
/// 7. accents taken off;
/// 8. the form once more, where the steps behind it undid it;
/// 9. of the review steps: emoji;
/// 10. white space collapsed.
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

  /// What is done to a text of the web, so that one opinion has one spelling.
  public var reviewSteps: ReviewSteps = []

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

  /// What a sentiment model reads by default: all ``ReviewSteps``, NFKC, one case.
  ///
  /// Reviews on the web hold tags, addresses, typographic variants and shouting; none of them should
  /// split a word's statistics, and emoji, ratings and emphasis should be words themselves.
  public static let reviews: Normalization = {
    var normalization = Normalization(form: .nfkc, foldsCase: true)
    normalization.reviewSteps = .all
    return normalization
  }()

  /// What sentiment models read by default before there were ``ReviewSteps``: HTML decoded, NFKC, one
  /// case.
  public static let reviews1 = Normalization(decodesHTML: true, form: .nfkc, foldsCase: true)

  /// The steps in their order, as written in a vocabulary's header: "html nfkc fold", or "none".
  ///
  /// With review steps the version of their rules comes first: "v2 markup typography nfkc fold".
  public var description: String {
    let before = reviewSteps.intersection([.markup, .typography, .addresses])
    let between = reviewSteps.subtracting([.markup, .typography, .addresses, .emoji])
    var steps = reviewSteps.isEmpty ? [] : [ReviewSteps.version]
    if decodesHTML { steps.append("html") }
    steps += before.names
    if form != .none { steps.append(form.rawValue) }
    steps += between.names
    if let lowercaseLocale { steps.append("lower:\(lowercaseLocale)") }
    if foldsCase { steps.append("fold") }
    if stripsAccents { steps.append("strip-accents") }
    steps += reviewSteps.intersection(.emoji).names
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
      case _ where step == ReviewSteps.version: continue
      case _ where step.hasPrefix("lower:"): lowercaseLocale = String(step.dropFirst(6))
      default:
        if let named = ReviewSteps(name: step) {
          reviewSteps.insert(named)
        } else if let form = Form(rawValue: String(step)), form != .none {
          self.form = form
        } else {
          return nil
        }
      }
    }
    guard self.description == description else { return nil }
  }
}
