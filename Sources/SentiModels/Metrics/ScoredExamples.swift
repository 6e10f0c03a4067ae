/// True labels and predicted probabilities, collected one example at a time.
///
///     var examples = ScoredExamples(labels: ["negative", "positive"])
///     examples.append(trueLabel: 1, probabilities: [0.2, 0.8])
///     let evaluation = Evaluation(of: examples)
///
/// All probabilities are kept, since the area under the ROC curve needs their order.
public struct ScoredExamples: Equatable, Sendable {
  /// The names of the classes; elsewhere a class is an index of this array.
  public let labels: [String]
  /// The true class of each example.
  public private(set) var trueLabels: [Int] = []
  /// The predicted class of each example: the most probable, of equal ones the first.
  public private(set) var predictedLabels: [Int] = []
  /// The probabilities of all classes of the first example, then of the second, and so on.
  private var probabilities: [Double] = []

  /// Makes a collection without examples.
  ///
  /// - Parameter labels: The names of the classes.
  /// - Precondition: `labels` is not empty.
  public init(labels: [String]) {
    precondition(!labels.isEmpty, "0 labels")
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { trueLabels.count }

  /// Adds an example.
  ///
  /// - Parameters:
  ///   - trueLabel: The index of the true class.
  ///   - probabilities: The predicted probability of each class.
  /// - Precondition: `trueLabel` is an index of `labels`; there is one probability a class, and
  ///   each is finite and not negative.
  public mutating func append<Scalar: BinaryFloatingPoint>(
    trueLabel: Int, probabilities: [Scalar]
  ) {
    precondition(
      labels.indices.contains(trueLabel), "label \(trueLabel) of \(labels.count) labels")
    precondition(
      probabilities.count == labels.count,
      "\(probabilities.count) probabilities for \(labels.count) labels")
    precondition(
      probabilities.allSatisfy { $0.isFinite && $0 >= 0 }, "probabilities \(probabilities)")
    trueLabels.append(trueLabel)
    predictedLabels.append(probabilities.firstIndex(of: probabilities.max() ?? 0) ?? 0)
    for probability in probabilities { self.probabilities.append(Double(probability)) }
  }

  /// The predicted probability that an example is of a class.
  ///
  /// - Parameters:
  ///   - label: The index of the class.
  ///   - example: The index of the example.
  /// - Returns: The probability, as it was appended.
  /// - Precondition: Both are valid indices.
  public func probability(of label: Int, inExample example: Int) -> Double {
    precondition(labels.indices.contains(label), "label \(label) of \(labels.count) labels")
    precondition(trueLabels.indices.contains(example), "example \(example) of \(count) examples")
    return probabilities[example * labels.count + label]
  }

  /// The predicted probabilities of an example, one a class.
  ///
  /// - Parameter example: The index of the example.
  /// - Returns: The probabilities, as they were appended.
  /// - Precondition: `example` is a valid index.
  public func probabilities(ofExample example: Int) -> [Double] {
    precondition(trueLabels.indices.contains(example), "example \(example) of \(count) examples")
    return Array(probabilities[example * labels.count..<(example + 1) * labels.count])
  }

  /// Some of the examples.
  ///
  /// - Parameter isIncluded: Whether the example of an index is kept.
  /// - Returns: Those that are kept, in order.
  public func filtered(_ isIncluded: (Int) -> Bool) -> ScoredExamples {
    var kept = ScoredExamples(labels: labels)
    for example in 0..<count where isIncluded(example) {
      kept.append(
        trueLabel: trueLabels[example], probabilities: probabilities(ofExample: example))
    }
    return kept
  }
}
