/// Carries out a normalization, and keeps the alignment with the original.
public struct Normalizer: Sendable {
  /// The steps that are carried out.
  public let normalization: Normalization
  private let form: NormalizationForm?
  private let accents: AccentStripping?

  /// Prepares the steps.
  ///
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(_ normalization: Normalization) throws(ICUError) {
    self.normalization = normalization
    form = try NormalizationForm(normalization.form)
    accents = normalization.stripsAccents ? try AccentStripping() : nil
    if let locale = normalization.lowercaseLocale { try Lowercasing.check(locale) }
  }

  /// Normalizes a string; ranges refer to its UTF-8 bytes.
  ///
  /// - Complexity: O(n).
  public func normalized(_ text: String) -> AlignedText {
    normalized(AlignedText(text))
  }

  /// Normalizes bytes; what is not UTF-8 becomes U+FFFD and is counted.
  ///
  /// - Complexity: O(n).
  public func normalized(utf8 bytes: Span<UInt8>) -> AlignedText {
    var text = AlignedText(repairing: bytes)
    normalize(&text)
    return text
  }

  /// Normalizes a text that was rewritten before; ranges refer to its original.
  ///
  /// - Complexity: O(n).
  public func normalized(_ text: AlignedText) -> AlignedText {
    var text = text
    normalize(&text)
    return text
  }

  /// Normalizes a text in its place.
  func normalize(_ text: inout AlignedText) {
    let steps = normalization.reviewSteps
    if normalization.decodesHTML { HTMLDecoding.apply(to: &text) }
    if !steps.isEmpty { steps.applyBeforeForm(to: &text) }
    form?.apply(to: &text)
    if !steps.isEmpty { steps.applyBeforeFolding(to: &text) }
    if let locale = normalization.lowercaseLocale { Lowercasing.apply(to: &text, locale: locale) }
    if normalization.foldsCase { CaseFolding.apply(to: &text) }
    accents?.apply(to: &text)
    if changesLetters { form?.apply(to: &text) }
    if steps.contains(.emoji) { EmojiMarking.apply(to: &text) }
    if normalization.collapsesSpaces { SpaceCollapsing.apply(to: &text) }
  }

  /// Whether a step behind the form may undo it.
  private var changesLetters: Bool {
    normalization.foldsCase || normalization.lowercaseLocale != nil || normalization.stripsAccents
  }
}
