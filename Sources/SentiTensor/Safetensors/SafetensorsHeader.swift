/// What the header of a safetensors file says, checked against the format and the file's size.
///
/// The header is one JSON object. It names each tensor's type, shape and bytes, and has an object
/// of strings, `__metadata__`. A JSON library would let a name occur twice and forget the order,
/// and takes longer to start than this header takes to read; so it is read here.
///
/// - SeeAlso: <https://github.com/huggingface/safetensors#format>.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"
  /// The limit of the reference implementation, in bytes.
  static let maximumByteCount = 100_000_000

  private(set) var tensors: [SafetensorsArchive.Tensor] = []
  private(set) var indices: [[UInt8]: Int] = [:]
  private(set) var metadata: [String: String] = [:]
  private let path: String
  private let dataRange: Range<Int>

  /// Reads the header of `file`.
  ///
  /// - Parameters:
  ///   - file: The file's bytes.
  ///   - path: The file's path, for errors.
  /// - Throws: `ArchiveError` for whatever breaks the format.
  init(_ file: some ByteRanges, path: String) throws(ArchiveError) {
    let headerRange = try Self.headerRange(file, path: path)
    self.path = path
    dataRange = headerRange.upperBound..<file.count
    let text = try file.bytes(headerRange)
    try readEntries(JSONScanner(text, path: path, startOffset: headerRange.lowerBound))
    try checkLayout()
  }

  /// Where the header lies, which the first eight bytes say.
  private static func headerRange(
    _ file: some ByteRanges, path: String
  ) throws(ArchiveError) -> Range<Int> {
    guard file.count > 8 else {
      throw .foreignFile(path: path, reason: "it has \(file.count) bytes, fewer than any")
    }
    let (announced, opening): (UInt64, UInt8) = try file.bytes(0..<9).withBytes { bytes in
      (bytes.value(at: 0), bytes.value(at: 8))
    }
    guard opening == UInt8(ascii: "{"), announced <= maximumByteCount else {
      throw .foreignFile(path: path, reason: "it does not begin with the length of a header")
    }
    let end = 8 + Int(announced)
    guard end <= file.count else {
      throw .truncated(path: path, expectedByteCount: end, foundByteCount: file.count)
    }
    return 8..<end
  }

  private mutating func readEntries(_ start: JSONScanner) throws(ArchiveError) {
    var scanner = start
    try scanner.readObject { (scanner, key) throws(ArchiveError) in
      if key == Self.metadataKey {
        metadata = try Self.readMetadata(&scanner)
      } else {
        indices[Array(key.utf8)] = tensors.count
        tensors.append(try readTensor(named: key, &scanner))
      }
    }
    try scanner.readEnd()
  }

  private static func readMetadata(
    _ scanner: inout JSONScanner
  ) throws(ArchiveError) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.readObject { (scanner, key) throws(ArchiveError) in
      metadata[key] = try scanner.readString()
    }
    return metadata
  }

  private func readTensor(
    named name: String, _ scanner: inout JSONScanner
  ) throws(ArchiveError) -> SafetensorsArchive.Tensor {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.readObject { (scanner, key) throws(ArchiveError) in
      switch key {
      case "dtype": type = try scanner.readString()
      case "shape": shape = try scanner.readIntegers()
      case "data_offsets": offsets = try scanner.readIntegers()
      default: throw scanner.error("unknown key '\(key)'")
      }
    }
    guard let type, let shape, let offsets else {
      throw malformed(name, expected: "dtype, shape and data_offsets", found: "fewer")
    }
    return try checkedTensor(named: name, type: type, shape: shape, offsets: offsets)
  }

  /// The entry as a tensor, if its parts agree.
  private func checkedTensor(
    named name: String, type: String, shape: [Int], offsets: [Int]
  ) throws(ArchiveError) -> SafetensorsArchive.Tensor {
    guard let elementType = SafetensorsArchive.ElementType(rawValue: type) else {
      throw malformed(name, expected: SafetensorsArchive.ElementType.list, found: "'\(type)'")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw malformed(name, expected: "data_offsets [begin, end]", found: "\(offsets)")
    }
    guard offsets[1] <= Int.max - dataRange.lowerBound else {
      throw malformed(name, expected: "offsets of a file", found: "\(offsets)")
    }
    guard let byteCount = Self.byteCount(shape: shape, of: elementType) else {
      throw malformed(name, expected: "a shape that fits in memory", found: "\(shape)")
    }
    guard byteCount == offsets[1] - offsets[0] else {
      let expected = "\(byteCount) bytes for \(type) \(shape)"
      throw malformed(name, expected: expected, found: "\(offsets[1] - offsets[0])")
    }
    let start = dataRange.lowerBound + offsets[0]
    return SafetensorsArchive.Tensor(
      name: name, elementType: elementType, shape: shape, byteRange: start..<(start + byteCount))
  }

  /// The number of bytes of all elements, or `nil` where no `Int` holds it.
  private static func byteCount(
    shape: [Int], of elementType: SafetensorsArchive.ElementType
  ) -> Int? {
    var product = elementType.byteCount
    for size in shape {
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: size)
      guard !isTooLarge else { return nil }
      product = next
    }
    return product
  }

  /// Checks that the tensors' bytes follow one another from the header to the end of the file.
  private func checkLayout() throws(ArchiveError) {
    var end = dataRange.lowerBound
    for tensor in tensors.sorted(by: { Self.isInOrder($0.byteRange, $1.byteRange) }) {
      guard tensor.byteRange.lowerBound == end else {
        let found = "\(tensor.byteRange.lowerBound - dataRange.lowerBound)"
        let expected = "its data to begin at \(end - dataRange.lowerBound), after the tensor before"
        throw malformed(tensor.name, expected: expected, found: found)
      }
      end = tensor.byteRange.upperBound
    }
    if end > dataRange.upperBound {
      throw .truncated(path: path, expectedByteCount: end, foundByteCount: dataRange.upperBound)
    }
    if end < dataRange.upperBound {
      let reason = "its tensors end at byte \(end) of \(dataRange.upperBound)"
      throw .malformedHeader(path: path, byteOffset: end, reason: reason)
    }
  }

  private static func isInOrder(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    (first.lowerBound, first.upperBound) < (second.lowerBound, second.upperBound)
  }

  private func malformed(_ tensor: String, expected: String, found: String) -> ArchiveError {
    .malformedTensor(path: path, tensor: tensor, expected: expected, found: found)
  }
}
