/// What can be wrong with an archive that is read or written.
public enum ArchiveError: Error, Equatable, Sendable {
  /// The file cannot be opened or read; `reason` is the system's.
  case cannotRead(path: String, reason: String)
  /// The file was written to while it was read.
  case changed(path: String)
  /// The file is something else than a safetensors file.
  case foreignFile(path: String, reason: String)
  /// The file is something else than an array of NumPy's.
  case notNumPy(path: String, reason: String)
  /// The file ends before the tensors that its header announces.
  case truncated(path: String, expectedByteCount: Int, foundByteCount: Int)
  /// The header breaks the format at `byteOffset` from the start of the file.
  case malformedHeader(path: String, byteOffset: Int, reason: String)
  /// The header's entry for a tensor contradicts itself, another entry or the size of the file.
  case malformedTensor(path: String, tensor: String, expected: String, found: String)
  /// The file has no tensor of that name.
  case missingTensor(path: String, tensor: String)
  /// The tensor is there, but not in a type or shape that was asked for.
  case unexpectedTensor(path: String, tensor: String, expected: String, found: String)
  /// The metadata lacks an entry.
  case missingMetadata(path: String, key: String)
  /// A metadata entry is there, but does not say what was asked for.
  case unexpectedMetadata(path: String, key: String, expected: String, found: String)
  /// The file was written in a later format than this program knows.
  case newerFormatVersion(path: String, newestSupported: Int, found: Int)
  /// The tensors' bytes are not those that were written.
  case checksumMismatch(path: String, expected: String, found: String)
  /// There is a file already, and it was not to be replaced.
  case fileExists(path: String)
  /// The file cannot be written; `reason` is the system's. What was there before is still there.
  case cannotWrite(path: String, reason: String)
}

extension ArchiveError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .cannotRead(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .changed(let path):
      "\(path): was written to while it was read"
    case .foreignFile(let path, let reason):
      "\(path): not a safetensors file: \(reason)"
    case .notNumPy(let path, let reason):
      "\(path): not a NumPy file: \(reason)"
    case .truncated(let path, let expected, let found):
      "\(path): cut short: expected \(expected) bytes, found \(found)"
    case .malformedHeader(let path, let byteOffset, let reason):
      "\(path): malformed header at byte \(byteOffset): \(reason)"
    case .malformedTensor(let path, let tensor, let expected, let found):
      "\(path): malformed tensor '\(tensor)': expected \(expected), found \(found)"
    case .missingTensor(let path, let tensor):
      "\(path): no tensor '\(tensor)'"
    case .unexpectedTensor(let path, let tensor, let expected, let found):
      "\(path): tensor '\(tensor)': expected \(expected), found \(found)"
    case .missingMetadata(let path, let key):
      "\(path): no metadata '\(key)'"
    case .unexpectedMetadata(let path, let key, let expected, let found):
      "\(path): metadata '\(key)': expected \(expected), found '\(found)'"
    case .newerFormatVersion(let path, let newestSupported, let found):
      "\(path): format version \(found) is newer than \(newestSupported), the newest known here"
    case .checksumMismatch(let path, let expected, let found):
      "\(path): damaged: expected checksum \(expected), found \(found)"
    case .fileExists(let path):
      "\(path): exists already"
    case .cannotWrite(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
