/// A vocabulary file that cannot be read or written.
public enum VocabularyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system would not read the file.
  case unreadable(path: String, reason: String)
  /// The first line is not a vocabulary's.
  case notAVocabulary(path: String)
  /// The file is of a format that came after this library.
  case newerFormat(path: String, found: Int, supported: Int)
  /// A line breaks the format; lines count from 1.
  case malformedLine(path: String, line: Int, reason: String)
  /// The header lacks a field.
  case missingField(path: String, name: String)
  /// A word stands in the file twice.
  case duplicateWord(path: String, line: Int, first: Int)
  /// The file holds another number of words than its header says.
  case wrongWordCount(path: String, expected: Int, found: Int)
  /// One of the first four words is not the special token that belongs there.
  case missingSpecialToken(path: String, line: Int, expected: String)
  /// There is a file already, and it was not to be replaced.
  case fileExists(path: String)
  /// The system would not write the file.
  case unwritable(path: String, reason: String)

  /// One English sentence that says where and what.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .notAVocabulary(let path):
      "\(path):1: not a vocabulary: expected 'senti vocabulary 1' in the first line"
    case .newerFormat(let path, let found, let supported):
      "\(path): vocabulary format \(found) is newer than \(supported), the newest supported"
    case .malformedLine(let path, let line, let reason): "\(path):\(line): \(reason)"
    case .missingField(let path, let name): "\(path): the header lacks '\(name)'"
    case .duplicateWord(let path, let line, let first):
      "\(path):\(line): the word of line \(first) again"
    case .wrongWordCount(let path, let expected, let found):
      "\(path): expected \(expected) words, found \(found)"
    case .missingSpecialToken(let path, let line, let expected):
      "\(path):\(line): expected the special token '\(expected)'"
    case .fileExists(let path): "\(path): exists already"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
