/// A safetensors file: named tensors, and metadata about them.
///
///     let archive = try SafetensorsArchive(contentsOf: "model.safetensors")
///     try archive.requireFormatVersion(atMost: 1)
///     let bias: [Float] = try archive.values(named: "output.bias", shape: [2])
///
/// The whole file is read into memory, where it stays as long as the archive lives: whatever happens to
/// the file afterwards, be it truncated, overwritten or removed, the archive stays what it was.
/// Everything that the header says is checked before the rest is read, so that no file can make a later
/// call trap, and files of other formats are refused at once. Many threads may use one archive at once.
///
/// - SeeAlso: <https://github.com/huggingface/safetensors#format>.
public struct SafetensorsArchive: Sendable {
  /// The metadata key of the version of the format that the file's writer had in mind.
  public static let formatVersionKey = "senti.format_version"
  /// The metadata key of the checksum of all tensors' bytes: `xxh64:` and 16 hexadecimal digits.
  public static let checksumKey = "senti.checksum"

  /// The path that the archive was opened with, or the name of bytes in memory.
  public let path: String
  /// What the file says about itself.
  public let metadata: [String: String]
  /// The tensors' descriptions, in the order of the header.
  public let tensors: [Tensor]
  /// By the bytes of names: two that look alike are two tensors.
  private let indices: [[UInt8]: Int]
  let file: ArchiveBytes

  /// Reads a file and checks its header.
  ///
  /// - Parameter path: The path of a safetensors file.
  /// - Throws: `ArchiveError.cannotRead` when there is no file, `.foreignFile` when it is of
  ///   another format, `.truncated`, `.malformedHeader` or `.malformedTensor` when it is damaged,
  ///   `.changed` when it is written to meanwhile.
  /// - Complexity: O(length of the file), with one allocation as long.
  public init(contentsOf path: String) throws(ArchiveError) {
    let file = try RandomAccessFile(path: path)
    let header = try SafetensorsHeader(file, path: path)
    self.init(header, try ArchiveBytes(copying: file), path: path)
  }

  /// Checks the header of a file that is in memory; its bytes are not copied.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of a safetensors file.
  ///   - name: What stands in errors where a file's path would.
  /// - Throws: `ArchiveError`, as for a file.
  /// - Complexity: O(length of the header).
  public init(bytes: [UInt8], name: String) throws(ArchiveError) {
    try self.init(ArchiveBytes(bytes), path: name)
  }

  /// Checks the header of a file that is in memory.
  package init(_ bytes: ArchiveBytes, path: String) throws(ArchiveError) {
    self.init(try SafetensorsHeader(bytes, path: path), bytes, path: path)
  }

  private init(_ header: SafetensorsHeader, _ bytes: ArchiveBytes, path: String) {
    self.path = path
    (tensors, indices, metadata) = (header.tensors, header.indices, header.metadata)
    file = bytes
  }

  /// Looks up a tensor.
  ///
  /// - Parameter name: The tensor's name in the file.
  /// - Returns: The tensor's description.
  /// - Throws: `ArchiveError.missingTensor` when no tensor has that name.
  public func tensor(named name: String) throws(ArchiveError) -> Tensor {
    guard let index = indices[Array(name.utf8)] else {
      throw .missingTensor(path: path, tensor: name)
    }
    return tensors[index]
  }

  /// Reads the values of a tensor.
  ///
  /// - Parameters:
  ///   - name: The tensor's name in the file.
  ///   - shape: The shape that the tensor must have; any shape unless given.
  ///   - type: The type of number to read; see `ArchiveScalar` for what is converted to it.
  /// - Returns: All elements, row by row.
  /// - Throws: `ArchiveError.missingTensor` when no tensor has that name, `.unexpectedTensor` when
  ///   its shape or type does not fit.
  /// - Complexity: O(number of elements), with one allocation.
  public func values<Scalar: ArchiveScalar>(
    named name: String, shape: [Int]? = nil, as type: Scalar.Type = Scalar.self
  ) throws(ArchiveError) -> [Scalar] {
    let tensor = try tensor(named: name)
    if let shape, shape != tensor.shape {
      throw .unexpectedTensor(
        path: path, tensor: name, expected: "shape \(shape)", found: "\(tensor.shape)")
    }
    let values = file.withBytes(tensor.byteRange) { Scalar.decode($0, as: tensor.elementType) }
    guard let values else {
      throw .unexpectedTensor(
        path: path, tensor: name, expected: "values that convert to \(Scalar.self)",
        found: tensor.elementType.rawValue)
    }
    return values
  }

  /// Checks that this program knows the format that the file was written in.
  ///
  /// - Parameter newestSupported: The newest version that the caller can read.
  /// - Returns: The file's version, from 1 to `newestSupported`.
  /// - Throws: `ArchiveError.newerFormatVersion` with both numbers; `.missingMetadata` or
  ///   `.unexpectedMetadata` when the file does not say its version.
  @discardableResult
  public func requireFormatVersion(atMost newestSupported: Int) throws(ArchiveError) -> Int {
    let text = try requireMetadata(Self.formatVersionKey)
    guard let version = Int(text), version > 0 else {
      throw .unexpectedMetadata(
        path: path, key: Self.formatVersionKey, expected: "a whole number from 1", found: text)
    }
    guard version <= newestSupported else {
      throw .newerFormatVersion(path: path, newestSupported: newestSupported, found: version)
    }
    return version
  }

  /// Looks up a metadata entry that the caller cannot do without.
  ///
  /// - Parameter key: The entry's key.
  /// - Returns: The entry's value.
  /// - Throws: `ArchiveError.missingMetadata` when there is no such entry.
  public func requireMetadata(_ key: String) throws(ArchiveError) -> String {
    guard let value = metadata[key] else { throw .missingMetadata(path: path, key: key) }
    return value
  }

  /// Reads all tensors' bytes and compares their checksum with the one in the metadata.
  ///
  /// - Throws: `ArchiveError.checksumMismatch` when the bytes are damaged, `.missingMetadata` when
  ///   the file has no checksum.
  /// - Complexity: O(length of the file), without allocation.
  public func verifyChecksum() throws(ArchiveError) {
    let expected = try requireMetadata(Self.checksumKey)
    let start = tensors.map(\.byteRange.lowerBound).min() ?? file.count
    let found = file.withBytes(start..<file.count) { Self.checksum($0) }
    guard found == expected else {
      throw .checksumMismatch(path: path, expected: expected, found: found)
    }
  }

  /// Writes the file as it is: beside its place, to the disk, then renamed, as `SafetensorsWriter` does.
  ///
  /// - Parameters:
  ///   - path: Where the file shall be.
  ///   - isOverwriting: Whether a file that is there already may be replaced.
  /// - Throws: `ArchiveError.fileExists` or `ArchiveError.cannotWrite`.
  public func write(
    to path: String, overwriting isOverwriting: Bool = false
  ) throws(ArchiveError) {
    try FileReplacement.write(
      [file.bytes(0..<file.count)], to: path, overwriting: isOverwriting)
  }

  /// The checksum of `bytes`, as it stands in the metadata.
  static func checksum(_ bytes: RawSpan) -> String {
    let digits = String(XXHash64.hash(bytes), radix: 16)
    return "xxh64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
