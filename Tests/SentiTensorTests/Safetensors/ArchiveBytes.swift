import Foundation
import SentiTestSupport
import Testing

extension TemporaryFolder {
  /// Writes a file and returns its path.
  func file(_ name: String = "file", _ bytes: some Sequence<UInt8>) throws -> String {
    try write(bytes, to: name)
  }
}

/// The bytes of the file at `path`.
func bytes(ofFileAt path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

/// The bytes of a safetensors file with this header and these tensor bytes, right or wrong.
func archiveBytes(header: some Sequence<UInt8>, data: [UInt8] = [], length: UInt64? = nil)
  -> [UInt8]
{
  let header = Array(header)
  let length = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
}
