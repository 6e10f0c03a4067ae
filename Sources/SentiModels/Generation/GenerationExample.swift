/// What is written of, and what is to be written, as token ids.
public struct GenerationExample: Hashable, Sendable {
  /// What is written of.
  public let source: GenerationSource
  /// The tokens to write, without start and end.
  public let target: [Int32]

  /// Creates an example.
  ///
  /// - Parameters:
  ///   - source: What is written of.
  ///   - target: The tokens to write, without start and end.
  public init(source: GenerationSource, target: [Int32]) {
    self.source = source
    self.target = target
  }
}
