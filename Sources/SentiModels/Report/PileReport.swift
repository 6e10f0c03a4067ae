public import SentiText

/// What a pile of scored rows says: shares, scores, groups, dates, words and the rows at the ends.
///
///     var report = try PileReport(groupFields: ["product"])
///     for row in rows { report.add(row) }
///     print(PileReportPage(report, title: "Reviews").html)
///
/// Rows are read once. Memory does not grow with them, but with the values of the group fields and the
/// words, of which there are limits.
public struct PileReport: Sendable {
  /// The number of rows.
  public private(set) var rowCount = 0
  /// The number of rows that could not be scored.
  public private(set) var errorCount = 0
  /// The most frequent reasons why not.
  private(set) var errors: [String: Int] = [:]
  private(set) var all = ScoreTally()
  private(set) var histogram = Array(repeating: 0, count: Self.binCount)
  private(set) var groups: [GroupTally]
  private(set) var dates = DateTally()
  private(set) var hasDates = false
  private(set) var (highest, lowest, leastSure) = (TopRows(), TopRows(), TopRows())
  private var terms: TermContrast
  private var labelNumbers: [String: Int] = [:]
  private var labelNames: [String] = []

  /// The number of bins of the scores.
  static let binCount = 40
  /// The most labels, and reasons, that are told apart.
  private static let (labelLimit, errorLimit) = (50, 1000)

  /// Starts with no rows.
  ///
  /// - Parameter groupFields: The names of the fields by which rows are grouped.
  /// - Throws: `ICUError` when ICU's data is missing.
  public init(groupFields: [String] = []) throws(ICUError) {
    groups = groupFields.map { GroupTally(field: $0) }
    terms = try TermContrast()
  }

  /// The labels, from least to most favourable, each with its number in tallies.
  var labels: [(name: String, number: Int)] {
    SentimentLabels.sorted(labelNames).map { ($0, labelNumbers[$0] ?? 0) }
  }

  /// Adds a row.
  ///
  /// - Parameter row: The row, with a value for each group field.
  /// - Precondition: There are as many groups as fields.
  /// - Complexity: O(length of the text).
  public mutating func add(_ row: ReportRow) {
    precondition(row.groups.count == groups.count, "\(row.groups.count) of \(groups.count) groups")
    rowCount += 1
    guard let answer = row.answer else { return addError(row.error ?? "") }
    let label = number(of: answer.label)
    all.add(label: label, score: answer.score)
    let bin = Int((answer.score + 1) / 2 * Double(Self.binCount))
    histogram[min(max(bin, 0), Self.binCount - 1)] += 1
    for (index, value) in row.groups.enumerated() {
      groups[index].add(value, label: label, score: answer.score)
    }
    if let date = row.date {
      hasDates = true
      dates.add(date, label: label, score: answer.score)
    }
    highest.add(row, answer, value: answer.score)
    lowest.add(row, answer, value: -answer.score)
    leastSure.add(row, answer, value: -answer.probability)
    if let text = row.text, answer.score != 0 { terms.add(text, isFirst: answer.score < 0) }
  }

  /// The terms that go with scores below 0, and with those above.
  func terms(_ count: Int) -> (first: [TermContrast.Term], second: [TermContrast.Term]) {
    terms.terms(count)
  }

  private mutating func addError(_ reason: String) {
    errorCount += 1
    if errors[reason] != nil || errors.count < Self.errorLimit {
      errors[reason, default: 0] += 1
    }
  }

  private mutating func number(of label: String) -> Int {
    if let number = labelNumbers[label] { return number }
    let name = labelNames.count < Self.labelLimit - 1 ? label : "(other labels)"
    if let number = labelNumbers[name] { return number }
    labelNumbers[name] = labelNames.count
    labelNames.append(name)
    return labelNames.count - 1
  }
}
