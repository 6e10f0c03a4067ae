public import SentiCorpora
public import SentiTensor
internal import SentiText

/// What can be wrong with vectors, and with the captions that belong to them.
public enum VectorError: Error, Sendable, CustomStringConvertible {
  /// A file of numbers cannot be read.
  case archive(ArchiveError)
  /// A file of texts cannot be read.
  case corpus(CorpusError)
  /// The name tells no format that is known.
  case unknownFormat(path: String)
  /// The file holds something else than vectors.
  case unexpectedContent(path: String, expected: String, found: String)
  /// A field of a table is no number.
  case notANumber(path: String, line: Int, found: String)
  /// A vector holds a value that is not finite; rows and columns count from 0.
  case notFinite(path: String, row: Int, name: String, column: Int, value: Float)
  /// The vectors are not as wide as the model needs them.
  case width(path: String, expected: Int, found: Int)
  /// There are more or fewer names than vectors.
  case nameCount(path: String, expected: Int, found: Int)
  /// A name is empty, or stands for two vectors.
  case unusableName(path: String, line: Int, name: String)
  /// A caption belongs to no vector.
  case unknownName(path: String, line: Int, name: String, vectors: String)
  /// A caption has no words.
  case emptyCaption(path: String, line: Int)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .archive(let error): error.description
    case .corpus(let error): error.description
    case .unknownFormat(let path):
      "\(path): expected a name that ends in .npy, .safetensors, .csv or .tsv"
    case .unexpectedContent(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .notANumber(let path, let line, let found):
      "\(path):\(line): expected a number, found \(found.quoted)"
    case .notFinite(let path, let row, let name, let column, let value):
      "\(path): row \(row) (\(name.excerpt)): expected finite numbers, found \(value) in column \(column)"
    case .width(let path, let expected, let found):
      "\(path): expected vectors of \(expected) numbers, found vectors of \(found)"
    case .nameCount(let path, let expected, let found):
      "\(path): expected \(expected) names, one for each vector, found \(found)"
    case .unusableName(let path, let line, let name):
      name.isEmpty
        ? "\(path):\(line): expected a name, found an empty line"
        : "\(path):\(line): expected another name than \(name.quoted), which stands there already"
    case .unknownName(let path, let line, let name, let vectors):
      "\(path):\(line): expected the name of a vector in \(vectors), found \(name.quoted)"
    case .emptyCaption(let path, let line):
      "\(path):\(line): expected a caption, found no words"
    }
  }

  /// Wraps what reading a table threw.
  static func corpus<Value>(_ body: () throws(CorpusError) -> Value) throws(VectorError) -> Value {
    do { return try body() } catch { throw .corpus(error) }
  }

  /// Wraps what reading an archive threw.
  static func archive<Value>(_ body: () throws(ArchiveError) -> Value) throws(VectorError) -> Value
  {
    do { return try body() } catch { throw .archive(error) }
  }
}
