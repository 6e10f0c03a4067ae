internal import ArgumentParser
internal import Measurement
internal import SentiModels
internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// The program: measures trainings of nets that write.
@main
struct WritingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "writing",
    abstract: "Measures trainings of a captioner and of a translator with attention.",
    discussion: """
      A step is what the package's trainer does with one batch: packing, forward, softmax over the \
      vocabulary, backward, Adam. Its operations are those of all products, three a weight matrix, \
      for real tokens. Beside it stands the rate of a recurrent layer of the same width alone, \
      trained in turn with it: what the engine can do. \
      The same nets by PyTorch: peers/decoder_torch.py.

      Examples:
        writing --threads 1 --seconds 20
      """)

  @Option(help: "The number of texts of a batch.")
  var batch = 128

  @Option(help: "The number of tokens that there are.")
  var vocabulary = 8_000

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "The time to measure each figure for.")
  var seconds = 10.0

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  func run() throws {
    var figures: [Figure] = []
    for work in [WritingWork.captioner(batch, vocabulary), .translator(batch, vocabulary)] {
      for count in threads {
        let measured = try measure(work, threadCount: count)
        figures += [
          Figure(
            work.name, cell: "gru", threads: count, value: measured.tokens, unit: "tokens/s"),
          Figure(
            work.name, cell: "gru", threads: count, value: measured.operations / 1e9,
            unit: "GFLOP/s"),
        ]
        print(
          Report.column(work.name, width: 12) + "\(count) threads  "
            + Report.column(measured.tokens, width: 10) + " tokens/s  "
            + Report.column(measured.operations / 1e9, width: 6) + " GFLOP/s, "
            + Report.column(100 * measured.share, width: 4) + " % of the engine alone")
      }
    }
    if let json { try Report.write(lines: figures, to: json) }
  }

  /// Steps of the net and of the engine alone in turn, so that both see the same machine.
  private func measure(
    _ work: WritingWork, threadCount: Int
  ) throws -> (tokens: Double, operations: Double, share: Double) {
    var training = WritingTraining(work, threadCount: threadCount)
    let engine = EngineTraining(work, threadCount: threadCount)
    var engineTimes: [Double] = []
    let times = try Sampling(seconds: seconds).times {
      let stopwatch = Stopwatch()
      engine.run()
      engineTimes.append(stopwatch.elapsed.seconds)
      try training.run()
      training.seconds.append(stopwatch.elapsed.seconds - (engineTimes.last ?? 0))
    }
    precondition(!times.isEmpty)
    let seconds = Array(training.seconds.dropFirst()).median
    let operations = Double(training.operationCount) / seconds
    let engineRate =
      Double(engine.operationCount * threadCount) / Array(engineTimes.dropFirst()).median
    return (Double(work.tokenCount) / seconds, operations, operations / engineRate)
  }
}
