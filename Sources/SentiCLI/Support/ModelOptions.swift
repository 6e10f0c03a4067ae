import ArgumentParser
import SentiCorpora
import SentiModels
import SentiTensor

/// The model that a verb scores with.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: .file(
      "A model file, or small: the fast one of the two English models that come with senti "
        + "(default: the accurate one)."),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @OptionGroup var threads: ThreadOptions

  /// The number of threads to use.
  var threadCount: Int { threads.count }

  /// Where the model is read from.
  var source: ModelSource { ModelSource(argument: model) }

  /// Loads the model.
  func classifier() throws -> SentimentClassifier { try SentimentClassifier(source) }
}

extension ModelSource {
  /// The model that an argument names: by default the accurate English one that comes with senti.
  ///
  /// A file that is called english or small comes before the model of that name.
  init(argument: String?) {
    switch argument {
    case nil: self = .bundled(.english)
    case "english" where !FileSystem.exists("english"): self = .bundled(.english)
    case "small" where !FileSystem.exists("small"): self = .bundled(.englishSmall)
    case let path?: self = .file(path)
    }
  }
}

/// How many threads a verb uses, where results do not depend on it.
struct ThreadOptions: ParsableArguments {
  @Option(help: .count("The number of threads (default: one a core). Results do not depend on it."))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("Expected at least 1 thread, found \(threads).")
    }
  }

  /// The number of threads to use.
  var count: Int { threads ?? Machine.coreCount }
}

extension Failure {
  /// Refuses rounded weights; names the model's file.
  static func requireFull(_ precision: WeightPrecision, _ source: ModelSource) throws(Failure) {
    guard precision != .full else { return }
    throw Failure(
      "\(source.name): expected a model in full precision, found \(precision.rawValue)", .badData)
  }
}
