public import ArgumentParser
import SentiCorpora
public import SentiModels
import SentiTensor
public import SentiText

/// `senti evaluate captioner`: how well captions fit those that people wrote.
struct EvaluateCaptionerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captioner",
    abstract: "Evaluate a captioner against human captions.",
    discussion: """
      Captions are a file of names and texts with a tab between them, or .csv or .jsonl with the \
      fields image and caption. A vector without captions is left out.

      \(EvaluationOptions.figures)

      Examples:
        senti evaluate captioner dev.npy dev.tsv -m captioner.safetensors
        senti evaluate captioner dev.csv dev.tsv -m captioner.safetensors --beam 5
      """)

  @OptionGroup var data: VectorOptions

  @Argument(help: "The captions of the vectors.", completion: .file())
  var captions: String

  @OptionGroup var model: GenerationModelOptions
  @OptionGroup var evaluation: EvaluationOptions
  @OptionGroup(title: "Search") var search: SearchOptions

  func run() throws {
    var run = try evaluation.scoring(model, .captioner, search)
    try run.add(
      data.open(), captions: CaptionFile(contentsOf: captions, encoding: evaluation.encoding))
    try evaluation.report(run.evaluations[0], of: data.vectors)
  }
}

/// `senti evaluate translator`: how well translations fit those that people wrote.
struct EvaluateTranslatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translator",
    abstract: "Evaluate a translator against human translations.",
    discussion: """
      Line n of each target is a translation of line n of the source; there may be several targets.

      \(EvaluationOptions.figures)

      Examples:
        senti evaluate translator val.en val.de -m en-de.safetensors --beam 5
        senti evaluate translator val.en val.de -m en-de.safetensors --min-bleu 30
      """)

  @Argument(help: "The texts to translate, one a line.", completion: .file())
  var source: String

  @Argument(help: "Their translations, one a line.", completion: .file())
  var targets: [String]

  @OptionGroup var model: GenerationModelOptions
  @OptionGroup var evaluation: EvaluationOptions
  @OptionGroup(title: "Search") var search: SearchOptions

  func run() throws {
    var run = try evaluation.scoring(model, .translator, search)
    try run.add(linesOf: source, translations: targets, encoding: evaluation.encoding)
    try evaluation.report(run.evaluations[0], of: source)
  }
}

/// What a verb measures, and how it tells.
struct EvaluationOptions: ParsableArguments {
  /// What is printed, for help texts.
  static let figures = """
    Prints BLEU-1 to BLEU-4 and chrF as sacreBLEU computes them, with a signature; ROUGE-L and \
    CIDEr-D, times 100, as the COCO captioning tools do, on lower-cased words without marks; and \
    the share of texts that are a reference to the letter.
    """

  @Flag(help: "Lower-case all texts for BLEU and chrF.")
  var lowercase = false

  @Option(help: "How BLEU cuts words; none is for texts that are cut already.")
  var tokenization = MetricTokenization.mteval13a

  @Option(help: ArgumentHelp("The BLEU-4 below which the exit status is 1.", valueName: "percent"))
  var minBLEU: Double?

  @OptionGroup var spelling: SpellingOptions

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  /// Loads the model, and prepares to measure what it writes.
  func scoring(
    _ model: GenerationModelOptions, _ kind: GenerationModel.Kind, _ search: SearchOptions
  ) throws -> GenerationScoring {
    let loaded = try model.load(kind)
    return GenerationScoring(
      [loaded], search: try search.options(for: loaded),
      evaluation: GenerationEvaluation(tokenization: tokenization, isLowercased: lowercase),
      detokenizer: spelling.detokenizer, threadCount: model.threadCount)
  }

  /// Prints what a run came to.
  ///
  /// - Throws: A ``Failure`` where nothing was measured, or BLEU is below its limit.
  func report(_ evaluation: GenerationEvaluation, of data: String) throws {
    guard evaluation.textCount > 0 else { throw GenerationScoring.nothing(in: data) }
    let first = JSONValue.Member.list([
      "data": .string(data), "texts": .integer(evaluation.textCount),
    ])
    let last = JSONValue.Member.list(["signature": .string(evaluation.bleu.signature)])
    try format.print(evaluation.table(), json: .members(first + evaluation.members + last))
    guard let limit = minBLEU, evaluation.bleu.score() < limit else { return }
    let score = Columns.fixed(evaluation.bleu.score(), digits: 2)
    throw Failure("\(data): expected a BLEU-4 of \(limit) or more, found \(score)", .partial)
  }
}

extension MetricTokenization: ExpressibleByArgument {}
extension Detokenizer.Language: ExpressibleByArgument {}
