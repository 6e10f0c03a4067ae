/// Collects tensors and writes them as a safetensors file.
///
///     var writer = SafetensorsWriter(formatVersion: 1, metadata: ["language": "en"])
///     writer.append(weights, named: "output.weight", shape: [2, 256], as: .float16)
///     try writer.write(to: "model.safetensors")
///
/// The same calls make the same bytes. Tensors lie in the file in the order they were appended,
/// without gaps; wide types before narrow ones keep each aligned to its size. The metadata is
/// sorted by key, and holds the checksum of the tensors' bytes. All bytes are in memory until they
/// are written.
public struct SafetensorsWriter: Sendable {
  private var metadata: [String: String]
  private var entries: [(name: String, json: String)] = []
  private var names: Set<[UInt8]> = [Array(SafetensorsHeader.metadataKey.utf8)]
  private var body: [UInt8] = []

  /// Makes a writer without tensors.
  ///
  /// - Parameters:
  ///   - formatVersion: The version of what the tensors and the metadata mean, from 1.
  ///   - metadata: What the file says about itself, besides format version and checksum.
  /// - Precondition: `metadata` has no entry for `SafetensorsArchive.formatVersionKey` or
  ///   `SafetensorsArchive.checksumKey`, and `formatVersion >= 1`.
  public init(formatVersion: Int, metadata: [String: String] = [:]) {
    precondition(formatVersion >= 1, "format version \(formatVersion) is below 1")
    self.metadata = metadata
    for key in [SafetensorsArchive.formatVersionKey, SafetensorsArchive.checksumKey] {
      precondition(metadata[key] == nil, "metadata '\(key)' is written by the writer")
    }
    self.metadata[SafetensorsArchive.formatVersionKey] = String(formatVersion)
  }

  /// Appends a tensor.
  ///
  /// - Parameters:
  ///   - values: The elements, row by row.
  ///   - name: The tensor's name, not used before.
  ///   - shape: The sizes, outermost first.
  ///   - storedType: The type to store; the elements' own unless given. See `ArchiveScalar`.
  /// - Precondition: The product of `shape` is `values.count`; no tensor has that `name`; `Scalar`
  ///   converts to `storedType`.
  /// - Complexity: O(`values.count`).
  public mutating func append<Scalar: ArchiveScalar>(
    _ values: Span<Scalar>, named name: String, shape: [Int],
    as storedType: SafetensorsArchive.ElementType = Scalar.elementType
  ) {
    let isFitting = shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count
    precondition(isFitting, "'\(name)': shape \(shape) for \(values.count) values")
    precondition(names.insert(Array(name.utf8)).inserted, "'\(name)' is taken")
    guard let bytes = Scalar.encode(values, as: storedType) else {
      preconditionFailure("'\(name)': \(Scalar.self) is not stored as \(storedType.rawValue)")
    }
    let offsets = [body.count, body.count + bytes.count]
    let type = #""dtype":"\#(storedType.rawValue)""#
    entries.append((name, #"{\#(type),"shape":\#(shape),"data_offsets":\#(offsets)}"#))
    body.append(contentsOf: bytes)
  }

  /// Appends a tensor.
  ///
  /// - Parameters:
  ///   - values: The elements, row by row.
  ///   - name: The tensor's name, not used before.
  ///   - shape: The sizes, outermost first; one size, all elements, unless given.
  ///   - storedType: The type to store; the elements' own unless given. See `ArchiveScalar`.
  /// - Precondition: The product of `shape` is `values.count`; no tensor has that `name`; `Scalar`
  ///   converts to `storedType`.
  /// - Complexity: O(`values.count`).
  public mutating func append<Scalar: ArchiveScalar>(
    _ values: [Scalar], named name: String, shape: [Int]? = nil,
    as storedType: SafetensorsArchive.ElementType = Scalar.elementType
  ) {
    append(values.span, named: name, shape: shape ?? [values.count], as: storedType)
  }

  /// Writes the file: beside its place, to the disk, then renamed, so that it is never half there.
  ///
  /// - Parameters:
  ///   - path: Where the file shall be.
  ///   - isOverwriting: Whether a file that is there already may be replaced.
  /// - Throws: `ArchiveError.fileExists` when a file is there and is not to be replaced;
  ///   `ArchiveError.cannotWrite` when the system fails, say for a full disk. Whatever was at
  ///   `path` is then still there, unchanged.
  public func write(
    to path: String, overwriting isOverwriting: Bool = false
  ) throws(ArchiveError) {
    try FileReplacement.write([header(), body], to: path, overwriting: isOverwriting)
  }

  /// The header's length and text, padded with spaces so that the tensors begin at a multiple of 8.
  private func header() -> [UInt8] {
    var metadata = metadata
    metadata[SafetensorsArchive.checksumKey] = body.withBytes(SafetensorsArchive.checksum)
    let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let pairs = sorted.map { "\(JSONScanner.literal($0.key)):\(JSONScanner.literal($0.value))" }
    let metadataEntry = (SafetensorsHeader.metadataKey, "{\(pairs.joined(separator: ","))}")
    let members = ([metadataEntry] + entries).map { "\(JSONScanner.literal($0.0)):\($0.1)" }
    let text = "{\(members.joined(separator: ","))}"
    let padding = (8 - text.utf8.count % 8) % 8
    let length = UInt64(text.utf8.count + padding)
    let lengthBytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return lengthBytes + Array(text.utf8) + Array(repeating: 0x20, count: padding)
  }
}
