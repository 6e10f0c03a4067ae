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

      Exits with 1 where the goal is missed; an experiment with the simple cell is there to miss it.

      Examples:
        long-memory adding-1000-gru --checkpoint adding.safetensors
        long-memory adding-1000-rnn --steps 2000
      """)

  @Argument(help: "The experiment.")
  var experiment: Experiment

  @Option(help: "Stop after this many steps.")
  var steps = 20_000

  @Option(help: "Report, and write the checkpoint, every so many steps.")
  var report = 100

  @Option(help: "Go on from this file where it is there, and keep it up to date.")
  var checkpoint: String?

  @Option(help: "Write the result to this file as JSON.")
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
    if evaluated > goal { evaluated = training.evaluate(batchCount: 30) }
    try finish(training, evaluated, goal)
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

  private func finish(_ training: MemoryTraining, _ loss: Double, _ goal: Double) throws {
    let isSolved = loss <= goal
    print(
      "# \(experiment.rawValue): loss \(loss) of fresh sequences after \(training.stepCount) steps, "
        + "goal \(goal): \(isSolved ? "solved" : "not solved")")
    if let json {
      try Report.write(
        MemoryResult(
          experiment: experiment.rawValue, settings: training.settings,
          stepCount: training.stepCount, loss: loss, goal: goal, isSolved: isSolved,
          stateGradientNorms: training.stateGradientNorms), to: json)
    }
    if isSolved == experiment.isExpectedToFail { throw ExitCode.failure }
  }
}

/// What an experiment came to, as it stands in the JSON file.
struct MemoryResult: Encodable {
  let experiment: String
  let settings: MemorySettings
  let stepCount: Int
  let loss: Double
  let goal: Double
  let isSolved: Bool
  let stateGradientNorms: [Double]
}
