import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti evaluate sentiment`: how well a classifier does on labelled texts.
struct EvaluateSentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment",
    abstract: "Evaluate a sentiment classifier on labelled texts.",
    discussion: """
      Prints accuracy, macro F1, ROC AUC, log loss, expected calibration error (15 bins), \
      precision, recall and F1 of each class, and the confusion matrix.

      Labels go by many names: neg and negative are one; neu and neutral; pos and positive; case and \
      blanks around them do not matter. Numbers mean something only where they are the whole set: 0 \
      and 1; -1 and 1; -1, 0 and 1. Stars are read with --stars, other labels with --label-map. Texts \
      that are neutral by their stars are left out where the model has no such label.

      A text that cannot be read or has no label is reported on standard error and left out; the \
      exit status is then 1, as it is where --min-accuracy is missed. Data without a labelled text \
      exit with 65.

      Examples:
        senti evaluate aclImdb/test --min-accuracy 0.88
        senti evaluate reviews.csv --label-field stars --stars
      """)

  @OptionGroup var data: LabelledTestOptions

  @Option(help: .fraction("Exit with 1 below this accuracy."))
  var minAccuracy: Double?

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if let minAccuracy, !(0...1).contains(minAccuracy) {
      throw ValidationError("Expected --min-accuracy from 0 to 1, found \(minAccuracy).")
    }
  }

  func run() throws {
    let scoring = try data.scored(by: [model.classifier()], threadCount: model.threadCount)
    guard let evaluation = scoring.evaluations[0] else {
      return try scoring.tally.finishWithoutInput([data.name])
    }
    try write(evaluation, leftOutCount: scoring.leftOutCount)
    try requireAccuracy(evaluation)
    try scoring.tally.finish()
  }

  private func write(_ evaluation: Evaluation, leftOutCount: Int) throws {
    let report = Report(data: data.name, leftOutCount: leftOutCount, evaluation: evaluation)
    try format.print(evaluation.table(), json: .encoding(report))
    if leftOutCount > 0 {
      let total = leftOutCount + evaluation.exampleCount
      Diagnostics.warn("\(data.name): \(leftOutCount) of \(total) texts were left out")
    }
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

  private enum CodingKeys: String, CodingKey {
    case data
    case leftOutCount = "left_out_count"
  }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(data, forKey: .data)
    try members.encode(leftOutCount, forKey: .leftOutCount)
  }
}
