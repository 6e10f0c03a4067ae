/// How two classifiers differ on one suite.
public struct CheckComparison: Sendable {
  /// A case that one of the two passes and the other does not.
  public struct Change: Sendable {
    /// What the first makes of it.
    public let first: CheckOutcome
    /// What the second makes of it.
    public let second: CheckOutcome

    /// Whether the second passes it.
    public var isFixed: Bool { second.isPassed }
  }

  /// The first classifier's report.
  public let first: CheckReport
  /// The second classifier's report.
  public let second: CheckReport

  /// Compares reports.
  ///
  /// - Parameters:
  ///   - first: How the first classifier does.
  ///   - second: How the second does on the same suite.
  /// - Precondition: Both are of suites with as many cases.
  public init(_ first: CheckReport, _ second: CheckReport) {
    precondition(
      first.outcomes.count == second.outcomes.count,
      "\(first.outcomes.count) cases and \(second.outcomes.count)")
    self.first = first
    self.second = second
  }

  /// The cases that one of the two passes and the other does not, in the suite's order; a case that
  /// either has no label for is none.
  public var changes: [Change] {
    zip(first.outcomes, second.outcomes).compactMap { first, second in
      guard let first, let second, first.isPassed != second.isPassed else { return nil }
      return Change(first: first, second: second)
    }
  }

  /// Whether one passes more of the counted cases than chance explains.
  public var mcNemar: McNemarTest {
    let counted = changes.filter(\.first.check.isCounted)
    return McNemarTest(
      firstCount: counted.count(where: \.first.isPassed),
      secondCount: counted.count(where: \.second.isPassed))
  }
}
