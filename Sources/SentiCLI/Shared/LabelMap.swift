import ArgumentParser
import SentiModels

/// A pair of labels as it is written on the command line: the data's, `=`, the model's.
struct LabelPair: ExpressibleByArgument {
  /// What the data says.
  let written: String
  /// What the model says.
  let meant: String

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "=") else { return nil }
    written = String(argument[..<equals])
    meant = String(argument[argument.index(after: equals)...])
    guard !written.isEmpty, !meant.isEmpty else { return nil }
  }
}

/// Finds a model's class for the label of a text.
struct LabelMap {
  private let modelLabels: [String]
  private let pairs: [String: Int]

  /// Prepares to look labels up.
  ///
  /// - Throws: A ``Failure`` where a pair means a label that the model does not have.
  init(_ pairs: [LabelPair], modelLabels: [String]) throws {
    self.modelLabels = modelLabels
    var classes: [String: Int] = [:]
    for pair in pairs {
      guard let index = modelLabels.firstIndex(of: pair.meant) else {
        throw Failure(
          "--label-map: expected a label of the model, \(Self.list(modelLabels)), "
            + "found \"\(pair.meant)\"", .usage)
      }
      classes[pair.written] = index
    }
    self.pairs = classes
  }

  /// The class of a label: by the pairs, else by its own name, else by an alias; nil for none.
  func modelClass(of label: String) -> Int? {
    if let index = pairs[label] ?? modelLabels.firstIndex(of: label) { return index }
    let name = SentimentLabels.canonical(label)
    return modelLabels.firstIndex { SentimentLabels.canonical($0) == name }
  }

  /// The failure for data with labels that are none of the model's.
  func mismatch(_ path: String, found labels: [String]) -> Failure {
    Failure(
      "\(path): expected the model's labels, \(Self.list(modelLabels)), or their aliases, "
        + "found \(Self.list(labels)); --label-map says what is meant", .badData)
  }

  private static func list(_ labels: [String]) -> String {
    let shown = labels.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
    return labels.count > 10 ? "\(shown) and \(labels.count - 10) more" : shown
  }
}
