internal import ArgumentParser
internal import Foundation
internal import Measurement

/// The program: trains one experiment until it is solved or its steps are spent.
@main
struct LongMemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "long-memory",
    abstract: "Trains a cell on the adding problem or the copy task, to see how far it remembers.",
    discussion: """
      Sequences are fresh at every step and drawn from the seed, so that the training loss is that \
      of sequences never seen. Gated cells begin with chrono initialization (Tallec and Ollivier \
      2018), all else as in any model of senti; Adam, gradients clipped by their norm, one thread. \
      The copy task begins with a sixteenth of its T, which doubles whenever the task is solved. \
      Every --report steps a line tells the mean loss since the last one, the norm of the gradient \
      of all parameters, the share of steps that were clipped, and the norm of the gradient of the \
      states at eleven points in time, first state first: where a state's gradient has vanished, \
      nothing is learned of what was read before it.

      Exits with 1 where the goal is missed. An experiment with the simple cell is there to miss it, and \
      to show why: it fails where the goal is reached, or where the gradient of the first state has not \
      vanished, which is when its norm is a millionth of the last one's or more.

      Of several experiments, one after the other, a table is printed at the end. Each keeps its \
      checkpoint and its JSON file in the folders that are named, under its own name.

      Examples:
        long-memory adding-1000-gru --checkpoints . --json .
        long-memory adding-1000-rnn --steps 2000
        long-memory adding-1000-gru adding-1000-lstm copy-1000-gru copy-1000-lstm
      """)

  @Argument(help: "The experiments.")
  var experiments: [Experiment]

  @Option(help: "Stop after this many steps.")
  var steps = 20_000

  @Option(help: "Report, and write the checkpoint, every so many steps.")
  var report = 100

  @Option(help: "Go on from checkpoints in this folder, and keep them up to date.")
  var checkpoints: String?

  @Option(help: "Write the result to a JSON file in this folder.")
  var json: String?

  @Option(help: "The number of hidden units instead of the experiment's.")
  var hiddenSize: Int?

  @Option(help: "The number of sequences of a batch instead of the experiment's.")
  var batchSize: Int?

  @Option(help: "The learning rate instead of the experiment's.")
  var learningRate: Double?

  @Option(help: "The T to begin with instead of the experiment's.")
  var firstLength: Int?

  @Option(help: "The seed of weights and sequences.")
  var seed: UInt64 = 1

  func validate() throws {
    guard min(steps, report, hiddenSize ?? 1, batchSize ?? 1, firstLength ?? 1) > 0 else {
      throw ValidationError(
        "--steps, --report, --hidden-size, --batch-size and --first-length are numbers from 1")
    }
  }

  func run() throws {
    for folder in [checkpoints, json].compactMap(\.self) {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let results = try experiments.map(result)
    if results.count > 1 { print(MemoryResult.table(results)) }
    if !results.allSatisfy(\.isAsExpected) { throw ExitCode.failure }
  }

  private func result(_ experiment: Experiment) throws -> MemoryResult {
    let checkpoint = checkpoints.map { "\($0)/\(experiment.rawValue).safetensors" }
    var settings = experiment.settings
    settings.hiddenSize = hiddenSize ?? settings.hiddenSize
    settings.batchSize = batchSize ?? settings.batchSize
    settings.learningRate = learningRate ?? settings.learningRate
    settings.firstLength = min(firstLength ?? settings.firstLength, experiment.length)
    settings.seed = seed
    var training = MemoryTraining(experiment, settings)
    if let checkpoint, FileManager.default.fileExists(atPath: checkpoint) {
      try training.resume(from: checkpoint)
    }
    let (task, length) = (experiment.task, experiment.length)
    let goal = task.goal(length: length)
    print("# \(experiment.rawValue): \(settings)")
    print("# without memory \(task.memorylessLoss(length: length)), goal \(goal)")
    print("# step  T  loss  gradient-norm  clipped  seconds/step  |  state gradients, start to end")
    var evaluated = Double.infinity
    while training.stepCount < steps && evaluated > goal {
      let mean = try trainAndReport(&training)
      if !training.hasFullLength && mean < task.goal(length: training.length) {
        training.lengthen()
      } else if training.hasFullLength && mean < goal * 0.9 {
        evaluated = training.evaluate(batchCount: 30)
      }
      if let checkpoint { try training.write(to: checkpoint) }
    }
    guard training.hasLearned else {
      throw MemoryError.nothingToLearn(experiment: experiment.rawValue, steps: training.stepCount)
    }
    if evaluated > goal { evaluated = training.evaluate(batchCount: 30) }
    return try finish(training, evaluated, goal)
  }

  /// Trains up to the next report; the mean loss until there.
  private func trainAndReport(_ training: inout MemoryTraining) throws -> Double {
    let watch = Stopwatch()
    let count = min(report - training.stepCount % report, steps - training.stepCount)
    var (lossSum, clippedCount, norm) = (0.0, 0, 0.0)
    for _ in 0..<count {
      let step = try training.step()
      lossSum += step.loss
      clippedCount += step.isClipped ? 1 : 0
      norm = step.gradientNorm
    }
    let mean = lossSum / Double(count)
    let states = training.stateGradientNorms
    let points = (0...10).map { String(format: "%.0e", states[$0 * (states.count - 1) / 10]) }
    let seconds = watch.elapsed.seconds / Double(count)
    print(
      String(
        format: "%6d  %4d  %.6f  %.2e  %3d%%  %.3f  |  ", training.stepCount, training.length, mean,
        norm, 100 * clippedCount / count, seconds) + points.joined(separator: " "))
    fflush(nil)
    return mean
  }

  private func finish(
    _ training: MemoryTraining, _ loss: Double, _ goal: Double
  ) throws -> MemoryResult {
    let result = MemoryResult(training, loss: loss, goal: goal)
    print(
      "# \(result.experiment): loss \(loss) of fresh sequences after \(result.stepCount) steps, "
        + "goal \(goal): \(result.isSolved ? "solved" : "not solved"), the first state's gradient "
        + "\(result.firstStateShare) of the last one's: "
        + (result.isAsExpected ? "as expected" : "NOT AS EXPECTED"))
    if let json { try Report.write(result, to: "\(json)/\(result.experiment).json") }
    return result
  }
}
