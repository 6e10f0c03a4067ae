/// The names of the fields that hold texts and labels.
public struct CorpusFields: Hashable, Sendable {
  /// The field that holds the text.
  public let text: String
  /// The field that holds the label, or `nil` when labels are not wanted.
  public let label: String?

  /// Names the fields.
  ///
  /// - Parameters:
  ///   - text: The field that holds the text; `text` is what most public sets call it.
  ///   - label: The field that holds the label; `label` is what most public sets call it.
  public init(text: String = "text", label: String? = "label") {
    self.text = text
    self.label = label
  }
}
