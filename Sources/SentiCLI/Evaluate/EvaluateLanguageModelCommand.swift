import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti evaluate language-model`: how well texts are predicted.
struct EvaluateLanguageModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language-model",
    abstract: "Evaluate a language model by its perplexity on texts.",
    discussion: """
      Each text is read on its own, from its first token to its end, which is predicted too. \
      Perplexities per byte can be compared between any models; those per token only between models \
      with the same tokens, and the more words are unknown, the lower they are. A file is one text, \
      a line of a .txt or row of a table too, as in senti vocab build.

      Examples:
        senti evaluate language-model held-out/ -m reviews.safetensors
        senti evaluate language-model test.jsonl -m reviews.safetensors --max-perplexity 60
      """)

  @Argument(help: "Files and folders of texts; - is standard input.", completion: .file())
  var paths: [String]

  @Option(help: .name("The field that holds the text in .csv, .tsv and .jsonl."))
  var textField = "text"

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(help: .number("The perplexity per token above which the exit status is 1."))
  var maxPerplexity: Double?

  @OptionGroup var model: GenerationModelOptions

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func run() throws {
    let model = try LanguageModel(contentsOf: model.model)
    let supply = TextSupply(paths, textField: textField, encoding: encoding)
    var sums = LanguageModel.Perplexity()
    for window in Windows(supply, size: \.count) {
      let texts = window.map { String(decoding: $0, as: UTF8.self) }
      sums.add(model.perplexity(of: texts, threadCount: self.model.threadCount))
    }
    guard sums.byteCount > 0 else { return try supply.tally.finishWithoutInput(paths) }
    guard sums.nats.isFinite else {
      throw Failure("\(self.model.model): \(Failure.undefinedAnswer)", .badData)
    }
    try format.print(table(sums, supply.count), json: json(sums, supply.count))
    try supply.tally.finish()
    guard let maxPerplexity, sums.perToken > maxPerplexity else { return }
    throw Failure(
      "\(paths.joined(separator: ", ")): expected a perplexity of \(maxPerplexity) or less, found "
        + Columns.fixed(sums.perToken, digits: 2), .partial)
  }

  private func table(_ sums: LanguageModel.Perplexity, _ textCount: Int) -> String {
    let share = 100 * Double(sums.unknownCount) / Double(sums.tokenCount)
    return Columns.aligned([
      ["texts", Columns.grouped(textCount)],
      ["tokens", Columns.grouped(sums.tokenCount)],
      ["unknown", "\(Columns.fixed(share, digits: 2)) % of the tokens"],
      ["perplexity per token", Columns.fixed(sums.perToken, digits: 2)],
      ["perplexity per byte", Columns.fixed(sums.perByte, digits: 4)],
      ["bits per byte", Columns.fixed(sums.bitsPerByte, digits: 4)],
    ])
  }

  private func json(_ sums: LanguageModel.Perplexity, _ textCount: Int) -> JSONValue {
    .object([
      "texts": .integer(textCount), "tokens": .integer(sums.tokenCount),
      "unknown": .integer(sums.unknownCount), "bytes": .integer(sums.byteCount),
      "perplexity_per_token": .number(sums.perToken),
      "perplexity_per_byte": .number(sums.perByte),
      "bits_per_byte": .number(sums.bitsPerByte),
    ])
  }
}
