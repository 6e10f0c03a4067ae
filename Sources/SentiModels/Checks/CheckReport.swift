/// How a classifier does on a suite.
public struct CheckReport: Sendable {
  /// How often the cases of one capability are passed.
  public struct CapabilityRate: Hashable, Sendable {
    /// The name of the capability.
    public let capability: String
    /// The cases that are passed, of those that the classifier has the labels for.
    public let passRate: Proportion
    /// Whether its cases count towards the overall pass rate.
    public let isCounted: Bool
  }

  /// The outcome of each case, in the suite's order; nil where the classifier has no label for it.
  public let outcomes: [CheckOutcome?]
  /// The pass rates, in the order in which capabilities come first.
  public let capabilities: [CapabilityRate]

  /// Puts outcomes together.
  init(_ outcomes: [CheckOutcome?], capabilities names: [String]) {
    self.outcomes = outcomes
    let tested = Dictionary(grouping: outcomes.compactMap(\.self)) { $0.check.capability }
    capabilities = names.compactMap { name in
      tested[name].map { outcomes in
        CapabilityRate(
          capability: name, passRate: Self.passRate(of: outcomes),
          isCounted: outcomes.contains { $0.check.isCounted })
      }
    }
  }

  /// The pass rate over all cases that count.
  public var passRate: Proportion {
    Self.passRate(of: outcomes.compactMap(\.self).filter(\.check.isCounted))
  }

  /// The outcomes of cases that are not passed.
  public var failed: [CheckOutcome] { outcomes.compactMap(\.self).filter { !$0.isPassed } }

  /// The number of cases that were left out, for the classifier has no label for them.
  public var leftOutCount: Int { outcomes.count { $0 == nil } }

  /// Whether all probabilities are numbers.
  public var isFinite: Bool {
    outcomes.allSatisfy { $0?.predictions.allSatisfy(\.isFinite) ?? true }
  }

  private static func passRate(of outcomes: [CheckOutcome]) -> Proportion {
    Proportion(outcomes.count(where: \.isPassed), of: outcomes.count)
  }
}

extension CheckSuite {
  /// Runs the suite.
  ///
  /// Cases that expect labels which the classifier does not have are left out. Labels go by many names:
  /// `pos` is `positive`; see ``SentimentLabels/names(of:)``.
  ///
  /// - Parameters:
  ///   - classifier: The classifier.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: What is passed and what is not.
  /// - Precondition: `threadCount` is at least 1.
  /// - Complexity: O(tokens of all texts).
  public func report(on classifier: SentimentClassifier, threadCount: Int = 1) -> CheckReport {
    let names = Dictionary(
      SentimentLabels.names(of: classifier.labels).map { ($0.value, $0.key) }
    ) { first, _ in first }
    let isTested = cases.map { $0.isTestable(names) }
    let tested = zip(cases, isTested).filter(\.1).map(\.0)
    var rest = classifier.predictions(
      for: tested.flatMap(\.texts), threadCount: threadCount)[...]
    let outcomes = zip(cases, isTested).map { check, isTested -> CheckOutcome? in
      guard isTested else { return nil }
      defer { rest = rest.dropFirst(check.texts.count) }
      return CheckOutcome(check, Array(rest.prefix(check.texts.count)), names: names)
    }
    return CheckReport(outcomes, capabilities: capabilities)
  }
}

extension CheckCase {
  /// Whether a classifier has a label for the case.
  fileprivate func isTestable(_ names: [String: String]) -> Bool {
    switch expectation {
    case .label(let labels): labels.contains { names[$0] != nil }
    case .invariance: true
    case .direction(let direction): names[direction.label] != nil
    }
  }
}
