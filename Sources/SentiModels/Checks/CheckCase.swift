public import SentiCorpora

/// One test of a classifier's behaviour: a text, its variants, and what is expected of the predictions.
///
/// - SeeAlso: <doc:BehaviourChecks>.
public struct CheckCase: Hashable, Sendable {
  /// What is expected of the predictions of a case's texts.
  public enum Expectation: Hashable, Sendable {
    /// The text has one of these labels: a minimum functionality test.
    case label([String])
    /// Each variant has the text's label, with a probability at most the tolerance away.
    case invariance(tolerance: Double)
    /// No variant's probability of a label moves the wrong way by more than the tolerance.
    case direction(CheckDirection)
  }

  /// The name of the capability that the case tests, such as `negation`.
  public let capability: String
  /// The text.
  public let text: String
  /// The text in other forms; none for ``Expectation/label(_:)``.
  public let variants: [String]
  /// What is expected of the predictions.
  public let expectation: Expectation
  /// Whether the case counts towards the overall pass rate; those that do not are reported alone.
  public let isCounted: Bool
  /// Where the case is written.
  public let origin: LabelledText.Origin

  /// Makes a case.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - variants: The text in other forms; none for ``Expectation/label(_:)``, else one or more.
  ///   - capability: The name of the capability that is tested.
  ///   - expectation: What is expected of the predictions.
  ///   - isCounted: Whether the case counts towards the overall pass rate.
  ///   - origin: Where the case is written.
  /// - Precondition: There are variants where the expectation compares them, and else none.
  public init(
    _ text: String, variants: [String] = [], capability: String, expectation: Expectation,
    isCounted: Bool = true, origin: LabelledText.Origin
  ) {
    let hasVariants = if case .label = expectation { false } else { true }
    precondition(
      variants.isEmpty != hasVariants, "\(variants.count) variants for \(expectation)")
    self.text = text
    self.variants = variants
    self.capability = capability
    self.expectation = expectation
    self.isCounted = isCounted
    self.origin = origin
  }

  /// The text and its variants: all that is classified.
  public var texts: [String] { [text] + variants }
}

/// Which way a probability may not move from a text to its variants.
public struct CheckDirection: Hashable, Sendable {
  /// The ways in which a probability may be bounded.
  public enum Bound: String, CaseIterable, Sendable {
    /// It may fall, but not rise.
    case notMore = "not more"
    /// It may rise, but not fall.
    case notLess = "not less"
  }

  /// The label whose probability is compared.
  public let label: String
  /// Which way the probability may not move.
  public let bound: Bound
  /// How far the probability may move the wrong way.
  public let tolerance: Double

  /// Makes a direction.
  ///
  /// - Parameters:
  ///   - bound: Which way the probability may not move.
  ///   - label: The label whose probability is compared.
  ///   - tolerance: How far the probability may move the wrong way.
  public init(_ bound: Bound, _ label: String, tolerance: Double) {
    self.bound = bound
    self.label = label
    self.tolerance = tolerance
  }

  /// Whether a variant's probability is within bounds.
  func holds(from text: Double, to variant: Double) -> Bool {
    switch bound {
    case .notMore: variant <= text + tolerance
    case .notLess: variant >= text - tolerance
    }
  }
}
