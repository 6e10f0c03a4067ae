/// The number of a word in a vocabulary.
public struct TokenID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number itself: the word's place in the vocabulary.
  public let rawValue: UInt32

  /// Names a word by its number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The number in decimal.
  public var description: String { String(rawValue) }

  /// Orders by number.
  public static func < (left: TokenID, right: TokenID) -> Bool {
    left.rawValue < right.rawValue
  }
}
