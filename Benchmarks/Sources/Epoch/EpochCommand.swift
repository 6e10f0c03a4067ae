internal import ArgumentParser
internal import Batches
internal import Measurement
internal import SentiModels
internal import SentiTraining

/// The program: reads the texts, trains for one epoch at each number of threads, prints a table.
@main
struct EpochCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "epoch",
    abstract: "Measures one epoch of training a GRU classifier on labelled texts.",
    discussion: """
      Reading, tokenizing and numbering the texts is done before the clock starts, and so is the \
      first filling of the weights. What is measured is the epoch itself: packing of weights, \
      forward, backward, the norm of the gradient and Adam, with nothing dropped out. Only real \
      tokens count.

      Examples:
        epoch aclImdb/train
        epoch aclImdb/train --threads 2 --max-batches 50 --batches batches.jsonl
      """)

  @Argument(help: "A folder of labelled subfolders, or a file of JSON Lines, CSV or TSV.")
  var corpus: String

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "Stop each run after this many batches.")
  var maxBatches: Int?

  @Option(help: "Write the batches to this file as JSON Lines, for peers/train_gru.py.")
  var batches: String?

  @Option(help: "Write the figures to this file as JSON.")
  var json: String?

  @OptionGroup var shape: ShapeOptions

  func validate() throws {
    guard threads.allSatisfy({ $0 > 0 }) && !threads.isEmpty else {
      throw ValidationError("--threads takes numbers from 1")
    }
    guard maxBatches ?? 1 > 0 else { throw ValidationError("--max-batches takes a number from 1") }
    try shape.check()
  }

  func run() throws {
    let texts = try NumberedTexts(corpus, maximumVocabularySize: shape.vocabularySize)
    let plan = BatchPlan(
      lengths: texts.lengths, tokenBudget: shape.tokenBudget, seed: shape.seed, epoch: 0)
    if let batches { try write(plan, texts, to: batches) }
    let about = EpochConditions(corpus: corpus, texts: texts, plan: plan, shape: shape)
    print(about.description, terminator: "\n\n")
    print(EpochFigures.heading)
    var results: [EpochFigures] = []
    for threadCount in threads {
      let run = EpochRun(shape: shape, threadCount: threadCount, batchLimit: maxBatches)
      let figures = try run.figures(for: texts)
      print(figures.row)
      results.append(figures)
    }
    if let json { try Report.write(EpochReport(conditions: about, results: results), to: json) }
  }

  private func write(_ plan: BatchPlan, _ texts: NumberedTexts, to path: String) throws {
    let planned = plan.batches.prefix(maxBatches ?? plan.batches.count)
    try BatchFile.write(
      planned.lazy.map { batch in batch.map { texts.examples[$0].tokens } }, to: path)
  }
}

/// The shape of the net and of its batches.
struct ShapeOptions: ParsableArguments {
  @Option(help: "The most words in the vocabulary, special ones included.")
  var vocabularySize = 30_000

  @Option(help: "The width of a word vector.")
  var embeddingSize = 128

  @Option(help: "The number of hidden units.")
  var hiddenSize = 256

  @Option(help: "The most tokens in a batch.")
  var tokenBudget = TrainingSettings().tokenBudget

  @Option(help: "The states that the classifier sees: all (last, maximum and mean) or last.")
  var pooling = PoolingChoice.all

  @Option(help: "The seed of weights and batches.")
  var seed: UInt64 = 1

  func check() throws {
    guard min(embeddingSize, hiddenSize, tokenBudget) > 0 && vocabularySize > 4 else {
      throw ValidationError("sizes are numbers from 1, and a vocabulary has more than 4 words")
    }
  }
}

/// Which states the classifier sees, by the names that `train_gru.py` gives them.
enum PoolingChoice: String, ExpressibleByArgument, Encodable {
  case all
  case last
}
