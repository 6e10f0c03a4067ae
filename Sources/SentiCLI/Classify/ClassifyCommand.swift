import ArgumentParser
import SentiModels

/// `senti classify`: one answer a text.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Classify the sentiment of texts.",
    discussion: """
      Prints one line a text, in the order of the arguments: label, probability and file, with \
      tabs between them. The file is left out when only standard input, or one --text, is read.

      With --format jsonl, each line is an object with file (or text), label, probability, score \
      (from -1 for the first label to 1 for the last), probabilities (of every label), tokens and \
      unknown_tokens; or with file and error. With json these are one array; with csv and tsv they \
      are rows, each label's probability in a column of its own.

      With --timeline, each sentence follows with the score of the text up to there, drawn from -1 \
      on the left to 1 on the right, and a text whose score goes beyond one half on both sides is \
      marked as mixed; in other formats, as mixed and timeline.

      With --explain, each text follows with what its words contributed, as senti explain shows it.

      With --abstain or --coverage, texts whose most probable label is not probable enough are \
      uncertain; their probability and score stand all the same. --coverage 0.9 takes the \
      probability that nine of ten of the texts reach on which the model was calibrated: of texts \
      like these, so many get a label; of others, more or fewer. So a text has the same label alone \
      and among others.

      A table is refused: senti score scores its rows.

      A text that cannot be scored does not stop the others. It is reported on standard error, \
      and the exit status is 1; when every text failed, it is that of the first failure.

      Examples:
        senti classify --text "Slow at first, but what an ending!"
        senti classify --recursive --format jsonl reviews/ > answers.jsonl
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How answers are written.")
  var format = OutputFormat.text

  @Flag(help: "Show the running score after each sentence.")
  var timeline = false

  @Flag(help: "Show what each word contributed to the answer.")
  var explain = false

  @OptionGroup var abstention: AbstentionOptions
  @OptionGroup var model: ModelOptions

  func run() throws {
    let classifier = try model.classifier()
    var details = ClassificationDetails()
    details.timelines = timeline ? try TimelineReader(classifier) : nil
    details.explains = explain
    details.abstention = try abstention.abstention(of: classifier, named: model.source.name)
    var report = ClassificationReport(
      format: format, input: input, labels: classifier.labels, details: details)
    try report.add(input, by: classifier, threadCount: model.threadCount)
    try report.finish()
  }
}
