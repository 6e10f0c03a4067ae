internal import CSentiICU

/// The versions of the ICU library that this process is linked with.
///
/// Word boundaries depend on both, so a vocabulary and a model record them.
public struct ICUVersion: Hashable, Sendable, CustomStringConvertible {
  /// The library's version, such as "72.1".
  public let icu: String
  /// The version of Unicode that it implements, such as "15.0".
  public let unicode: String

  /// Names a pair of versions, for instance one that a file recorded.
  public init(icu: String, unicode: String) {
    self.icu = icu
    self.unicode = unicode
  }

  /// The versions of the linked library.
  public static let linked = ICUVersion(
    icu: unsafe text { unsafe CSentiICU_getVersion($0) },
    unicode: unsafe text { unsafe CSentiICU_getUnicodeVersion($0) }
  )

  /// Both versions in words.
  public var description: String { "ICU \(icu), Unicode \(unicode)" }

  private static func text(_ write: (UnsafeMutablePointer<CChar>) -> Void) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 20) { buffer in
      unsafe buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return "" }
      unsafe write(start)
      return unsafe String(cString: start)
    }
  }
}
