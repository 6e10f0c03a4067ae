import ArgumentParser
import SentiCorpora

/// The texts that a verb reads: files of one text each, or words of the command line.
struct InputOptions: ParsableArguments {
  @Argument(help: "Files of one text each; - or a pipe is standard input.", completion: .file())
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "A text itself, instead of a file; may be given many times.", valueName: "text"))
  var text: [String] = []

  @Flag(name: .shortAndLong, help: "Read the files in folders, and in folders within them.")
  var recursive = false

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  func validate() throws {
    guard text.isEmpty || files.isEmpty && !recursive else {
      throw ValidationError("Expected files or --text, found both.")
    }
    if files.isEmpty && text.isEmpty && Terminal.isInputTerminal {
      throw ValidationError("Expected a file, --text \"...\", or a text on standard input.")
    }
  }

  /// The inputs in order, folders replaced by what they hold.
  ///
  /// - Returns: One input a text, or what is wrong with the path that was to give texts.
  func sources() -> [Result<InputSource, InputFailure>] {
    guard text.isEmpty else { return text.map { .success(.text($0)) } }
    guard !files.isEmpty else { return [.success(.standardInput)] }
    return files.flatMap { path -> [Result<InputSource, InputFailure>] in
      if path == "-" { return [.success(.standardInput)] }
      return recursive ? Self.sources(under: path) : [.success(.file(path))]
    }
  }

  /// Whether there is one text that has no name.
  var isOneWithoutName: Bool {
    text.isEmpty ? files.isEmpty || files == ["-"] : text.count == 1
  }

  /// What results call the place of a text.
  var placeName: String { text.isEmpty ? "file" : "text" }

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
