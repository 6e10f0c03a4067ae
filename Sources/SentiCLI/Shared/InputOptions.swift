import ArgumentParser
import SentiCorpora

/// The files that a verb reads as one text each.
struct InputOptions: ParsableArguments {
  @Argument(help: "Files of one text each; - or a pipe is standard input.", completion: .file())
  var files: [String] = []

  @Flag(name: .shortAndLong, help: "Read the files in folders, and in folders within them.")
  var recursive = false

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  func validate() throws {
    if files.isEmpty && Terminal.isInputTerminal {
      throw ValidationError("Expected a file, or a text on standard input.")
    }
  }

  /// The inputs in order, folders replaced by what they hold.
  ///
  /// - Returns: One input a text, or what is wrong with the path that was to give texts.
  func sources() -> [Result<InputSource, InputFailure>] {
    guard !files.isEmpty else { return [.success(.standardInput)] }
    return files.flatMap { path -> [Result<InputSource, InputFailure>] in
      if path == "-" { return [.success(.standardInput)] }
      return recursive ? Self.sources(under: path) : [.success(.file(path))]
    }
  }

  private static func sources(under path: String) -> [Result<InputSource, InputFailure>] {
    do {
      return (try TextFolder.files(under: path) ?? [path]).map { .success(.file($0)) }
    } catch {
      return [.failure(InputFailure(error, source: .file(path)))]
    }
  }
}

extension TextFolder {
  /// The files of a folder and of the folders in it; nil for what is no folder.
  static func files(under path: String) throws(CorpusError) -> [String]? {
    do { return try TextFolder(path).files(isRecursive: true) } catch {
      guard error.problem == .isNotFolder else { throw error }
      return nil
    }
  }
}
