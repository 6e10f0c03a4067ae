/// How the answers of two classifiers to the same texts differ, collected one text at a time.
///
///     var comparison = Comparison()
///     comparison.append(.init(label: "negative", score: -0.2), .init(label: "positive", score: 0.4))
///     print(comparison.agreement, comparison.mcNemar)
///
/// Labels are compared by what they mean: `pos` is `positive`; see ``SentimentLabels``. Memory does
/// not grow with the texts.
public struct Comparison: Sendable {
  /// What a classifier says of a text.
  public struct Answer: Equatable, Sendable {
    /// The label, by its canonical name.
    public let label: String
    /// How favourable the text is, from -1 to 1; nil where the classifier did not say.
    public let score: Double?

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - label: The label, by any of its names.
    ///   - score: How favourable the text is.
    public init(label: String, score: Double? = nil) {
      self.label = SentimentLabels.canonical(label)
      self.score = score
    }
  }

  /// Texts that changed side in the same way.
  public struct Change: Hashable, Encodable, Sendable {
    /// What the first classifier says.
    public let first: String
    /// What the second classifier says.
    public let second: String
    /// The number of texts.
    public let count: Int
  }

  /// The number of texts.
  public private(set) var count = 0
  private var pairCounts: [[String]: Int] = [:]
  private var scoredCount = 0
  private var scoreDifferenceSum = 0.0
  private var truthCount = 0
  private var rightCounts = (both: 0, first: 0, second: 0)

  /// Makes a comparison of no texts.
  public init() {}

  /// Adds a text.
  ///
  /// - Parameters:
  ///   - first: What the first classifier says.
  ///   - second: What the second classifier says.
  ///   - trueLabel: The truth, by any of its names; for all texts or for none.
  public mutating func append(_ first: Answer, _ second: Answer, trueLabel: String? = nil) {
    count += 1
    pairCounts[[first.label, second.label], default: 0] += 1
    if let one = first.score, let other = second.score {
      scoredCount += 1
      scoreDifferenceSum += (one - other).magnitude
    }
    guard let truth = trueLabel.map(SentimentLabels.canonical) else { return }
    truthCount += 1
    switch (first.label == truth, second.label == truth) {
    case (true, true): rightCounts.both += 1
    case (true, false): rightCounts.first += 1
    case (false, true): rightCounts.second += 1
    case (false, false): break
    }
  }

  // MARK: Results

  /// The number of texts of which both say the same.
  public var agreementCount: Int { count - changes.reduce(0) { $0 + $1.count } }

  /// The share of texts of which both say the same; 1 of none.
  public var agreement: Double { count == 0 ? 1 : Double(agreementCount) / Double(count) }

  /// The ways in which texts changed side, by the order of the labels.
  public var changes: [Change] {
    let labels = labels
    return labels.flatMap { first in
      labels.compactMap { second in
        guard first != second, let count = pairCounts[[first, second]] else { return nil }
        return Change(first: first, second: second, count: count)
      }
    }
  }

  /// All labels that either has said, in order.
  public var labels: [String] { SentimentLabels.sorted(Set(pairCounts.keys.joined())) }

  /// The mean distance between the scores; nil where they were not given.
  public var meanScoreDifference: Double? {
    scoredCount == 0 ? nil : scoreDifferenceSum / Double(scoredCount)
  }

  /// The share of texts of which the first says the truth; nil where that is not known.
  public var firstAccuracy: Double? { accuracy(rightCounts.first) }

  /// The share of texts of which the second says the truth; nil where that is not known.
  public var secondAccuracy: Double? { accuracy(rightCounts.second) }

  private func accuracy(_ aloneCount: Int) -> Double? {
    truthCount == 0 ? nil : Double(rightCounts.both + aloneCount) / Double(truthCount)
  }

  /// Whether the difference is more than chance.
  ///
  /// Where the truth is known, it is whether one is right more often: the counts are those of texts
  /// that the first alone, or the second alone, has right. Else it is whether one leans to a side:
  /// the counts are those of texts to which only the first, or only the second, gives the last
  /// label. Nil where neither can be said, for more than two labels without the truth.
  public var mcNemar: McNemarTest? {
    if truthCount > 0 {
      return McNemarTest(firstCount: rightCounts.first, secondCount: rightCounts.second)
    }
    let labels = labels
    guard labels.count <= 2 else { return nil }
    guard labels.count == 2 else { return McNemarTest(firstCount: 0, secondCount: 0) }
    return McNemarTest(
      firstCount: pairCounts[[labels[1], labels[0]]] ?? 0,
      secondCount: pairCounts[[labels[0], labels[1]]] ?? 0)
  }
}

extension Comparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case count, agreement, changes
    case meanScoreDifference = "mean_score_difference"
    case firstAccuracy = "first_accuracy"
    case secondAccuracy = "second_accuracy"
    case mcNemar = "mcnemar"
  }

  /// Writes the results, in snake case; those that are nil are left out.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(count, forKey: .count)
    try members.encode(agreement, forKey: .agreement)
    try members.encode(changes, forKey: .changes)
    try members.encodeIfPresent(meanScoreDifference, forKey: .meanScoreDifference)
    try members.encodeIfPresent(firstAccuracy, forKey: .firstAccuracy)
    try members.encodeIfPresent(secondAccuracy, forKey: .secondAccuracy)
    try members.encodeIfPresent(mcNemar, forKey: .mcNemar)
  }
}
