internal import FoundationEssentials

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
  /// The percentiles of the probability of the answer, from the lowest to the highest, on the texts that
  /// the model was calibrated on; nil where nobody noted them.
  ///
  /// They tell which probability a given fraction of such texts reaches; see ``Abstention``.
  public var confidenceQuantiles: [Double]?
  /// Some of the texts that the model was trained on, by their hashes; nil where nobody noted them.
  public var trainingTexts: TextFingerprints?

  /// Creates an empty card.
  public init() {}
}

// MARK: Reading

extension ModelCard {
  /// Reads a card; what is missing stays empty.
  ///
  /// - Parameter decoder: Where from.
  /// - Throws: `DecodingError`, where a member is of another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String {
      try values.decodeIfPresent(String.self, forKey: key) ?? ""
    }
    name = try text(.name)
    summary = try text(.summary)
    language = try text(.language)
    license = try text(.license)
    trainingData = try text(.trainingData)
    limits = try text(.limits)
    command = try text(.command)
    machine = try text(.machine)
    date = try text(.date)
    trainingSeconds = try values.decodeIfPresent(Double.self, forKey: .trainingSeconds) ?? 0
    recipe = try values.decodeIfPresent([String: String].self, forKey: .recipe) ?? [:]
    figures = try values.decodeIfPresent([String: Double].self, forKey: .figures) ?? [:]
    confidenceQuantiles = try values.decodeIfPresent([Double].self, forKey: .confidenceQuantiles)
    trainingTexts = try values.decodeIfPresent(TextFingerprints.self, forKey: .trainingTexts)
  }

  /// Reads a card from a JSON file; what is missing there stays empty.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``ModelError/malformedCard(path:reason:)``.
  public init(contentsOf path: String) throws(ModelError) {
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      self = try JSONDecoder().decode(ModelCard.self, from: data)
    } catch {
      throw .malformedCard(path: path, reason: "\(error)")
    }
  }

  /// The names in JSON.
  enum CodingKeys: String, CodingKey {
    case name, summary, language, license, limits, command, machine, date, recipe, figures
    case trainingData = "training_data"
    case trainingSeconds = "training_seconds"
    case confidenceQuantiles = "confidence_quantiles"
    case trainingTexts = "training_texts"
  }
}
