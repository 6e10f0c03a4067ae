/// The token ids with a meaning of their own.
public struct GenerationTokens: Hashable, Codable, Sendable {
  /// The token that words outside of the vocabulary are read as.
  public var unknown: Int32 = 1
  /// The token that writing starts with.
  public var start: Int32 = 2
  /// The token that ends a text.
  public var end: Int32 = 3

  /// The ids of `SentiText`'s special tokens.
  public init() {}
}
