internal import SentiText

/// What went wrong with a file: where, what was expected, and what was found.
///
/// Every function of this module throws this one type. The `description` is one English sentence
/// that starts with the place, in the form that editors and terminals can open:
///
///     reviews.csv:12: expected 4 fields, found 3
public struct CorpusError: Error, Hashable, Sendable {
  /// The path of the file or folder, as it was given.
  public let path: String
  /// The line on which the faulty row starts, counted from 1, or `nil` for the file as a whole.
  public let line: Int?
  /// What is wrong there.
  public let problem: Problem

  /// Makes an error about a place in a file.
  ///
  /// - Parameters:
  ///   - problem: What is wrong.
  ///   - path: The path as the user gave it.
  ///   - line: The line, counted from 1, or `nil` for the file as a whole.
  public init(_ problem: Problem, path: String, line: Int? = nil) {
    self.path = path
    self.line = line
    self.problem = problem
  }
}

extension CorpusError {
  /// The kinds of trouble that a file can give.
  ///
  /// It is thrown bare only within the module, where the place is not known yet.
  public enum Problem: Error, Hashable, Sendable {
    /// Nothing exists at the path.
    case missing
    /// A folder stands where a file is expected.
    case isFolder
    /// A file stands where a folder is expected.
    case isNotFolder
    /// The operating system refused to read; the reason is its own text.
    case unreadable(reason: String)
    /// The operating system refused to write; the reason is its own text.
    case unwritable(reason: String)
    /// The program or person that was reading the output has gone.
    case readerGone
    /// Another program is writing the file.
    case isBeingWritten
    /// The file is both read and to be written.
    case isInput
    /// A file exists at the path and may not be replaced.
    case alreadyExists
    /// The file or folder holds no text at all.
    case empty
    /// The format cannot be told from the name.
    case unknownFormat
    /// The file is encoded in a way that is not read.
    case foreignEncoding(found: String)
    /// The file holds something else than text; the advice says what to do with it.
    case foreignFile(found: String, advice: String)
    /// A row, or a file that is one text, is longer than it may be.
    case tooLong(maximumByteCount: Int)
    /// The bytes do not follow the format, at an offset from the start of the file.
    case malformedFile(expected: String, found: String, byteOffset: Int)
    /// A byte that is not UTF-8, at an offset from the start of the text or row, counted from 0.
    case invalidUTF8(byteOffset: Int)
    /// A field that was asked for does not exist; the list holds those that do.
    case missingField(name: String, available: [String])
    /// A field that was asked for exists more than once.
    case repeatedField(name: String)
    /// A field exists that has no meaning; the list holds those that have one.
    case unexpectedField(name: String, available: [String])
    /// A field holds something else than text.
    case unexpectedValue(field: String, expected: String, found: String)
    /// A row has more or fewer fields than the header.
    case fieldCount(expected: Int, found: Int)
    /// The file ends before all rows have come that its first line promises.
    case rowCount(expected: Int, found: Int)
    /// A quote is opened and never closed.
    case unclosedQuote
    /// The bytes do not follow the format, at an offset from the start of the row.
    case malformed(expected: String, found: String, byteOffset: Int)
  }
}

extension CorpusError: CustomStringConvertible {
  /// One English sentence: the place, then the trouble.
  public var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    return "\(place): \(problem)"
  }
}

extension CorpusError.Problem: CustomStringConvertible {
  /// The trouble in words, without the place.
  public var description: String {
    switch self {
    case .missing: "no such file or folder"
    case .isFolder: "expected a file, found a folder"
    case .isNotFolder: "expected a folder, found a file"
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .unwritable(let reason): "cannot be written: \(reason)"
    case .readerGone: "nobody reads the output any more"
    case .isBeingWritten: "another run is writing it"
    case .isInput: "is read and cannot be written at the same time"
    case .alreadyExists: "exists already and is not replaced"
    case .empty: "expected texts, found none"
    case .unknownFormat: "the format cannot be told from the name"
    case .foreignEncoding(let found): "expected UTF-8, found \(found)"
    case .foreignFile(let found, let advice): "expected text, found \(found); \(advice)"
    case .tooLong(let maximum): "expected a text or row of at most \(maximum) bytes, found more"
    case .malformedFile(let expected, let found, let offset):
      "expected \(expected), found \(found) at byte \(offset)"
    case .invalidUTF8(let offset): "expected UTF-8, found an invalid byte at offset \(offset)"
    case .missingField(let name, let available):
      "expected a field named \(name.quoted), found \(Self.list(available))"
    case .repeatedField(let name): "expected one field named \(name.quoted), found several"
    case .unexpectedField(let name, let available):
      "expected fields among \(Self.list(available)), found \(name.quoted)"
    case .unexpectedValue(let field, let expected, let found):
      "expected \(expected) in field \(field.quoted), found \(found)"
    case .fieldCount(let expected, let found): "expected \(expected) fields, found \(found)"
    case .rowCount(let expected, let found):
      "expected \(expected) rows as the first line says, found \(found)"
    case .unclosedQuote: "expected a closing quote, found none"
    case .malformed(let expected, let found, let offset):
      "expected \(expected), found \(found) at byte \(offset) of the row"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map(\.quoted).joined(separator: ", ")
    if names.isEmpty { return "none" }
    return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
  }
}
