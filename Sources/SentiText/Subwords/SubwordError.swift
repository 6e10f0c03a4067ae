/// A subword tokenizer file that cannot be read.
public enum SubwordError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system would not read the file.
  case unreadable(path: String, reason: String)
  /// The file is not JSON of the expected shape.
  case malformed(path: String, reason: String)
  /// The file asks for something that this library does not do.
  case unsupported(path: String, feature: String)

  /// One English sentence that says where and what.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .malformed(let path, let reason): "\(path): not a byte-pair encoding: \(reason)"
    case .unsupported(let path, let feature): "\(path): not supported: \(feature)"
    }
  }
}
