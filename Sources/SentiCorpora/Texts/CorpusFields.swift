/// The names of the fields that hold texts and labels.
public struct CorpusFields: Hashable, Sendable {
  /// The field that holds the text.
  public let text: String
  /// The field that holds the label, or `nil` when labels are not wanted.
  public let label: String?
  /// The field that holds a teacher's probabilities, or `nil` when they are not wanted.
  public let softLabel: String?
  /// The field that holds the weight of a text, or `nil` when all weigh 1.
  public let weight: String?
  /// The field that holds the group of a text, such as its product, or `nil` when groups are not wanted.
  public let group: String?

  /// Names the fields.
  ///
  /// - Parameters:
  ///   - text: The field that holds the text; `text` is what most public sets call it.
  ///   - label: The field that holds the label; `label` is what most public sets call it.
  ///   - softLabel: The field that holds a teacher's probabilities; a row may lack it.
  ///   - weight: The field that holds the weight of a text; a row may lack it.
  ///   - group: The field that holds the group of a text.
  public init(
    text: String = "text", label: String? = "label", softLabel: String? = nil,
    weight: String? = nil, group: String? = nil
  ) {
    self.text = text
    self.label = label
    self.softLabel = softLabel
    self.weight = weight
    self.group = group
  }
}
