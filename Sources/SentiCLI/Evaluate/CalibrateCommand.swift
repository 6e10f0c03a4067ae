import ArgumentParser
import SentiModels

/// `senti calibrate`: a model whose probabilities fit held-out texts.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit a classifier's probabilities to held-out texts.",
    discussion: """
      Fits a temperature, and unless --method is temperature an offset for each class, on labelled \
      texts that the model was not trained on. A temperature makes probabilities honest and changes \
      no answer; offsets also correct how often each class is answered, for texts that hold \
      it more or less often than the training data did. The new model costs what the old one does.

      The figures after calibration are cross-validated in five parts, so that they hold for other \
      texts of the same kind. The new model also notes how sure it is of these texts, by which \
      --coverage of classify and score finds its threshold.

      Examples:
        senti calibrate dev.csv --model my.safetensors -o calibrated.safetensors
        senti calibrate hotels.csv --method temperature -o hotels.safetensors
      """)

  /// The fewest texts that a fit is trusted with.
  static let minimumCount = 50

  @OptionGroup var data: LabelledTestOptions

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: "What is fitted.")
  var method = CalibrationMethod.biasCorrected

  @Flag(help: "Overwrite the model file if it exists.")
  var force = false

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func run() throws {
    try OutputFile.requireFree(output, replacing: force, reading: [data.name, model.model])
    let classifier = try model.classifier()
    let scoring = try data.scored(by: [classifier], threadCount: model.threadCount)
    guard let before = scoring.evaluations[0] else {
      return try scoring.tally.finishWithoutInput([data.name])
    }
    let examples = scoring.examples[0]
    try requireEnough(examples)
    let fitsOffsets = method == .biasCorrected
    guard
      let after = Evaluation(of: Calibration.crossFitted(examples, fitsOffsets: fitsOffsets))
    else { return }
    let scaling = Calibration.scaling(of: examples, fitsOffsets: fitsOffsets)
    var calibrated = classifier.scaled(by: scaling)
    calibrated.card.confidenceQuantiles =
      CoverageCurve(of: Calibration.scaled(examples, by: scaling)).confidenceQuantiles
    try write(calibrated, scaling, before: before, after: after)
    try scoring.tally.finish()
  }

  private func requireEnough(_ examples: ScoredExamples) throws(Failure) {
    guard examples.count >= Self.minimumCount else {
      throw Failure(
        "\(data.name): expected at least \(Self.minimumCount) texts, found \(examples.count)",
        .badData)
    }
    let found = Set(examples.trueLabels)
    guard found.count > 1 else {
      let label = found.first.map { examples.labels[$0] } ?? ""
      throw Failure(
        "\(data.name): expected texts of at least two classes, found \(label) alone", .badData)
    }
  }

  private func write(
    _ calibrated: SentimentClassifier, _ scaling: Calibration.Scaling, before: Evaluation,
    after: Evaluation
  ) throws {
    let offsets = zip(calibrated.labels, scaling.offsets)
    let facts =
      [["temperature", Columns.fixed(calibrated.temperature, digits: 4)]]
      + offsets.map { ["offset of \($0)", Columns.fixed($1, digits: 4)] }
    let change = EvaluationChange(before: before, after: after)
    try format.print(
      Columns.aligned(facts) + "\n" + change.table(["before", "after"]),
      json: .object([
        "method": .string(method.rawValue), "temperature": .number(calibrated.temperature),
        "offsets": .members(
          offsets.map { JSONValue.Member(name: $0, value: .number($1)) }),
        "before": .encoding(before), "after": .encoding(after),
      ]))
    var calibrated = calibrated
    calibrated.card.recipe["calibration"] = "\(method.rawValue), \(before.exampleCount) texts"
    try calibrated.write(to: output, overwriting: force)
  }
}

/// What is fitted of a calibration.
enum CalibrationMethod: String, CaseIterable, ExpressibleByArgument {
  case temperature
  /// Bias-corrected temperature scaling: a temperature, and an offset a class.
  case biasCorrected = "bias-corrected"
}
