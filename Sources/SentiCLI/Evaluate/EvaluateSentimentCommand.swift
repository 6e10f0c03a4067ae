import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti evaluate sentiment`: how well a classifier does on labelled texts.
struct EvaluateSentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment",
    abstract: "Evaluate a sentiment classifier on labelled texts.",
    discussion: """
      Prints accuracy, macro F1, ROC AUC, log loss, Brier score, calibration error (15 bins of equal \
      width, and of equally many texts), precision, recall and F1 of each class, and the confusion \
      matrix; then 95 % intervals (bootstrap, seeded), and the accuracy on the texts of which the \
      model is most sure: what --abstain and --coverage of classify and score give.

      With --by, the figures of each group follow, largest first; beyond 50, the rest as one. With \
      --mistakes, the 100 texts whose true labels the model finds least probable go to a file (CSV, \
      TSV or JSON Lines), with --explain what each word contributed too; the data are then read twice.

      Where the model notes hashes of the texts that it was trained on, a warning says how many of \
      these texts were among them.

      Labels go by many names: neg and negative are one; neu and neutral; pos and positive; case and \
      blanks around them do not matter. Numbers mean something only where they are the whole set: 0 \
      and 1; -1 and 1; -1, 0 and 1. Stars are read with --stars, other labels with --label-map. Texts \
      that are neutral by their stars are left out where the model has no such label.

      A text that cannot be read or has no label is reported on standard error and left out; the \
      exit status is then 1, as it is where --min-accuracy is missed. Data without a labelled text \
      exit with 65.

      Examples:
        senti evaluate aclImdb/test --min-accuracy 0.88
        senti evaluate reviews.csv --stars --by product --mistakes wrong.csv
      """)

  @OptionGroup var data: LabelledTestOptions

  @Option(help: .fraction("Exit with 1 below this accuracy."))
  var minAccuracy: Double?

  @Option(help: .name("The field that holds the group of a row, such as its product."))
  var by: String?

  @Option(help: .file("Where the texts are written that are most wrong."), completion: .file())
  var mistakes: String?

  @Flag(help: "Say what each word contributed to the answers for them.")
  var explain = false

  @Option(
    help: .plot("reliability, coverage and the confusion matrix"),
    completion: .file(extensions: ["html", "svg"]))
  var plot: String?

  @Flag(help: "Replace the files of --mistakes and --plot if they exist.")
  var force = false

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if let minAccuracy, !(0...1).contains(minAccuracy) {
      throw ValidationError("Expected --min-accuracy from 0 to 1, found \(minAccuracy).")
    }
    if explain && mistakes == nil {
      throw ValidationError("Expected --mistakes with --explain.")
    }
  }

  func run() throws {
    let file = try mistakes.map {
      try MistakesFile($0, explains: explain, data: data.name, replaces: force)
    }
    let plot = try plot.map { try PlotFile($0, replaces: force, reading: [data.name]) }
    let classifier = try model.classifier()
    let scoring = try data.scored(by: [classifier], threadCount: model.threadCount, group: by)
    guard let evaluation = scoring.evaluations[0] else {
      return try scoring.tally.finishWithoutInput([data.name])
    }
    try write(evaluation, scoring)
    try plot?.write(
      ChartPage(evaluation, of: scoring.examples[0], title: "Evaluation on \(data.name)"),
      first: Chart(reliabilityOf: [("answers", scoring.examples[0])]))
    try file?.write(scoring, data.source.reader(), by: classifier, replacing: force)
    try requireAccuracy(evaluation)
    try scoring.tally.finish()
  }

  private func write(_ evaluation: Evaluation, _ scoring: LabelledScoring) throws {
    let details = EvaluationDetails(
      of: scoring.examples[0], groups: by.map { _ in scoring.groupOfExample })
    let report = Report(
      data: data.name, leftOutCount: scoring.leftOutCount, evaluation: evaluation,
      details: details)
    try format.print(evaluation.table() + details.table, json: .encoding(report))
    if scoring.leftOutCount > 0 {
      let total = scoring.leftOutCount + evaluation.exampleCount
      Diagnostics.warn("\(data.name): \(scoring.leftOutCount) of \(total) texts were left out")
    }
    warnOfTrainingTexts(scoring)
  }

  private func warnOfTrainingTexts(_ scoring: LabelledScoring) {
    guard let overlap = scoring.overlap, overlap.isSuspicious else { return }
    Diagnostics.warn(
      "\(data.name): the model was trained on \(overlap.foundCount) of the "
        + "\(overlap.testedCount) texts that could be compared by their hashes; "
        + "its figures do not hold for new texts")
  }

  private func requireAccuracy(_ evaluation: Evaluation) throws {
    guard let minAccuracy, evaluation.accuracy < minAccuracy else { return }
    let found = Columns.fixed(evaluation.accuracy, digits: 4)
    throw Failure(
      "\(data.name): expected an accuracy of \(minAccuracy) or more, found \(found)", .partial)
  }
}

/// An evaluation in JSON: its own members, and what was evaluated.
private struct Report: Encodable {
  let data: String
  let leftOutCount: Int
  let evaluation: Evaluation
  let details: EvaluationDetails

  private enum CodingKeys: String, CodingKey {
    case data
    case leftOutCount = "left_out_count"
  }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    try details.encode(to: encoder)
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(data, forKey: .data)
    try members.encode(leftOutCount, forKey: .leftOutCount)
  }
}
