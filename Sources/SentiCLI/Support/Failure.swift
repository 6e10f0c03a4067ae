import Glibc
import SentiCorpora
import SentiIO
import SentiModels
import SentiTensor
import SentiText
import SentiTraining

/// What went wrong, for the user: one sentence, and the status that goes with it.
struct Failure: Error {
  /// The sentence; it begins with the path where there is one.
  let message: String
  /// The status of a run in which nothing else happened.
  let status: ExitStatus

  /// Names a failure.
  init(_ message: String, _ status: ExitStatus) {
    self.message = message
    self.status = status
  }

  /// Translates a library's error; nil for one of the argument parser's.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as CorpusError: self.init(error)
    case let error as ArchiveError: self.init(error)
    case let error as VocabularyError: self.init(error)
    case let error as SubwordError: self.init(error)
    case let error as ModelError: self.init(error)
    case let error as ICUError: self.init(error)
    case let error as TrainingError: self.init(error)
    case let error as VectorError: self.init(error)
    case let error as SeriesError: self.init(error)
    default: return nil
    }
  }
}

extension Failure {
  /// Why there is no answer where the sums of a model's weights overflow.
  static let undefinedAnswer =
    "expected finite numbers from the model, found infinity or none; its weights are too large"

  /// A failure of a file of texts.
  init(_ error: CorpusError) {
    switch error.problem {
    case .missing, .isNotFolder: self.init(error.description, .noInput)
    case .isFolder: self.init("\(error.path): is a folder", .noInput)
    case .unreadable, .unwritable, .isBeingWritten: self.init(error.description, .inputOutput)
    case .alreadyExists: self.init(fileThatExists: error.path)
    case .isInput: self.init(error.description, .usage)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of a model file as an archive.
  init(_ error: ArchiveError) {
    let error = error.excerpted
    switch error {
    case .cannotRead(let path, _): self.init(unreadable: path, error.description)
    case .fileExists(let path): self.init(fileThatExists: path)
    case .cannotWrite, .changed: self.init(error.description, .inputOutput)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of a vocabulary file.
  init(_ error: VocabularyError) {
    switch error {
    case .unreadable(let path, _): self.init(unreadable: path, error.description)
    case .fileExists(let path): self.init(fileThatExists: path)
    case .unwritable: self.init(error.description, .inputOutput)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of a subword tokenizer's file.
  init(_ error: SubwordError) {
    switch error {
    case .unreadable(let path, _): self.init(unreadable: path, error.description)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of a model file.
  init(_ error: ModelError) {
    switch error {
    case .archive(let error): self.init(error)
    case .vocabulary(let error): self.init(error)
    case .tokenizer: self.init(error.description, .internalError)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of vectors, or of the captions that belong to them.
  init(_ error: VectorError) {
    switch error {
    case .archive(let error): self.init(error)
    case .corpus(let error): self.init(error)
    default: self.init(error.description, .badData)
    }
  }

  /// A failure of series.
  init(_ error: SeriesError) {
    switch error {
    case .corpus(let error): self.init(error)
    default: self.init(error.description, .badData)
    }
  }

  private init(_ error: ICUError) {
    switch error {
    case .unknownLocale: self.init(error.description, .usage)
    case .failure: self.init(error.description, .internalError)
    }
  }

  private init(_ error: TrainingError) {
    guard case .checkpointMismatch(let path, let what, let expected, let found) = error else {
      self.init(error.description, .badData)
      return
    }
    let (one, other) = Self.excerpts(expected, found)
    self.init(
      TrainingError.checkpointMismatch(path: path, what: what, expected: one, found: other)
        .description, .badData)
  }

  /// What is shown of two long texts: some of each from shortly before they part.
  static func excerpts(_ one: String, _ other: String) -> (String, String) {
    guard max(one.utf8.count, other.utf8.count) > 200 else { return (one.excerpt, other.excerpt) }
    let common = zip(one.unicodeScalars, other.unicodeScalars).prefix { $0 == $1 }.count
    func rest(_ text: String) -> String {
      guard common > 40 else { return text.excerpt }
      return "\u{2026}" + String(text.unicodeScalars.dropFirst(common - 20)).excerpt
    }
    return (rest(one), rest(other))
  }

  private init(unreadable path: String, _ message: String) {
    if access(FileName.cString(path), F_OK) != 0 {
      self.init("\(path): \(CorpusError.Problem.missing)", .noInput)
    } else {
      self.init(message, .inputOutput)
    }
  }

  private init(fileThatExists path: String) {
    self.init("\(path): exists already; --force replaces it", .inputOutput)
  }
}

extension ArchiveError {
  /// The error with at most 200 bytes of each value that a file holds.
  fileprivate var excerpted: ArchiveError {
    switch self {
    case .foreignFile(let path, let reason): .foreignFile(path: path, reason: reason.excerpt)
    case .malformedHeader(let path, let offset, let reason):
      .malformedHeader(path: path, byteOffset: offset, reason: reason.excerpt)
    case .malformedTensor(let path, let tensor, let expected, let found):
      .malformedTensor(
        path: path, tensor: tensor.excerpt, expected: expected.excerpt, found: found.excerpt)
    case .unexpectedTensor(let path, let tensor, let expected, let found):
      .unexpectedTensor(
        path: path, tensor: tensor.excerpt, expected: expected.excerpt, found: found.excerpt)
    case .unexpectedMetadata(let path, let key, let expected, let found):
      .unexpectedMetadata(
        path: path, key: key.excerpt, expected: expected.excerpt, found: found.excerpt)
    default: self
    }
  }
}
