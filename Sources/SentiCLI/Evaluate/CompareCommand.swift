import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// `senti compare`: how two scored files differ.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two scored files.",
    discussion: """
      A and B are the same rows, scored by two models: files that `senti score` wrote, or any CSV, \
      TSV or JSON Lines with answers in them. Prints how often the answers agree, how rows \
      changed side, how far the scores lie apart, and whether that is more than chance: McNemar's \
      test, exact and by chi-squared with continuity correction. With --label-field, it tests \
      which of the two is right more often, and their accuracies are printed; without, it tests \
      whether one leans to a side. Labels are read as by `senti evaluate sentiment`; with --stars, so \
      are answers that are all stars, and rows of neutral stars have no true label where neither \
      file ever answers neutral.

      With --changed, the rows that changed side come first, one a line: line in A, id, both \
      answers, both scores, true label.

      A row that either file has no answer for is left out, and the exit status is then 1.

      Examples:
        senti compare old.csv new.csv
        senti compare old.csv new.csv --label-field stars --stars --changed
      """)

  @Argument(help: "The first scored file; - is standard input.", completion: .file())
  var a: String

  @Argument(help: "The second scored file; - is standard input.", completion: .file())
  var b: String

  @OptionGroup var fields: AnswerFieldOptions

  @Flag(help: "List the rows that changed side.")
  var changed = false

  @Option(help: "How the figures and rows are written.")
  var format = Format.text

  /// How results are written; JSON is an array where rows are listed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl
  }

  func validate() throws {
    if a == "-" && b == "-" {
      throw ValidationError("Expected one file on standard input, found two.")
    }
  }

  func run() throws {
    let first = try AnswerRows(a, fields, hasTruth: true)
    let second = try AnswerRows(b, fields, hasTruth: false)
    var pairs = AnswerPairs(first, second)
    var comparison = Comparison()
    var candidates: [AnswerPair] = []
    while let pair = try pairs.next() {
      comparison.append(pair.first, pair.second, trueLabel: pair.trueLabel)
      if changed && pair.first.label != pair.second.label { candidates.append(pair) }
    }
    guard comparison.count > 0 || pairs.leftOutCount > 0 else {
      throw Failure("\(first.name): expected scored rows, found none", .badData)
    }
    let meanings = try AnswerMeanings(
      of: comparison, by: fields.labels.names, in: [first.name, second.name])
    let report = ComparisonReport(
      names: [first.name, second.name], leftOutCount: pairs.leftOutCount,
      comparison: meanings.renamed(comparison))
    try write(candidates.filter(meanings.isChange), comparison.count > 0 ? report : nil)
    try pairs.tally.finish()
  }

  private func write(_ changes: [AnswerPair], _ report: ComparisonReport?) throws {
    var output = Output()
    let values = changes.map(\.json) + [report].compactMap { $0.map(JSONValue.encoding) }
    switch format {
    case .text:
      for change in changes { try output.write(change.text) }
      if let report { try output.write(report.text) }
    case .json where changed: try output.writeLine(.array(values))
    case .json, .jsonl: for value in values { try output.writeLine(value) }
    }
    try output.flush()
  }
}

/// What the labels of answers and of the truth mean.
private struct AnswerMeanings {
  private let answers: [String: String]
  private var truth: [String: String] = [:]

  /// Names all labels.
  ///
  /// - Throws: A ``Failure`` where true labels are none of the answers', or numbers that may be stars.
  init(of comparison: Comparison, by names: LabelNames, in files: [String]) throws(Failure) {
    answers = try Self.answers(comparison, names, in: files[1])
    guard !comparison.trueLabels.isEmpty else { return }
    truth = try names.ownNames(of: comparison.trueLabels, in: files[0])
    LabelNames.warnOfLikes(truth, in: files[0])
    let said = Set(answers.values)
    if names.areStars && !said.contains("neutral") {
      for (label, name) in truth where name == "neutral" { truth[label] = "" }
    }
    let known = said.isDisjoint(with: SentimentLabels.ordered) ? [] : SentimentLabels.ordered
    guard truth.values.contains(where: { $0.isEmpty || said.contains($0) || known.contains($0) })
    else {
      throw Failure(
        "\(files[0]): expected true labels among the answers, \(LabelNames.list(said)), found "
          + "\(LabelNames.list(truth.keys)); --label-map says what is meant", .badData)
    }
  }

  /// Names answers, which are stars only where all of a file are.
  private static func answers(
    _ comparison: Comparison, _ names: LabelNames, in file: String
  ) throws(Failure) -> [String: String] {
    let (first, second) = (comparison.firstLabels, comparison.secondLabels)
    var plain = names
    plain.areStars = false
    var answers = try plain.names(of: first.union(second), in: file)
    for labels in [first, second] where names.areStars {
      guard let ratings = SentimentLabels.names(ofRatings: labels) else { continue }
      answers.merge(ratings.filter { names.pair($0.key) == nil }) { $1 }
    }
    return answers.filter { !$0.value.isEmpty }
  }

  /// The comparison with these names.
  func renamed(_ comparison: Comparison) -> Comparison {
    comparison.renamed(first: answers, second: answers, truth: truth)
  }

  /// Whether two answers mean different things.
  func isChange(_ pair: AnswerPair) -> Bool {
    func meaning(_ label: String) -> String { answers[label] ?? label }
    return meaning(pair.first.label) != meaning(pair.second.label)
  }
}

/// Two rows of one text, with an answer each.
private struct AnswerPair {
  let line: Int
  let id: String?
  let first: Comparison.Answer
  let second: Comparison.Answer
  let trueLabel: String?

  var text: String {
    let scores = [first.score, second.score].compactMap(\.self).map { Columns.fixed($0, digits: 4) }
    let cells = ["\(line)"] + [id].compactMap(\.self) + [first.label, second.label]
    return (cells + scores + [trueLabel].compactMap(\.self)).joined(separator: "\t") + "\n"
  }

  var json: JSONValue {
    func json(_ answer: Comparison.Answer) -> JSONValue {
      let score: JSONValue = answer.score.map { .number($0) } ?? .null
      return .object(["label": .string(answer.label), "score": score])
    }
    let members: [JSONValue.Member?] = [
      .init(name: "line", value: .integer(line)),
      id.map { .init(name: "id", value: .string($0)) },
      .init(name: "first", value: json(first)), .init(name: "second", value: json(second)),
      trueLabel.map { .init(name: "true_label", value: .string($0)) },
    ]
    return .members(members.compactMap(\.self))
  }
}

/// The rows of two files in step; those without two answers are reported and left out.
private struct AnswerPairs {
  private(set) var tally = InputTally()
  private(set) var leftOutCount = 0
  private var first: AnswerRows
  private var second: AnswerRows
  private var counts = (first: 0, second: 0)

  init(_ first: AnswerRows, _ second: AnswerRows) {
    (self.first, self.second) = (first, second)
  }

  /// Gives the next pair; nil at the end.
  ///
  /// - Throws: A ``Failure`` where the files do not hold the same rows.
  mutating func next() throws -> AnswerPair? {
    while true {
      let (one, other) = (first.next(), second.next())
      counts.first += one == nil ? 0 : 1
      counts.second += other == nil ? 0 : 1
      guard let one, let other else {
        if one == nil && other == nil { return nil }
        throw unequalCounts()
      }
      if let pair = try pair(one, other) { return pair }
      leftOutCount += 1
    }
  }

  private mutating func pair(
    _ one: Result<AnswerRows.Row, CorpusError>, _ other: Result<AnswerRows.Row, CorpusError>
  ) throws -> AnswerPair? {
    guard let row = row(one), let otherRow = self.row(other) else { return nil }
    guard row.id == otherRow.id else {
      throw Failure(
        "\(second.name):\(otherRow.line): expected the id \((row.id ?? "").quoted) of "
          + "\(first.name):\(row.line), found \((otherRow.id ?? "").quoted)", .badData)
    }
    guard let answer = answer(of: row, in: first),
      let second = self.answer(of: otherRow, in: second)
    else { return nil }
    if first.needsTruth && row.trueLabel == nil {
      fail("\(first.name):\(row.line): expected a true label, found none")
      return nil
    }
    tally.succeed()
    return AnswerPair(
      line: row.line, id: row.id, first: answer, second: second, trueLabel: row.trueLabel)
  }

  private mutating func row(_ result: Result<AnswerRows.Row, CorpusError>) -> AnswerRows.Row? {
    switch result {
    case .success(let row): return row
    case .failure(let error):
      tally.fail(Failure(error))
      return nil
    }
  }

  private mutating func answer(of row: AnswerRows.Row, in rows: AnswerRows) -> Comparison.Answer? {
    if row.answer == nil { fail("\(rows.name):\(row.line): expected an answer, found none") }
    return row.answer
  }

  private mutating func fail(_ message: String) { tally.fail(Failure(message, .badData)) }

  /// Counts the rest of the longer file.
  private mutating func unequalCounts() -> Failure {
    while first.next() != nil { counts.first += 1 }
    while second.next() != nil { counts.second += 1 }
    return Failure(
      "\(second.name): expected the \(counts.first) rows of \(first.name), "
        + "found \(counts.second)", .badData)
  }
}

/// A comparison for people, and in JSON.
private struct ComparisonReport: Encodable {
  /// The names of the files.
  let names: [String]
  let leftOutCount: Int
  let comparison: Comparison

  private enum CodingKeys: String, CodingKey {
    case files
    case leftOutCount = "left_out_count"
  }

  func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(names, forKey: .files)
    try members.encode(leftOutCount, forKey: .leftOutCount)
  }

  var text: String {
    let share = { Columns.fixed($0, digits: 4) }
    var rows = [
      ["rows", Columns.grouped(comparison.count)],
      ["left out", Columns.grouped(leftOutCount)],
      ["agreement", share(comparison.agreement)],
    ]
    rows += comparison.changes.map { change in
      ["\(change.first) to \(change.second)", Columns.grouped(change.count)]
    }
    if let difference = comparison.meanScoreDifference {
      rows.append(["mean difference of scores", share(difference)])
    }
    if let first = comparison.firstAccuracy, let second = comparison.secondAccuracy {
      rows += [
        ["accuracy of \(names[0])", share(first)], ["accuracy of \(names[1])", share(second)],
      ]
    }
    return Columns.aligned(rows + testRows)
  }

  private var testRows: [[String]] {
    guard let test = comparison.mcNemar else { return [] }
    var rows: [[String]] = []
    if comparison.firstAccuracy != nil {
      rows += [
        ["right in \(names[0]) alone", Columns.grouped(test.firstCount)],
        ["right in \(names[1]) alone", Columns.grouped(test.secondCount)],
      ]
    }
    let chiSquared = Columns.fixed(test.chiSquared, digits: 2)
    return rows + [
      ["McNemar's test, exact", Columns.probability(test.exactProbability)],
      [
        "McNemar's test, chi-squared",
        "\(chiSquared), \(Columns.probability(test.chiSquaredProbability))",
      ],
    ]
  }
}
