/// A figure of a report as a row of a flat file: what it is of, and its numbers.
///
/// Members that a part does not have are left out. Encoded to JSON, the keys are in snake case.
public struct ReportRecord: Encodable, Hashable, Sendable {
  /// The part of the report: `counts`, `shares`, `scores`, `groups`, `group_shares`, `dates`, `date_shares`,
  /// `terms`, `shift`, `rows` or `errors`.
  public let part: String
  /// The field of a group.
  public internal(set) var field: String?
  /// What it is of: a value of the field, a period, a term, a word, a kind of rows, a reason.
  public internal(set) var name: String?
  /// The label.
  public internal(set) var label: String?
  /// The number of rows.
  public internal(set) var rows: Int?
  /// The share, the mean score, the score, the deviations of a term, or the change of the log-odds.
  public internal(set) var value: Double?
  /// The interval of the value, or the bin of the scores.
  public internal(set) var low, high: Double?
  /// The probability of so great a difference where there is none, or that of a row's label.
  public internal(set) var probability: Double?
  /// What of a word's change comes of its use, and of its contribution.
  public internal(set) var byUse, byContribution: Double?
  /// Where a row stands, and the beginning of its text.
  public internal(set) var place, text: String?

  init(_ part: String, name: String? = nil, rows: Int? = nil, value: Double? = nil) {
    (self.part, self.name) = (part, name)
    (self.rows, self.value) = (rows, value)
  }

  private enum CodingKeys: String, CodingKey {
    case part, field, name, label, rows, value, low, high, probability, place, text
    case byUse = "by_use"
    case byContribution = "by_contribution"
  }

  fileprivate func with(_ interval: ClosedRange<Double>?) -> ReportRecord {
    var record = self
    (record.low, record.high) = (interval?.lowerBound, interval?.upperBound)
    return record
  }
}

extension PileReport {
  /// What rows are kept by.
  public enum RowKind: String, CaseIterable, Sendable {
    /// The highest scores.
    case highest
    /// The lowest scores.
    case lowest
    /// The least probable answers.
    case leastSure = "least sure"
    /// Words that speak for both sides; none without explanations.
    case mixed
    /// Chance, the same each time.
    case random
  }

  /// All figures of the report, part by part, as its page has them.
  public var records: [ReportRecord] {
    counts + labelShares(of: all, part: "shares") + scores + groups.flatMap(records) + periods
      + termRecords + shiftRecords + rowRecords + reasons
  }

  private var counts: [ReportRecord] {
    [
      ReportRecord("counts", name: "rows", rows: rowCount),
      ReportRecord("counts", name: "scored", rows: rowCount - errorCount),
      ReportRecord("counts", name: "not scored", rows: errorCount),
      ReportRecord("counts", name: "mean score", rows: all.count, value: all.mean)
        .with(all.interval),
    ]
  }

  private func labelShares(
    of tally: ScoreTally, part: String, field: String? = nil, name: String? = nil
  ) -> [ReportRecord] {
    labels.map { label in
      let share = tally.share(of: label.number)
      var record = ReportRecord(part, name: name, rows: share.count, value: share.fraction)
        .with(share.fraction.map { _ in share.interval })
      (record.field, record.label) = (field, label.name)
      return record
    }
  }

  private var scores: [ReportRecord] {
    let width = 2 / Double(Self.binCount)
    return histogram.enumerated().map { bin, count in
      let low = -1 + Double(bin) * width
      return ReportRecord("scores", rows: count).with(low...low + width)
    }
  }

  private func records(_ tally: GroupTally) -> [ReportRecord] {
    tally.ranked.groups.flatMap { group in
      var record = ReportRecord(
        "groups", name: group.name, rows: group.tally.count, value: group.tally.mean
      ).with(group.tally.interval)
      (record.field, record.probability) = (tally.field, group.probability)
      return [record]
        + labelShares(
          of: group.tally, part: "group_shares", field: tally.field, name: group.name)
    }
  }

  private var periods: [ReportRecord] {
    guard hasDates else { return [] }
    return dates.periods.filter { $0.tally.count > 0 }.flatMap { period in
      [
        ReportRecord(
          "dates", name: period.name, rows: period.tally.count, value: period.tally.mean
        ).with(period.tally.interval)
      ] + labelShares(of: period.tally, part: "date_shares", name: period.name)
    }
  }

  private var termRecords: [ReportRecord] {
    let (first, second) = terms(PileReportPage.termLimit)
    return (first + second).map { term in
      ReportRecord(
        "terms", name: term.text, rows: term.counts.first + term.counts.second,
        value: term.zScore)
    }
  }

  private var shiftRecords: [ReportRecord] {
    guard let result = shift?.result(.max) else { return [] }
    let words = result.words.map { word in
      var record = ReportRecord("shift", name: word.text, value: word.change)
      (record.byUse, record.byContribution) = (word.byUse, word.byContribution)
      return record
    }
    return words + [
      ReportRecord("shift", name: "(other words)", value: result.others.change),
      ReportRecord("shift", name: "(baseline)", value: result.baseline),
      ReportRecord("shift", name: "(gap)", value: result.gap),
    ]
  }

  private var rowRecords: [ReportRecord] {
    RowKind.allCases.flatMap { rows($0, .max) }
  }

  /// Rows that are kept by their answers.
  ///
  /// - Parameters:
  ///   - kind: Which ones.
  ///   - count: The most rows.
  /// - Returns: The rows, the first ones first.
  public func rows(_ kind: RowKind, _ count: Int) -> [ReportRecord] {
    top(kind).entries.prefix(count).map { entry in
      var record = ReportRecord("rows", name: kind.rawValue, value: entry.answer.score)
      (record.label, record.probability) = (entry.answer.label, entry.answer.probability)
      record.place = entry.place
      record.text = entry.text.map { String(decoding: $0.bytes, as: UTF8.self) }
      return record
    }
  }

  private func top(_ kind: RowKind) -> TopRows {
    switch kind {
    case .highest: highest
    case .lowest: lowest
    case .leastSure: leastSure
    case .mixed: mixed
    case .random: sample
    }
  }

  private var reasons: [ReportRecord] {
    errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { reason, count in
      ReportRecord("errors", name: reason, rows: count)
    }
  }
}
