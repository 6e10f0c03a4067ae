public import ArgumentParser
import SentiCorpora
public import SentiModels
import SentiTensor
public import SentiText

/// `senti evaluate captioner`: how well captions fit those that people wrote.
struct EvaluateCaptionerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captioner",
    abstract: "Say how well a captioner's captions fit those that people wrote.",
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
    let model = try model.load(.captioner)
    let vectors = try data.open()
    try vectors.requireWidth(model.vectorSize)
    let references = try CaptionFile(contentsOf: captions).texts(of: vectors)
    var rest = vectors.names.indices.filter { !references[$0].isEmpty }[...]
    if rest.count < vectors.count {
      Diagnostics.note("vectors without captions, left out: \(vectors.count - rest.count)")
    }
    var run = try GenerationScoring(evaluation, model, search, threadCount: self.model.threadCount)
    while !rest.isEmpty {
      let rows = rest.prefix(Windows<[Int]>.elementCount)
      rest = rest.dropFirst(rows.count)
      let sources = try rows.map { GenerationSource.vector(try vectors.rows($0..<$0 + 1).row(0)) }
      run.add(sources, references: rows.map { references[$0] })
    }
    try run.finish(data: data.vectors)
  }
}

/// `senti evaluate translator`: how well translations fit those that people wrote.
struct EvaluateTranslatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translator",
    abstract: "Say how well a translator's translations fit those that people wrote.",
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
    let model = try model.load(.translator)
    let texts = try Self.lines(source)
    let translations = try targets.map { path in
      let lines = try Self.lines(path)
      guard lines.count == texts.count else {
        throw Failure(
          "\(path): expected \(texts.count) lines, as in \(source), found \(lines.count)", .badData)
      }
      return lines
    }
    var run = try GenerationScoring(evaluation, model, search, threadCount: self.model.threadCount)
    run.add(
      texts.map { model.source(for: $0) },
      references: texts.indices.map { row in translations.map { $0[row] } }, texts: texts)
    try run.finish(data: source)
  }

  private static func lines(_ path: String) throws -> [String] {
    try InputLines([path]).map { try $0.text.get() }
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

  @Option(help: "How the figures are written.")
  var format = InspectionFormat.text
}

/// Writes texts and measures them.
private struct GenerationScoring {
  private let options: EvaluationOptions
  private let model: GenerationModel
  private let search: GenerationOptions
  private let threadCount: Int
  private var evaluation: GenerationEvaluation
  private var seed: UInt64 = 0

  init(
    _ options: EvaluationOptions, _ model: GenerationModel, _ search: SearchOptions,
    threadCount: Int
  ) throws {
    self.options = options
    self.model = model
    self.search = try search.options(for: model)
    self.threadCount = threadCount
    evaluation = GenerationEvaluation(
      tokenization: options.tokenization, isLowercased: options.lowercase)
  }

  mutating func add(
    _ sources: [GenerationSource], references: [[String]], texts: [String]? = nil
  ) {
    let found = model.hypotheses(
      of: sources, options: search, threadCount: threadCount, firstSeed: seed)
    seed += UInt64(sources.count)
    for (row, hypotheses) in found.enumerated() {
      let tokens = hypotheses.first?.tokens ?? []
      let text = model.text(of: tokens, from: texts?[row], by: options.spelling.detokenizer)
      evaluation.add(text, references: references[row])
    }
  }

  func finish(data: String) throws {
    guard evaluation.textCount > 0 else {
      throw Failure("\(data): expected texts with references, found none", .badData)
    }
    var output = Output()
    switch options.format {
    case .text: try output.write(evaluation.table())
    case .json:
      let figures = evaluation.figures.map { name, value in
        JSONValue.Member(
          name: name.lowercased().replacing("-", with: "_").replacing(" ", with: "_"),
          value: .number(value))
      }
      try output.writeLine(
        .members(
          [
            .init(name: "data", value: .string(data)),
            .init(name: "texts", value: .integer(evaluation.textCount)),
          ] + figures + [.init(name: "signature", value: .string(evaluation.bleu.signature))]))
    }
    try output.flush()
    guard let limit = options.minBLEU, evaluation.bleu.score() < limit else { return }
    let score = Columns.fixed(evaluation.bleu.score(), digits: 2)
    throw Failure("\(data): expected a BLEU-4 of \(limit) or more, found \(score)", .partial)
  }
}

extension MetricTokenization: ExpressibleByArgument {}
extension Detokenizer.Language: ExpressibleByArgument {}
