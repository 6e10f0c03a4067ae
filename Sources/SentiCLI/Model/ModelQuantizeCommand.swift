import ArgumentParser
import SentiModels
import SentiTensor

/// `senti model quantize`: a model with rounded weights, and what that costs.
struct ModelQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Quantize a model's weights, and measure what it costs.",
    discussion: """
      Weights become 8-bit integers with one scale a row, or bfloat16 numbers. States are quantized \
      alike in inference; sums are exact or in single precision. In 8-bit integers the \
      model is about half as large as the usual file in half precision, and faster; in bfloat16 it \
      is as large, and faster where the processor multiplies such numbers. A text still has the \
      same score, to the bit, in any batch.

      Both models are scored on labelled texts, which neither should have been trained on. Where \
      accuracy falls by more than --max-loss, nothing is written and the exit status is 1. Of a \
      captioner or a translator the data are vectors or texts, one a line, with --references, and \
      BLEU-4, as a share, is what must not fall.

      Examples:
        senti model quantize dev.csv --model my.safetensors -o my-int8.safetensors
        senti model quantize val.en --references val.de --model en-de.safetensors \\
          -o small.safetensors
      """)

  @OptionGroup var data: LabelledTestOptions

  @Option(
    help: .file(
      "Human references for a captioner or translator: translations, one a line, or "
        + "captions; can be repeated."),
    completion: .file())
  var references: [String] = []

  @Option(help: .file("The names of vectors, one a line."), completion: .file())
  var names: String?

  @Option(help: .count("The beam size of a captioner or translator."))
  var beam = 1

  @Flag(help: "Lower-case output and references for BLEU and chrF.")
  var lowercase = false

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: "The precision of quantized weights.")
  var precision = RoundedPrecision.int8

  @Option(help: .fraction("The accepted loss of accuracy or BLEU-4, as a fraction."))
  var maxLoss = 0.005

  @Flag(help: "Overwrite the model file if it exists.")
  var force = false

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if !(0...1).contains(maxLoss) {
      throw ValidationError("Expected --max-loss from 0 to 1, found \(maxLoss).")
    }
  }

  func run() throws {
    try OutputFile.requireFree(
      output, replacing: force, reading: [data.name, names, model.model] + references)
    if let kind = try GenerationModel.Kind(of: model.source) {
      try roundModelThatWrites(kind)
    } else {
      try roundClassifier()
    }
  }

  private func roundClassifier() throws {
    guard references.isEmpty else {
      throw ValidationError("Expected labelled texts for a classifier, found --references.")
    }
    guard names == nil, beam == 1, !lowercase else {
      throw ValidationError(
        "Expected --names, --beam and --lowercase with a captioner or translator only.")
    }
    let original = try model.classifier()
    try Failure.requireFull(original.precision, model.source)
    var rounded = original.rounded(to: precision.weightPrecision)
    rounded.card.recipe["precision"] = precision.rawValue
    let scoring = try data.scored(by: [original, rounded], threadCount: model.threadCount)
    guard let before = scoring.evaluations[0], let after = scoring.evaluations[1] else {
      return try scoring.tally.finishWithoutInput([data.name])
    }
    let report = RoundingReport(before: before, after: after, precision: precision)
    try format.print(report.table, json: .encoding(report))
    try requireSmall(report.loss, of: "accuracy")
    try rounded.write(to: output, overwriting: force)
    try scoring.tally.finish()
  }

  private func roundModelThatWrites(_ kind: GenerationModel.Kind) throws {
    guard kind == .captioner ? references.count == 1 : !references.isEmpty else {
      throw ValidationError(
        "Expected --references for a \(kind.rawValue), found \(references.count).")
    }
    guard data.isPlain else {
      throw ValidationError(
        "Expected options of fields, formats and labels with a classifier only.")
    }
    let original = try GenerationModel(model.source, kind: kind)
    try Failure.requireFull(original.precision, model.source)
    var rounded = original.rounded(to: precision.weightPrecision)
    rounded.card.recipe["precision"] = precision.rawValue
    var search = kind.searchOptions
    search.beamSize = beam
    var scoring = GenerationScoring(
      [original, rounded], search: search,
      evaluation: GenerationEvaluation(isLowercased: lowercase), threadCount: model.threadCount)
    switch kind {
    case .captioner:
      let vectors = try NamedVectors(contentsOf: data.name, names: names)
      try scoring.add(vectors, captions: CaptionFile(contentsOf: references[0]))
    case .translator: try scoring.add(linesOf: data.name, translations: references)
    }
    let (before, after) = (scoring.evaluations[0], scoring.evaluations[1])
    guard before.textCount > 0 else { throw GenerationScoring.nothing(in: data.name) }
    try format.print(
      changes(before, after),
      json: .object([
        "precision": .string(precision.rawValue), "before": .members(before.members),
        "after": .members(after.members),
      ]))
    try requireSmall((before.bleu.score() - after.bleu.score()) / 100, of: "BLEU-4")
    try rounded.write(to: output, overwriting: force)
  }

  private func changes(_ before: GenerationEvaluation, _ after: GenerationEvaluation) -> String {
    Columns.aligned(
      [["", "full", precision.rawValue, "change"]]
        + zip(before.figures, after.figures).map { old, new in
          [old.name]
            + [old.value, new.value, new.value - old.value].map {
              Columns.fixed($0, digits: 2)
            }
        })
  }

  private func requireSmall(_ loss: Double, of figure: String) throws(Failure) {
    guard loss > maxLoss else { return }
    throw Failure(
      "\(data.name): expected a loss of \(figure) of \(maxLoss) or less, found "
        + "\(Columns.fixed(loss, digits: 4)); nothing was written", .partial)
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
    EvaluationChange(before: before, after: after).table(["full", precision.rawValue])
  }
}
