/// A text with the label that a person gave it, and the place that it came from.
public struct LabelledText: Hashable, Sendable {
  /// The text, as it stands in the file.
  public let text: String
  /// The label, or `nil` where there is none.
  public let label: String?
  /// A teacher's probabilities of the labels, or `nil` where there are none.
  public let softLabel: SoftLabel?
  /// The weight of the text in a training's loss.
  public let weight: Double
  /// The group of the text, or `nil` where there is none.
  public let group: String?
  /// Where the text came from.
  public let origin: Origin

  /// Makes a labelled text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - label: The label, or `nil`.
  ///   - softLabel: A teacher's probabilities of the labels, or `nil`.
  ///   - weight: The weight of the text in a training's loss.
  ///   - group: The group of the text, or `nil`.
  ///   - origin: Where the text came from.
  public init(
    _ text: String, label: String?, softLabel: SoftLabel? = nil, weight: Double = 1,
    group: String? = nil, origin: Origin
  ) {
    self.text = text
    self.label = label
    self.softLabel = softLabel
    self.weight = weight
    self.group = group
    self.origin = origin
  }

  /// A place in a file.
  public struct Origin: Hashable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// The line on which the row starts, or `nil` when the whole file is the text.
    public let line: Int?

    /// Makes a place.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - line: The line, counted from 1, or `nil` for the whole file.
    public init(path: String, line: Int? = nil) {
      self.path = path
      self.line = line
    }

    /// The place in the form `path:line`, which editors can open.
    public var description: String {
      line.map { "\(path):\($0)" } ?? path
    }
  }
}
