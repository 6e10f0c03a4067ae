import Glibc
import SentiCorpora
import SentiFiles
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
    default: return nil
    }
  }
}

extension Failure {
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
    switch error {
    case .cannotRead(let path, _): self.init(unreadable: path, error.description)
    case .fileExists(let path): self.init(fileThatExists: path)
    case .cannotWrite: self.init(error.description, .inputOutput)
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
    case .tokenizer, .bundledModelMissing: self.init(error.description, .internalError)
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

  private init(_ error: ICUError) {
    switch error {
    case .unknownLocale: self.init(error.description, .usage)
    case .failure: self.init(error.description, .internalError)
    }
  }

  private init(_ error: TrainingError) {
    self.init(error.description, .badData)
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
