/// The rows of each value of a field.
struct GroupTally: Sendable {
  /// A value, and its rows.
  struct Group: Sendable {
    let name: String
    let tally: ScoreTally
    /// The probability of so great a difference from all other rows where there is none, after Holm's
    /// correction for the number of groups; nil where there are too few rows.
    var probability: Double?
  }

  /// The name of the field.
  let field: String
  private var tallies: [String: ScoreTally] = [:]
  private var rest = ScoreTally()
  private(set) var all = ScoreTally()

  /// The most values that are told apart while rows are read; rows of later ones are others.
  static let valueLimit = 100_000
  /// The most values that are shown.
  static let shownLimit = 50

  /// Starts with no rows.
  init(field: String) { self.field = field }

  /// The number of values; more than the limit are not counted.
  var count: Int { tallies.count }

  /// Whether there were more values than are told apart.
  var isFull: Bool { rest.count > 0 }

  /// Adds a row.
  mutating func add(_ name: String, label: Int, score: Double) {
    all.add(label: label, score: score)
    if tallies[name] == nil && tallies.count >= Self.valueLimit {
      rest.add(label: label, score: score)
    } else {
      tallies[name, default: ScoreTally()].add(label: label, score: score)
    }
  }

  /// The groups with the most rows, and all others as one.
  ///
  /// - Returns: The groups, largest first, and how many values and rows the others are.
  var ranked: (groups: [Group], others: (count: Int, tally: ScoreTally)) {
    let sorted = tallies.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let groups = sorted.prefix(Self.shownLimit).map {
      Group(
        name: $0.key, tally: $0.value,
        probability: $0.value.differenceProbability(from: all.removing($0.value)))
    }
    var others = rest
    for (_, tally) in sorted.dropFirst(Self.shownLimit) { others.merge(tally) }
    let count = max(0, sorted.count - Self.shownLimit)
    return (Self.corrected(groups), (count, others))
  }

  /// Holm's correction: the least probability counts as often as there are groups, the next once less.
  ///
  /// - SeeAlso: Holm 1979, <https://www.jstor.org/stable/4615733>.
  private static func corrected(_ groups: [Group]) -> [Group] {
    var groups = groups
    let order = groups.indices.filter { groups[$0].probability != nil }
      .sorted { groups[$0].probability ?? 1 < groups[$1].probability ?? 1 }
    var least = 0.0
    for (rank, index) in order.enumerated() {
      let probability = (groups[index].probability ?? 1) * Double(order.count - rank)
      least = max(least, min(1, probability))
      groups[index].probability = least
    }
    return groups
  }
}
