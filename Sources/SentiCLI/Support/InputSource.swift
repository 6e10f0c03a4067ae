import Glibc
import SentiCorpora
import SentiIO
import SentiText

/// Where a text comes from.
enum InputSource: Hashable {
  case standardInput
  case file(String)
  /// Words of the command line.
  case text(String)

  /// What results call it.
  var path: String {
    switch self {
    case .standardInput: "-"
    case .file(let path): path
    case .text(let text): text
    }
  }

  /// What messages call it.
  var name: String {
    switch self {
    case .standardInput: "standard input"
    case .file(let path): path
    case .text(let text): "--text \(text.quoted)"
    }
  }

  /// The path at which the system finds what an argument names, standard input too.
  static func systemPath(_ argument: String) -> String {
    argument == "-" ? "/proc/self/fd/\(STDIN_FILENO)" : argument
  }

  /// Reads all bytes.
  ///
  /// - Parameter encoding: How the input is encoded.
  /// - Returns: The text in UTF-8.
  /// - Throws: An ``InputFailure`` for what cannot be read or is not UTF-8.
  func read(_ encoding: TextEncoding = .auto) throws(InputFailure) -> [UInt8] {
    let bytes = try contents(encoding)
    try requireUTF8(bytes)
    return bytes
  }

  /// Opens the input, to be read piece by piece.
  ///
  /// - Parameter encoding: How the input is encoded.
  /// - Returns: The open input.
  /// - Throws: An ``InputFailure`` for what cannot be read.
  func open(_ encoding: TextEncoding = .auto) throws(InputFailure) -> ByteSource {
    if case .text(let text) = self {
      return ByteSource(text: FileName.bytes(of: text), name: name, encoding: encoding)
    }
    do { return try .argument(path, encoding: encoding) } catch {
      throw InputFailure(error, source: self)
    }
  }

  /// Reads the next piece of what ``open()`` gave, and returns how many bytes it has; 0 at the end.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read.
  func read(_ bytes: ByteSource, _ piece: inout [UInt8]) throws(InputFailure) -> Int {
    do { return try bytes.read(into: &piece) } catch { throw InputFailure(error, source: self) }
  }

  /// Refuses bytes that are not UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: Bytes between two characters of the input.
  ///   - offset: Where they begin in it.
  /// - Throws: An ``InputFailure`` that says where.
  func requireUTF8(_ bytes: [UInt8], from offset: Int = 0) throws(InputFailure) {
    guard !Self.isUTF8(bytes.span) else { return }
    let place = offset + (firstInvalidUTF8Offset(in: bytes) ?? 0)
    let problem = CorpusError.Problem.invalidUTF8(byteOffset: place)
    throw InputFailure("\(problem); \(TextEncoding.hint)", source: self)
  }

  private func contents(_ encoding: TextEncoding) throws(InputFailure) -> [UInt8] {
    let bytes = try open(encoding)
    do { return try TextFile.read(bytes) } catch { throw InputFailure(error, source: self) }
  }

  /// Whether bytes are UTF-8, by the standard library's check, which is fast in every build.
  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    (try? UTF8Span(validating: bytes)) != nil
  }
}

extension ByteSource {
  /// Opens what an argument names: a file, or standard input where it is `-`.
  static func argument(
    _ path: String, encoding: TextEncoding = .auto
  ) throws(CorpusError) -> ByteSource {
    guard path == "-" else { return try ByteSource(path: path, encoding: encoding) }
    return ByteSource(
      descriptor: 0, name: InputSource.standardInput.name, encoding: encoding)
  }
}

/// What is wrong with one input; the others are read all the same.
struct InputFailure: Error {
  /// The input.
  let source: InputSource
  /// What is wrong with it.
  let reason: String
  /// The status of a run in which every input failed.
  let status: ExitStatus

  /// Says what is wrong with a text.
  init(_ reason: String, source: InputSource, status: ExitStatus = .badData) {
    self.source = source
    self.reason = reason
    self.status = status
  }

  /// Says that a table is no text.
  init(isTable source: InputSource) {
    self.init("is a table; senti score scores its rows", source: source)
  }

  /// Says so of what has a table's name; nil for all else.
  init?(tableAt source: InputSource) {
    guard case .file(let path) = source, let format = CorpusFormat(extensionOf: path),
      [.csv, .tsv, .jsonl].contains(format)
    else { return nil }
    self.init(isTable: source)
  }

  /// Says why a file cannot be read.
  init(_ error: CorpusError, source: InputSource) {
    self.source = source
    switch error.problem {
    case .isFolder: reason = "is a folder; --recursive reads the files in it"
    case .missing where Self.maybeText(source.path):
      reason = "\(error.problem); --text \(source.path.quoted) takes it for a text"
    default: reason = "\(error.problem)"
    }
    status = Failure(error).status
  }

  /// Whether the name of a file that is not there may be a text: it has blanks, or no dot and no slash.
  private static func maybeText(_ path: String) -> Bool {
    path.contains(where: \.isWhitespace) || !path.contains { $0 == "." || $0 == "/" }
  }

  /// The message with the input's name.
  var failure: Failure { Failure("\(source.name): \(reason)", status) }
}
