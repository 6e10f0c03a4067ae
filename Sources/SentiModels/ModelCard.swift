/// What people should know of a model: what it was trained on, how, and how well it does.
public struct ModelCard: Hashable, Codable, Sendable {
  /// The model's name.
  public var name = ""
  /// What the model does, and for which texts.
  public var summary = ""
  /// The language of its texts, as a BCP 47 tag.
  public var language = ""
  /// The licence of the weights.
  public var license = ""
  /// What it was trained on, with the data's terms.
  public var trainingData = ""
  /// What it should not be used for, and where it fails.
  public var limits = ""
  /// The command that trained it.
  public var command = ""
  /// The machine that it was trained on.
  public var machine = ""
  /// The day on which the training ended, as YYYY-MM-DD.
  public var date = ""
  /// How long the training took, in seconds.
  public var trainingSeconds = 0.0
  /// The settings of the training, by name.
  public var recipe: [String: String] = [:]
  /// Measured figures, by name, such as `validation_accuracy`.
  public var figures: [String: Double] = [:]

  /// Creates an empty card.
  public init() {}
}
