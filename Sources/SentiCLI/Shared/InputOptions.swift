import ArgumentParser
import SentiCorpora

/// The files that a verb reads as one text each.
struct InputOptions: ParsableArguments {
  @Argument(help: "Files of one text each; - or a pipe is standard input.", completion: .file())
  var files: [String] = []

  @Flag(name: .shortAndLong, help: "Read the files in folders, and in folders within them.")
  var recursive = false

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
      return try TextFolder(path).files(isRecursive: true).map { .success(.file($0)) }
    } catch  where error.problem == .isNotFolder {
      return [.success(.file(path))]
    } catch {
      return [.failure(InputFailure(error, source: .file(path)))]
    }
  }
}
