import SentiModels
import SentiText

/// What is told of an evaluation besides its figures: how far they can be trusted, and where they hold.
struct EvaluationDetails: Encodable {
  /// The figures of the texts of a group.
  struct Group: Encodable {
    let name: String
    let evaluation: Evaluation

    private enum CodingKeys: String, CodingKey {
      case name = "group"
    }

    func encode(to encoder: any Encoder) throws {
      try evaluation.encode(to: encoder)
      var members = encoder.container(keyedBy: CodingKeys.self)
      try members.encode(name, forKey: .name)
    }
  }

  /// The intervals of the figures.
  let intervals: EvaluationIntervals?
  /// The accuracy on the texts of which the model is most sure.
  let coverage: [CoverageCurve.Point]
  /// The groups, largest first; nil: nobody asked.
  let groups: [Group]?

  /// The most groups that are told of; the others are one.
  static let groupLimit = 50

  /// Finds the details of examples.
  ///
  /// - Parameters:
  ///   - examples: The predictions, and the truth.
  ///   - groups: The group of each example; nil: nobody asked.
  init(of examples: ScoredExamples, groups: [String]?) {
    intervals = EvaluationIntervals(of: examples)
    coverage = CoverageCurve(of: examples).points
    self.groups = groups.map { Self.groups(of: examples, $0) }
  }

  private static func groups(of examples: ScoredExamples, _ names: [String]) -> [Group] {
    let counts = names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let shown = ranked.count > groupLimit ? Array(ranked.prefix(groupLimit)) : ranked
    var groups = shown.compactMap { name in
      Evaluation(of: examples.filtered { names[$0] == name }).map {
        Group(name: name, evaluation: $0)
      }
    }
    let known = Set(shown)
    if let rest = Evaluation(of: examples.filtered { !known.contains(names[$0]) }) {
      let name = "(\(Columns.grouped(ranked.count - shown.count)) others)"
      groups.append(Group(name: name, evaluation: rest))
    }
    return groups
  }

  // MARK: Tables

  /// The details for people, each table behind an empty line.
  var table: String {
    let tables = [intervals.map(Self.table), coverageTable, groups.map(Self.table)]
    return tables.compactMap(\.self).map { "\n" + $0 }.joined()
  }

  private static func table(_ intervals: EvaluationIntervals) -> String {
    func row(_ name: String, _ interval: ClosedRange<Double>) -> [String] {
      [name] + [interval.lowerBound, interval.upperBound].map { Columns.fixed($0, digits: 4) }
    }
    return Columns.aligned([
      ["95 % interval", "from", "to"], row("accuracy", intervals.accuracy),
      row("macro F1", intervals.macroF1), row("log loss, nats", intervals.logLoss),
      row("Brier score", intervals.brierScore),
    ])
  }

  private var coverageTable: String {
    let rows = coverage.map { point in
      [point.coverage, point.threshold, point.accuracy].map { Columns.fixed($0, digits: 4) }
    }
    return Columns.aligned([["coverage", "least probability", "accuracy"]] + rows)
  }

  private static func table(_ groups: [Group]) -> String {
    let rows = groups.map { group in
      let evaluation = group.evaluation
      let rightCount = evaluation.confusionMatrix.indices.reduce(0) {
        $0 + evaluation.confusionMatrix[$1][$1]
      }
      let interval = Proportion(rightCount, of: evaluation.exampleCount).interval
      let bounds = [interval.lowerBound, interval.upperBound].map { Columns.fixed($0, digits: 4) }
      return [group.name.excerpt, "\(evaluation.exampleCount)"]
        + [Columns.fixed(evaluation.accuracy, digits: 4), bounds.joined(separator: " to ")]
        + [evaluation.macroF1, evaluation.logLoss].map { Columns.fixed($0, digits: 4) }
    }
    let header = ["group", "examples", "accuracy", "95 % interval", "macro F1", "log loss"]
    return Columns.aligned([header] + rows)
  }
}
