import ArgumentParser
import SentiModels

/// `senti explain`: which words made an answer.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain the classification of texts by their words.",
    discussion: """
      Prints the line of senti classify for each text, the sum of its explanation, and the text with \
      its words set off: on a terminal those for the answer in cyan, those against it in magenta, the \
      strong ones bold; without colours (NO_COLOR, a pipe, a file) each with its number, as in \
      [+0.82 word]. Words of less than a tenth of the strongest are left as they are.

      A contribution is what a word adds to the log-odds of the answer, ln(p / (1 - p)), beside a text \
      of unknown words, whose log-odds are the baseline. Baseline and words sum to the log-odds but \
      for the gap: a rounding where the layers have gates, else at most 1 % of what the words should \
      sum to, or 0.001; where no number of steps suffices, a warning says so. A quantized model is \
      explained in full precision.

      With --sentences, the answer without each sentence follows: how much its log-odds lose, and \
      its probability then. This is exact, and reads a text once for each sentence.

      In other formats than text there are, besides what senti classify gives, difference (the \
      log-odds), baseline, sum, gap, steps, and words with start and end in UTF-8 bytes of the text, \
      text, contribution and known; and sentences with start, end, effect and probability.

      Examples:
        senti explain --text "Good, but dull."
        senti explain --sentences --html why.html review.txt
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How explanations are written.")
  var format = OutputFormat.text

  @Flag(help: "Show the answer without each sentence, too.")
  var sentences = false

  @Option(
    help: .file(
      "Where a page for a browser is written, of the first \(ExplanationPageFile.textLimit) texts."),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Replace the page where it exists.")
  var force = false

  @OptionGroup var model: ModelOptions

  func run() throws {
    var details = ClassificationDetails()
    (details.explains, details.hasSentences) = (true, sentences)
    details.page = try html.map {
      try ExplanationPageFile($0, replaces: force, reading: [model.model] + input.files)
    }
    let classifier = try model.classifier()
    var report = ClassificationReport(
      format: format, input: input, labels: classifier.labels, details: details)
    try report.add(input, by: classifier, threadCount: model.threadCount)
    try report.finish()
  }
}
