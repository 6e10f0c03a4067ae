/// Finds the first byte that is not part of well-formed UTF-8.
///
/// Follows table 3-7 of the Unicode Standard: overlong forms, surrogates and values above U+10FFFF
/// are invalid. The offset is that of the first byte of the ill-formed sequence.
///
/// - Parameter bytes: The bytes to look through.
/// - Returns: An offset from the start of `bytes`, counted from 0, or `nil` when all is well.
/// - Complexity: O(n) for n bytes; no allocation.
public func firstInvalidUTF8Offset(in bytes: some RandomAccessCollection<UInt8>) -> Int? {
  var index = bytes.startIndex
  while index < bytes.endIndex {
    guard let length = lengthOfUTF8Scalar(in: bytes, at: index) else {
      return bytes.distance(from: bytes.startIndex, to: index)
    }
    index = bytes.index(index, offsetBy: length)
  }
  return nil
}

/// Measures the scalar that starts at an index: 1 to 4 bytes, or `nil` when it is ill-formed.
private func lengthOfUTF8Scalar<Bytes: RandomAccessCollection<UInt8>>(
  in bytes: Bytes, at index: Bytes.Index
) -> Int? {
  let first = bytes[index]
  guard first >= 0x80 else { return 1 }
  guard let (length, second) = expectedContinuation(after: first),
    bytes.distance(from: index, to: bytes.endIndex) >= length,
    second.contains(bytes[bytes.index(after: index)])
  else { return nil }
  for step in stride(from: 2, to: length, by: 1) {
    guard bytes[bytes.index(index, offsetBy: step)] & 0xC0 == 0x80 else { return nil }
  }
  return length
}

/// Gives the length of a scalar and the range of its second byte, from its first byte.
private func expectedContinuation(after first: UInt8) -> (Int, ClosedRange<UInt8>)? {
  switch first {
  case 0xC2...0xDF: (2, 0x80...0xBF)
  case 0xE0: (3, 0xA0...0xBF)
  case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
  case 0xED: (3, 0x80...0x9F)
  case 0xF0: (4, 0x90...0xBF)
  case 0xF1...0xF3: (4, 0x80...0xBF)
  case 0xF4: (4, 0x80...0x8F)
  default: nil
  }
}

/// Makes a string of bytes that must be UTF-8.
package func validatedString(
  _ bytes: some RandomAccessCollection<UInt8>, path: String, line: Int? = nil
) throws(CorpusError) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  let offset = firstInvalidUTF8Offset(in: bytes) ?? 0
  throw CorpusError(.invalidUTF8(byteOffset: offset), path: path, line: line)
}
