/// How the answers of two classifiers to the same texts differ, collected one text at a time.
///
///     var comparison = Comparison()
///     comparison.append(.init(label: "negative", score: -0.2), .init(label: "positive", score: 0.4))
///     print(comparison.agreement, comparison.mcNemar)
///
/// Labels are compared by what they mean: `pos` is `positive`, and 0 and 1 are `negative` and `positive`
/// where they are all labels that a classifier says; see ``SentimentLabels/names(of:)``. Memory does not
/// grow with the texts.
public struct Comparison: Sendable {
  /// What a classifier says of a text.
  public struct Answer: Equatable, Sendable {
    /// The label, by the name that a model says where it is a word for one.
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
  private var counts: [Labels: Int] = [:]
  private var scoredCount = 0
  private var scoreDifferenceSum = 0.0

  /// What is said of a text, and the truth.
  private struct Labels: Hashable {
    var first: String
    var second: String
    var truth: String?
  }

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
    let truth = trueLabel.map(SentimentLabels.canonical)
    counts[Labels(first: first.label, second: second.label, truth: truth), default: 0] += 1
    if let one = first.score, let other = second.score {
      scoredCount += 1
      scoreDifferenceSum += (one - other).magnitude
    }
  }

  // MARK: Labels

  /// All labels that the first classifier has said.
  public var firstLabels: Set<String> { Set(counts.keys.map(\.first)) }

  /// All labels that the second classifier has said.
  public var secondLabels: Set<String> { Set(counts.keys.map(\.second)) }

  /// All true labels.
  public var trueLabels: Set<String> { Set(counts.keys.compactMap(\.truth)) }

  /// The comparison with other names for labels, such as those of ratings.
  ///
  /// - Parameters:
  ///   - first: Names for what the first classifier says; a label that is not there keeps its own.
  ///   - second: Names for what the second classifier says.
  ///   - truth: Names for true labels; under an empty name, the truth of a text is not known.
  /// - Returns: The comparison.
  public func renamed(
    first: [String: String] = [:], second: [String: String] = [:], truth: [String: String] = [:]
  ) -> Comparison {
    var renamed = self
    renamed.counts = [:]
    for (labels, count) in counts {
      var name = labels.truth
      if let old = labels.truth, let new = truth[old] { name = new.isEmpty ? nil : new }
      let labels = Labels(
        first: first[labels.first] ?? labels.first, second: second[labels.second] ?? labels.second,
        truth: name)
      renamed.counts[labels, default: 0] += count
    }
    return renamed
  }

  /// The comparison in which numbers have names, where they are a whole set that has such.
  private var named: Comparison {
    let answers = SentimentLabels.names(of: firstLabels.union(secondLabels))
    return renamed(
      first: answers, second: answers, truth: SentimentLabels.names(of: trueLabels))
  }

  /// The number of texts of each pair of answers.
  private var pairCounts: [[String]: Int] {
    named.counts.reduce(into: [:]) { $0[[$1.key.first, $1.key.second], default: 0] += $1.value }
  }

  /// How often each of the two is right where the truth is known; nil where it never is.
  private var rightCounts: (both: Int, first: Int, second: Int, all: Int)? {
    var counts = (both: 0, first: 0, second: 0, all: 0)
    for (labels, count) in named.counts {
      guard let truth = labels.truth else { continue }
      counts.all += count
      switch (labels.first == truth, labels.second == truth) {
      case (true, true): counts.both += count
      case (true, false): counts.first += count
      case (false, true): counts.second += count
      case (false, false): break
      }
    }
    return counts.all > 0 ? counts : nil
  }

  // MARK: Results

  /// The number of texts of which both say the same.
  public var agreementCount: Int { count - changes.reduce(0) { $0 + $1.count } }

  /// The share of texts of which both say the same; 1 of none.
  public var agreement: Double { count == 0 ? 1 : Double(agreementCount) / Double(count) }

  /// The ways in which texts changed side, by the order of the labels.
  public var changes: [Change] {
    let pairCounts = pairCounts
    let labels = SentimentLabels.sorted(Set(pairCounts.keys.joined()))
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
  public var firstAccuracy: Double? {
    rightCounts.map { Double($0.both + $0.first) / Double($0.all) }
  }

  /// The share of texts of which the second says the truth; nil where that is not known.
  public var secondAccuracy: Double? {
    rightCounts.map { Double($0.both + $0.second) / Double($0.all) }
  }

  /// Whether the difference is more than chance.
  ///
  /// Where the truth is known, it is whether one is right more often: the counts are those of texts
  /// that the first alone, or the second alone, has right. Else it is whether one leans to a side:
  /// the counts are those of texts to which only the first, or only the second, gives the last
  /// label. Nil where neither can be said, for more than two labels without the truth.
  public var mcNemar: McNemarTest? {
    if let rightCounts {
      return McNemarTest(firstCount: rightCounts.first, secondCount: rightCounts.second)
    }
    let pairCounts = pairCounts
    let labels = SentimentLabels.sorted(Set(pairCounts.keys.joined()))
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
