import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// `senti share`: which fraction of a pile has each label.
struct ShareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share",
    abstract: "Estimate which fraction of a scored file has each label, with intervals.",
    discussion: """
      Corrects the model's counts by 20 or more rows of the file that you labelled; 50 to 200 are good. \
      senti sample picks them. Prints for each label the fraction that the model counts, the \
      corrected one, and what holds the true fraction in 95 of 100 samples.

      With --method stratified, the labelled rows show how far the model's probabilities are off at \
      each height of the score (prediction-powered inference, stratified). They may be those of \
      senti sample, or picked at random; but not by their labels, nor by how hard they are.

      With --method adjusted, they show how often the model confuses the labels (adjusted counts). \
      They may then come from elsewhere, and may be picked by their labels, as long as the model \
      errs on them as on the file; the intervals are wider.

      Rows without a true label, and rows that could not be scored, are left out.

      Examples:
        senti sample scored.csv --rows 100 -o sample.csv
        senti share scored.csv --labelled sample.csv
      """)

  /// The fewest labelled rows.
  static let minimumCount = 20

  @OptionGroup var file: ScoredFileOptions

  @Option(
    help: .file("The labelled rows: scored ones with a column for the true label."),
    completion: .file())
  var labelled: String

  @Option(help: .name("The field of the labelled rows that holds the true label."))
  var labelField = SampleCommand.truthField

  @OptionGroup var labels: LabelOptions

  @Option(help: "How fractions are corrected.")
  var method = ShareMethod.stratified

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func validate() throws {
    if file.scored == "-" || labelled == "-" {
      throw ValidationError("Expected two files, found standard input.")
    }
  }

  func run() throws {
    var tally = InputTally()
    let labelled = try labelledRows(&tally)
    let pile = try pile(&tally)
    guard !pile.isEmpty else { return try tally.finishWithoutInput([file.scored]) }
    let names = SentimentLabels.sorted(
      Set(pile.keys.filter { $0 != Abstention.label }).union(labelled.map(\.truth)))
    let estimates = try estimates(names, labelled, pile)
    try write(estimates, rowCount: pile.values.reduce(0) { $0 + $1.count }, labelled.count)
    try tally.finish()
  }

  // MARK: Rows

  /// The scored rows by their labels.
  private func pile(_ tally: inout InputTally) throws -> [String: [ScoredShareRow]] {
    var pile: [String: [ScoredShareRow]] = [:]
    for record in try file.rows() {
      switch record {
      case .success(let record):
        tally.succeed()
        if let answer = record.answer { pile[answer.label, default: []].append(answer) }
      case .failure(let error): tally.fail(Failure(error))
      }
    }
    return pile
  }

  /// The labelled rows, with what their labels mean.
  private func labelledRows(
    _ tally: inout InputTally
  ) throws -> [(row: ScoredShareRow, truth: String)] {
    let rows = try file.rows(of: labelled)
    guard rows.layout.names.contains(labelField) else {
      throw Failure(
        "\(rows.name): expected true labels in the column \(labelField.quoted), found "
          + LabelNames.list(rows.layout.names), .badData)
    }
    var found: [(row: ScoredShareRow, label: String)] = []
    for record in rows {
      switch record {
      case .success(let record):
        let label = try record.row.label(of: labelField).map(SentimentLabels.trimmed)
        guard let answer = record.answer, let label, !label.isEmpty else { continue }
        found.append((answer, label))
      case .failure(let error): tally.fail(Failure(error))
      }
    }
    let names = try labels.names.ownNames(of: Set(found.map(\.label)), in: rows.name)
    LabelNames.warnOfLikes(names, in: rows.name)
    let labelled = found.compactMap { row, label in
      names[label].flatMap { $0.isEmpty ? nil : (row: row, truth: $0) }
    }
    guard labelled.count >= Self.minimumCount else {
      throw Failure(
        "\(rows.name): expected at least \(Self.minimumCount) rows with a label in the column "
          + "\(labelField.quoted), found \(labelled.count)", .badData)
    }
    return labelled
  }

  // MARK: Estimates

  private func estimates(
    _ names: [String], _ labelled: [(row: ScoredShareRow, truth: String)],
    _ pile: [String: [ScoredShareRow]]
  ) throws(Failure) -> [ShareEstimate] {
    let rows = pile.sorted { $0.key < $1.key }.flatMap(\.value)
    let truths = labelled.map { names.firstIndex(of: $0.truth) ?? 0 }
    switch method {
    case .stratified:
      let scores = rows.map { (score: $0.score, probability: $0.probability) }
      var shares = StratifiedShares(
        labels: names, strata: ShareStrata(of: scores, labelledCount: labelled.count))
      for row in rows { shares.add(row) }
      for (row, truth) in zip(labelled, truths) { shares.add(row.row, truth: truth) }
      return shares.estimates ?? []
    case .adjusted:
      var shares = AdjustedShares(labels: names)
      for row in rows { shares.add(row) }
      for (row, truth) in zip(labelled, truths) { shares.add(row.row, truth: truth) }
      if let estimates = shares.estimates() { return estimates }
      let missing = shares.missingLabels
      throw Failure(
        missing.isEmpty
          ? "\(self.labelled): expected rows by which the model tells the labels apart, found that it "
            + "does not; --method stratified needs no such"
          : "\(self.labelled): expected labelled rows of each label, found none of "
            + LabelNames.list(missing), .badData)
    }
  }

  private func write(
    _ estimates: [ShareEstimate], rowCount: Int, _ labelledCount: Int
  ) throws {
    let rows = estimates.map { estimate in
      [estimate.label.excerpt]
        + [
          estimate.counted, estimate.share, estimate.interval.lowerBound,
          estimate.interval.upperBound,
        ].map { Columns.fixed(100 * $0, digits: 1) + " %" }
    }
    let facts = [
      ["rows", Columns.grouped(rowCount)], ["labelled rows", Columns.grouped(labelledCount)],
      ["method", method.rawValue],
    ]
    let text =
      Columns.aligned(facts) + "\n"
      + Columns.aligned([["label", "counted", "share", "from", "to"]] + rows)
    try format.print(
      text,
      json: .object([
        "rows": .integer(rowCount), "labelled_rows": .integer(labelledCount),
        "method": .string(method.rawValue), "shares": .array(estimates.map(\.json)),
      ]))
  }
}

/// How counts are corrected.
enum ShareMethod: String, CaseIterable, ExpressibleByArgument {
  /// Prediction-powered inference, stratified by the score.
  case stratified
  /// Adjusted counts, by how often labels are confused.
  case adjusted
}

extension ShareEstimate {
  fileprivate var json: JSONValue {
    .object([
      "label": .string(label), "counted": .number(counted), "share": .number(share),
      "interval": .array([.number(interval.lowerBound), .number(interval.upperBound)]),
    ])
  }
}
