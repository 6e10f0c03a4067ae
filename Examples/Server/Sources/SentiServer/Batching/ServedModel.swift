internal import Senti
internal import Synchronization

/// A model as it is served, with what only it can be asked.
final class ServedModel: Sendable {
  /// What classifies.
  let classifier: SentimentClassifier
  /// What messages call it.
  let name: String
  /// What tells it from all models that answer otherwise.
  let fingerprint: String

  /// Takes a model, and reads a text so that the first request need not wait.
  init(_ classifier: SentimentClassifier, name: String) {
    self.classifier = classifier
    self.name = name
    fingerprint = classifier.fingerprint
    _ = classifier.prediction(for: "A first text.")
  }
}

/// The model that new requests come to; it can be replaced while others are under way.
final class ModelStore: Sendable {
  private let source: ModelSource
  private let model: Mutex<ServedModel>

  /// Loads a model.
  ///
  /// - Parameter source: Where it is.
  /// - Throws: A `ModelError`, where it cannot be read or is a model of another task.
  init(_ source: ModelSource) throws {
    self.source = source
    model = Mutex(try Self.load(source))
  }

  /// The model that new requests come to.
  var current: ServedModel { model.withLock { $0 } }

  /// Loads the model anew; requests that came before are answered by the one that they came to.
  ///
  /// - Returns: The new model.
  /// - Throws: A `ModelError`; the old model then stays.
  @discardableResult
  func reload() throws -> ServedModel {
    let new = try Self.load(source)
    model.withLock { $0 = new }
    return new
  }

  private static func load(_ source: ModelSource) throws -> ServedModel {
    ServedModel(try SentimentClassifier(source), name: source.name)
  }
}
