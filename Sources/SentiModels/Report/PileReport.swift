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
  /// Rows whose words speak for both sides, and rows at random.
  private(set) var (mixed, sample) = (TopRows(), TopRows(limit: Self.sampleLimit))
  private(set) var shift: WordShift?
  private var terms: TermContrast
  private var labelNumbers: [String: Int] = [:]
  private var labelNames: [String] = []

  /// The number of bins of the scores.
  static let binCount = 40
  /// The number of rows at random.
  static let sampleLimit = 300
  /// The most labels, and reasons, that are told apart.
  private static let (labelLimit, errorLimit) = (50, 1000)

  /// Starts with no rows.
  ///
  /// - Parameters:
  ///   - groupFields: The names of the fields by which rows are grouped.
  ///   - shift: The names of two groups of rows whose difference is taken apart word by word; nil: none is.
  ///   - rowLimit: The most rows that are shown of each kind, such as those with the highest scores.
  /// - Throws: `ICUError` when ICU's data is missing.
  public init(
    groupFields: [String] = [], shift: (first: String, second: String)? = nil, rowLimit: Int = 20
  ) throws(ICUError) {
    groups = groupFields.map { GroupTally(field: $0) }
    self.shift = shift.map { WordShift($0) }
    let top = TopRows(limit: rowLimit)
    (highest, lowest, leastSure, mixed) = (top, top, top, top)
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
    sample.add(row, answer, value: Self.place(ofRow: rowCount))
    if let explanation = row.explanation { add(explanation, of: row, answer) }
    if let text = row.text, answer.score != 0 { terms.add(text, isFirst: answer.score < 0) }
  }

  /// The terms that go with scores below 0, and with those above.
  func terms(_ count: Int) -> (first: [TermContrast.Term], second: [TermContrast.Term]) {
    terms.terms(count)
  }

  private mutating func add(
    _ explanation: RowExplanation, of row: ReportRow, _ answer: ReportRow.Answer
  ) {
    let both = min(explanation.sum(isPositive: true), -explanation.sum(isPositive: false))
    if both > 0 { mixed.add(row, answer, value: both) }
    if let isFirst = row.isOfFirstGroup, let text = row.text {
      shift?.add(explanation, text: Array(text.utf8), isFirst: isFirst)
    }
  }

  /// Where a row comes in a random order that is always the same (SplitMix64).
  private static func place(ofRow number: Int) -> Double {
    var bits = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11)
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
