import ArgumentParser
import SentiModels
import SentiTensor

/// `senti model quantize`: a smaller and faster model, and what that costs.
struct ModelQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Write a model with rounded weights, and say what rounding costs.",
    discussion: """
      Weights become 8-bit integers, a scale for each row, or bfloat16 numbers; states are rounded \
      alike while the net computes, and sums are exact or in single precision. The model is \
      smaller and faster, and a text still has the same score, to the bit, in any batch.

      Both models are scored on labelled texts, which neither should have been trained on. Where \
      accuracy falls by more than --max-loss, nothing is written and the exit status is 1.

      Examples:
        senti model quantize aclImdb/test -o small.safetensors
        senti model quantize dev.csv --model my.safetensors -o my-int8.safetensors
      """)

  @OptionGroup var data: LabelledTestOptions

  @Option(
    name: .shortAndLong, help: .file("Where to write the model."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: "How weights are rounded.")
  var precision = RoundedPrecision.int8

  @Option(help: .share("The loss of accuracy, as a share of all texts, that is accepted."))
  var maxLoss = 0.005

  @Flag(help: "Replace the model file if it exists.")
  var force = false

  @Option(help: "How the figures are written.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if !(0...1).contains(maxLoss) {
      throw ValidationError("Expected --max-loss from 0 to 1, found \(maxLoss).")
    }
  }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force)
    let original = try model.classifier()
    try original.requireFullPrecision(model.model ?? SentimentClassifier.bundledEnglishPath)
    var rounded = original.rounded(to: precision.weightPrecision)
    rounded.card.recipe["precision"] = precision.rawValue
    let scoring = try data.scored(by: [original, rounded], threadCount: model.threadCount)
    guard let before = scoring.evaluations[0], let after = scoring.evaluations[1] else {
      return try scoring.tally.finish()
    }
    try write(rounded, RoundingReport(before: before, after: after, precision: precision))
    try scoring.tally.finish()
  }

  private func write(_ rounded: SentimentClassifier, _ report: RoundingReport) throws {
    var figures = Output()
    switch format {
    case .text: try figures.write(report.table)
    case .json: try figures.writeLine(.encoding(report))
    }
    try figures.flush()
    guard report.loss <= maxLoss else {
      throw Failure(
        "\(data.name): expected a loss of accuracy of \(maxLoss) or less, found "
          + "\(Columns.fixed(report.loss, digits: 4)); nothing was written", .partial)
    }
    try rounded.write(to: output, overwriting: force)
  }
}

/// The precisions that a model can be rounded to.
enum RoundedPrecision: String, CaseIterable, Encodable, ExpressibleByArgument {
  case int8
  case bfloat16

  var weightPrecision: WeightPrecision {
    switch self {
    case .int8: .integer8
    case .bfloat16: .bfloat16
    }
  }
}

/// What rounding changed.
private struct RoundingReport: Encodable {
  let before: Evaluation
  let after: Evaluation
  let precision: RoundedPrecision

  /// How much accuracy was lost; below zero where some was won.
  var loss: Double { before.accuracy - after.accuracy }

  var table: String {
    func row(_ name: String, _ figure: (Evaluation) -> Double) -> [String] {
      let (old, new) = (figure(before), figure(after))
      return [name] + [old, new, new - old].map { Columns.fixed($0, digits: 4) }
    }
    return Columns.aligned([
      ["", "full", precision.rawValue, "change"],
      row("accuracy", \.accuracy),
      row("macro F1", \.macroF1),
      row("log loss, nats", \.logLoss),
      row("expected calibration error", \.expectedCalibrationError),
    ])
  }
}
