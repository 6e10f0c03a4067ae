package import SentiTensor

/// Where a model is read from.
///
///     let english = try SentimentClassifier(.bundled(.english))
///     let mine = try SentimentClassifier(.file("mine.safetensors"))
public enum ModelSource: Hashable, Sendable {
  /// A file, by its path.
  case file(String)
  /// A file's bytes, which an app has from anywhere; `name` stands in messages where a path would.
  case memory([UInt8], name: String)
  /// A model that comes with the package.
  case bundled(BundledModel)

  /// The path, or what stands in messages instead.
  public var name: String {
    switch self {
    case .file(let path): path
    case .memory(_, let name): name
    case .bundled(let model): "\(model.rawValue).safetensors (inside the program)"
    }
  }

  /// The path of a file; nil for others.
  package var path: String? {
    if case .file(let path) = self { path } else { nil }
  }

  /// The model that comes with the package; nil for others.
  package var bundledModel: BundledModel? {
    if case .bundled(let model) = self { model } else { nil }
  }

  /// Writes the model's file as it is: a bundled one for other programs, say.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the model cannot be read or the file not written.
  public func write(to path: String, overwriting: Bool = false) throws(ModelError) {
    try ModelFile.archive { () throws(ArchiveError) in
      try archive().write(to: path, overwriting: overwriting)
    }
  }

  /// What a file says that its model is; empty where it does not say.
  package func kind() throws(ModelError) -> String {
    try ModelFile.archive { () throws(ArchiveError) in
      try archive().metadata[ModelFile.Key.kind] ?? ""
    }
  }

  /// Opens the file.
  package func archive() throws(ArchiveError) -> SafetensorsArchive {
    switch self {
    case .file(let path): try SafetensorsArchive(contentsOf: path)
    case .memory(let bytes, let name): try SafetensorsArchive(bytes: bytes, name: name)
    case .bundled(let model): try SafetensorsArchive(model.fileBytes, path: name)
    }
  }
}
