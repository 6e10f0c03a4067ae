/// What a training of a net that writes is given.
public struct GenerationText: Hashable, Sendable {
  /// What is written of.
  public enum Source: Hashable, Sendable {
    /// A vector, such as an image's features.
    case vector([Float])
    /// A text, to be translated.
    case text(String)
  }

  /// What is written of.
  public let source: Source
  /// What people wrote of it, at least one text.
  public let targets: [String]

  /// Collects a source and its targets.
  ///
  /// - Parameters:
  ///   - source: What is written of.
  ///   - targets: What people wrote of it, at least one text.
  public init(source: Source, targets: [String]) {
    precondition(!targets.isEmpty, "a source of no texts")
    self.source = source
    self.targets = targets
  }
}

extension GenerationText {
  /// The text to be translated; empty for a vector.
  var text: String {
    if case .text(let text) = source { text } else { "" }
  }
}
