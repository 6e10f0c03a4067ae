import ArgumentParser
import SentiModels

/// The model that a verb scores with.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model file (default: the English model that comes with senti).", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The number of threads (default: one a core). Results do not depend on it.",
      valueName: "count"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("Expected at least 1 thread, found \(threads).")
    }
  }

  /// The number of threads to use.
  var threadCount: Int { threads ?? Machine.coreCount }

  /// Loads the model.
  func classifier() throws -> SentimentClassifier {
    guard let model else { return try SentimentClassifier.bundledEnglish() }
    return try SentimentClassifier(contentsOf: model)
  }
}
