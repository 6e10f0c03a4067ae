import SentiCorpora
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

  /// Reads all bytes.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read or is not UTF-8.
  func read() throws(InputFailure) -> [UInt8] {
    let bytes = try contents()
    try requireUTF8(bytes)
    return bytes
  }

  /// Opens the input, to be read piece by piece.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read.
  func open() throws(InputFailure) -> ByteSource {
    if case .text(let text) = self { return ByteSource(bytes: Array(text.utf8), name: name) }
    do { return try .argument(path) } catch { throw InputFailure(error, source: self) }
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
    throw InputFailure("\(CorpusError.Problem.invalidUTF8(byteOffset: place))", source: self)
  }

  private func contents() throws(InputFailure) -> [UInt8] {
    do {
      switch self {
      case .standardInput: return try TextFile.read(descriptor: 0, name: name)
      case .file(let path): return try TextFile.read(path)
      case .text(let text): return Array(text.utf8)
      }
    } catch {
      throw InputFailure(error, source: self)
    }
  }

  /// Whether bytes are UTF-8, by the standard library's check, which is fast in every build.
  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    (try? UTF8Span(validating: bytes)) != nil
  }
}

extension ByteSource {
  /// Opens what an argument names: a file, or standard input where it is `-`.
  static func argument(_ path: String) throws(CorpusError) -> ByteSource {
    guard path == "-" else { return try ByteSource(path: path) }
    return ByteSource(descriptor: 0, name: InputSource.standardInput.name)
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
