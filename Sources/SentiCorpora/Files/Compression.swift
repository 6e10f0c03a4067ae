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
