/// How the bytes of a file are packed; the system's own programs pack and unpack them.
public enum Compression: String, CaseIterable, Hashable, Sendable {
  /// Packed by `gzip`.
  case gzip
  /// Packed by `zstd`.
  case zstd

  /// Tells the compression from the end of a name: `.gz` or `.zst`.
  ///
  /// - Parameter path: The path of a file; its content is not looked at.
  public init?(extensionOf path: String) {
    guard let match = Self.allCases.first(where: { path.lowercased().hasSuffix($0.suffix) }) else {
      return nil
    }
    self = match
  }

  /// Tells the compression from the first bytes of a file.
  init?(content bytes: [UInt8]) {
    guard let match = Self.allCases.first(where: { bytes.starts(with: $0.signature) }) else {
      return nil
    }
    self = match
  }

  /// Whether more bytes could make the signature of a packed file of these.
  static func isBeginning(_ bytes: [UInt8]) -> Bool {
    allCases.contains { $0.signature.count > bytes.count && $0.signature.starts(with: bytes) }
  }

  /// The bytes with which such files begin.
  private var signature: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    }
  }

  /// What the names of such files end in, with the dot.
  public var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .zstd: ".zst"
    }
  }

  /// The command that packs its standard input.
  var packing: [String] { [rawValue, "-c", "-q"] }

  /// The command that unpacks its standard input.
  var unpacking: [String] { [rawValue, "-d", "-c", "-q"] }
}
