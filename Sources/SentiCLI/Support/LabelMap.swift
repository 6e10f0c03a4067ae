import SentiModels
import SentiText

/// Finds a model's class for the label of a text.
struct LabelMap {
  private let names: LabelNames
  private let modelLabels: [String]
  /// What the model's labels mean.
  private let modelNames: [String]

  /// Prepares to look labels up.
  ///
  /// - Throws: A ``Failure`` where a pair means a label that the model does not have.
  init(_ names: LabelNames, modelLabels: [String]) throws(Failure) {
    self.names = names
    self.modelLabels = modelLabels
    let meanings = SentimentLabels.names(of: modelLabels)
    modelNames = modelLabels.map { meanings[$0] ?? $0 }
    for meant in names.pairs.values.sorted()
    where !meant.isEmpty && !modelLabels.contains(meant) {
      throw Failure(
        "--label-map: expected a label of the model, \(LabelNames.list(modelLabels)), "
          + "found \(meant.quoted)", .usage)
    }
  }

  /// The classes of labels: by the pairs, else by a model's own name, else by what they mean.
  ///
  /// - Parameters:
  ///   - labels: All labels of the data, as written.
  ///   - data: What messages call the data.
  /// - Returns: The class of each label; none for labels whose texts are left out.
  /// - Throws: A ``Failure`` where a label is none of the model's.
  func classes(of labels: Set<String>, in data: String) throws(Failure) -> [String: Int] {
    let meanings = try names.names(of: labels, in: data)
    LabelNames.warnOfLikes(meanings, in: data)
    var (classes, unknown) = ([String: Int](), Set<String>())
    for label in labels {
      let meaning = meanings[label] ?? label
      if let index = modelClass(of: label, meaning: meaning) {
        classes[label] = index
      } else if !isLeftOut(label, meaning: meaning) {
        unknown.insert(label)
      }
    }
    guard unknown.isEmpty else { throw mismatch(data, found: labels) }
    return classes
  }

  /// Whether a label can be none of the model's, whatever other labels there are.
  func isHopeless(_ label: String) -> Bool {
    if names.areStars { return false }
    let meaning = names.pair(label) ?? SentimentLabels.canonical(label)
    let isOfScale =
      Double(meaning).map { [-1, 0, 1].contains($0) } ?? ["-", "+"].contains(meaning)
    return !isOfScale && modelClass(of: label, meaning: meaning) == nil
      && !isLeftOut(label, meaning: meaning)
  }

  /// The failure for data with labels that are none of the model's.
  func mismatch(_ data: String, found labels: Set<String>) -> Failure {
    let areRatings = SentimentLabels.names(ofRatings: labels) != nil
    let hint = areRatings ? "; \(LabelNames.hint)" : "; --label-map says what is meant"
    return Failure(
      "\(data): expected the model's labels, \(LabelNames.list(modelLabels)), or their aliases, "
        + "found \(LabelNames.list(labels))" + hint, .badData)
  }

  private func modelClass(of label: String, meaning: String) -> Int? {
    let own = names.pair(label) == nil && !names.areStars ? SentimentLabels.trimmed(label) : meaning
    return modelLabels.firstIndex(of: own) ?? modelLabels.firstIndex(of: meaning)
      ?? modelNames.firstIndex(of: meaning)
  }

  /// Texts of a label that means nothing are left out, and those of stars between two labels.
  private func isLeftOut(_ label: String, meaning: String) -> Bool {
    meaning.isEmpty || names.areStars && names.pair(label) == nil && meaning == "neutral"
  }
}
