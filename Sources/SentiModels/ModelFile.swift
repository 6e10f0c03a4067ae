internal import Foundation
internal import SentiTensor
internal import SentiText
internal import SentiTraining

/// A model's file while it is read: what files of all kinds have in common.
struct ModelFile {
  /// The names of metadata that all kinds have.
  enum Key {
    static let kind = "senti.kind"
    static let architecture = "senti.architecture"
    static let card = "senti.card"
    static let icuVersion = "senti.icu_version"
    static let unicodeVersion = "senti.unicode_version"
  }

  let archive: SafetensorsArchive

  /// Opens a file, checks its version, checksum and kind.
  init(contentsOf path: String, formatVersion: Int, kinds: [String]) throws(ModelError) {
    archive = try Self.archive { () throws(ArchiveError) in
      let archive = try SafetensorsArchive(contentsOf: path)
      try archive.requireFormatVersion(atMost: formatVersion)
      try archive.verifyChecksum()
      return archive
    }
    let found = try text(Key.kind)
    guard kinds.contains(found) else {
      throw .otherKind(path: path, expected: kinds.joined(separator: " or "), found: found)
    }
  }

  /// The text of some metadata.
  func text(_ key: String) throws(ModelError) -> String {
    try Self.archive { () throws(ArchiveError) in try archive.requireMetadata(key) }
  }

  /// The value of some metadata.
  func value<Value: Decodable>(_ key: String) throws(ModelError) -> Value {
    let text = try text(key)
    do { return try MetadataJSON.decoded(text) } catch {
      throw .malformedMetadata(path: archive.path, key: key, reason: "\(error)")
    }
  }

  /// The bytes of a tensor.
  func bytes(_ name: String) throws(ModelError) -> [UInt8] {
    try Self.archive { () throws(ArchiveError) in try archive.values(named: name) }
  }

  /// Reads parameters; all are found in the file before memory is taken for them.
  func parameters(_ layout: ParameterLayout) throws(ModelError) -> Parameters<Float> {
    try Self.archive { () throws(ArchiveError) in
      for slot in layout.slots {
        let found = try archive.tensor(named: slot.name).shape
        guard found == slot.shape else {
          throw .unexpectedTensor(
            path: archive.path, tensor: slot.name, expected: "shape \(slot.shape)",
            found: "\(found)")
        }
      }
      return try Parameters(layout: layout) { (slot: ParameterSlot) throws(ArchiveError) in
        try archive.parameter(slot)
      }
    }
  }

  static func archive<Result>(
    _ body: () throws(ArchiveError) -> Result
  ) throws(ModelError) -> Result {
    do { return try body() } catch { throw .archive(error) }
  }
}
