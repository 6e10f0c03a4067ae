public import SentiTensor
public import SentiText

/// What can be wrong with a model file.
public enum ModelError: Error, Sendable, CustomStringConvertible {
  /// The file cannot be read or written, or is no archive of this package.
  case archive(ArchiveError)
  /// The vocabulary inside is malformed.
  case vocabulary(VocabularyError)
  /// The tokenizer cannot be set up as the model needs it.
  case tokenizer(path: String, ICUError)
  /// The file holds a model of another kind.
  case otherKind(path: String, expected: String, found: String)
  /// A description in the file's metadata cannot be read.
  case malformedMetadata(path: String, key: String, reason: String)
  /// The parts of the file do not fit each other.
  case inconsistent(path: String, what: String, expected: String, found: String)
  /// A file with the texts of a model card cannot be read.
  case malformedCard(path: String, reason: String)
  /// The model cannot be written in another format.
  case notExportable(format: String, expected: String, found: String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .archive(let error): error.description
    case .vocabulary(let error): error.description
    case .tokenizer(let path, let error): "\(path): \(error)"
    case .otherKind(let path, let expected, let found):
      "\(path): expected a \(expected) model, found a \(found.excerpt) model"
    case .malformedMetadata(let path, let key, let reason):
      "\(path): the metadata \(key) cannot be read: \(reason)"
    case .inconsistent(let path, let what, let expected, let found):
      "\(path): \(what): expected \(expected), found \(found.excerpt)"
    case .malformedCard(let path, let reason):
      "\(path): expected a model card as JSON: \(reason)"
    case .notExportable(let format, let expected, let found):
      "\(format): expected \(expected), found \(found)"
    }
  }
}
