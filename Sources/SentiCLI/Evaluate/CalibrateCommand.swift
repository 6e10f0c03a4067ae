public import ArgumentParser
public import SentiModels

/// `senti calibrate`: a model whose probabilities fit held-out texts.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit a classifier's probabilities to held-out texts.",
    discussion: """
      Fits a temperature, and unless --method is temperature an offset for each class, on labelled \
      texts that the model was not trained on. A temperature makes probabilities honest and changes \
      no answer; offsets also correct how often each class is answered, for texts that hold \
      it more or less often than the training data did. With --method vector each class also has a \
      slope of its own (vector scaling). The new model costs what the old one does.

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
  var method = Calibration.Method.biasCorrected

  @Option(
    help: .plot("reliability before and after"),
    completion: .file(extensions: ["html", "svg"]))
  var plot: String?

  @Flag(help: "Overwrite the model file and the plot if they exist.")
  var force = false

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func run() throws {
    try OutputFile.requireFree(output, replacing: force, reading: [data.name, model.model])
    let plot = try plot.map { try PlotFile($0, replaces: force, reading: [data.name]) }
    let classifier = try model.classifier()
    let scoring = try data.scored(by: [classifier], threadCount: model.threadCount)
    guard let before = scoring.evaluations[0] else {
      return try scoring.tally.finishWithoutInput([data.name])
    }
    let examples = scoring.examples[0]
    try requireEnough(examples)
    let crossFitted = Calibration.crossFitted(examples, method)
    guard let after = Evaluation(of: crossFitted) else { return }
    let scaling = Calibration.scaling(of: examples, method)
    var calibrated = classifier.scaled(by: scaling)
    calibrated.card.confidenceQuantiles =
      CoverageCurve(of: Calibration.scaled(examples, by: scaling)).confidenceQuantiles
    let chart = Chart(reliabilityOf: [("before", examples), ("after", crossFitted)])
    try plot?.write([chart], title: "Calibration on \(data.name)")
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

  /// The slope of each class, where they have slopes of their own.
  private func slopes(
    _ calibrated: SentimentClassifier, _ scaling: Calibration.Scaling
  ) -> [(String, Double)] {
    method == .vector ? Array(zip(calibrated.labels, scaling.slopes)) : []
  }

  private static func members(_ values: [(String, Double)]) -> JSONValue {
    .members(values.map { JSONValue.Member(name: $0.0, value: .number($0.1)) })
  }

  private func write(
    _ calibrated: SentimentClassifier, _ scaling: Calibration.Scaling, before: Evaluation,
    after: Evaluation
  ) throws {
    let offsets = Array(zip(calibrated.labels, scaling.offsets))
    let facts =
      [["temperature", Columns.fixed(calibrated.temperature, digits: 4)]]
      + slopes(calibrated, scaling).map { ["slope of \($0)", Columns.fixed($1, digits: 4)] }
      + offsets.map { ["offset of \($0)", Columns.fixed($1, digits: 4)] }
    let change = EvaluationChange(before: before, after: after)
    try format.print(
      Columns.aligned(facts) + "\n" + change.table(["before", "after"]),
      json: .object([
        "method": .string(method.rawValue), "temperature": .number(calibrated.temperature),
        "slopes": Self.members(slopes(calibrated, scaling)), "offsets": Self.members(offsets),
        "before": .encoding(before), "after": .encoding(after),
      ]))
    var calibrated = calibrated
    calibrated.card.recipe["calibration"] = "\(method.rawValue), \(before.exampleCount) texts"
    try calibrated.write(to: output, overwriting: force)
  }
}

extension Calibration.Method: ExpressibleByArgument {}
