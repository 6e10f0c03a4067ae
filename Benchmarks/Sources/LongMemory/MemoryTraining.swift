internal import Foundation
internal import Measurement
internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// What decides an experiment, beside its name.
struct MemorySettings: Codable, Equatable {
  var hiddenSize: Int
  var batchSize: Int
  var learningRate: Double
  var gradientLimit: Double
  /// The T to begin with; it doubles, up to the experiment's, whenever the task is solved.
  var firstLength: Int
  var seed: UInt64
}

/// The training of one experiment: fresh sequences at every step, all drawn from seed and step.
///
/// Its state is one file, written beside and renamed; a training that goes on from it comes to the
/// same weights as one that was never stopped.
struct MemoryTraining {
  static let formatVersion = 2
  private static let settingsKey = "long_memory.settings"
  private static let nameKey = "long_memory.experiment"
  private static let stepKey = "long_memory.step"
  private static let lengthKey = "long_memory.length"

  let experiment: Experiment
  let settings: MemorySettings
  /// The T of the sequences that are learned now.
  private(set) var length: Int
  private(set) var net: MemoryNet
  private(set) var parameters: Parameters<Float>
  private var optimizer: Optimizer<Float>
  private var gradients: Parameters<Float>

  init(_ experiment: Experiment, _ settings: MemorySettings) {
    self.experiment = experiment
    self.settings = settings
    length = settings.firstLength
    net = MemoryNet(experiment.cell, experiment.task, hiddenSize: settings.hiddenSize)
    parameters = net.initialParameters(
      longestMemory: experiment.length, seed: settings.seed)
    optimizer = Optimizer(.adam(), layout: net.layout)
    gradients = Parameters(layout: net.layout)
  }

  /// Whether a batch was learned since the start or the checkpoint.
  private(set) var hasLearned = false

  var stepCount: Int { optimizer.stepCount }

  /// What one step came to.
  struct Step {
    var loss: Double
    /// The norm of the gradient of all parameters, before it was clipped.
    var gradientNorm: Double
    var isClipped: Bool
  }

  /// Learns one batch.
  ///
  /// - Throws: ``MemoryError``, where loss or gradient are not finite.
  mutating func step() throws -> Step {
    var generator = SeededGenerator(seed: settings.seed &* 1_000_003 &+ UInt64(stepCount))
    let batch = experiment.task.batch(
      size: settings.batchSize, length: length, using: &generator)
    gradients.setToZero()
    let loss = net.addGradients(of: batch, parameters, &gradients)
    let norm = gradients.norm
    guard loss.isFinite && norm.isFinite else {
      throw MemoryError.notFinite(
        step: stepCount, parameter: gradients.firstNonFiniteName ?? "the loss")
    }
    hasLearned = true
    let scale = GradientClipping.scale(norm: norm, limit: settings.gradientLimit)
    var step = OptimizerStep(learningRate: settings.learningRate)
    step.gradientScale = scale
    optimizer.update(&parameters, by: gradients, step)
    return Step(loss: loss, gradientNorm: norm, isClipped: scale < 1)
  }

  /// Whether sequences are as long as the experiment's.
  var hasFullLength: Bool { length == experiment.length }

  /// Goes on with sequences of twice the T, or the experiment's.
  mutating func lengthen() { length = min(2 * length, experiment.length) }

  /// The norms of the gradients of the states that the last step found, first state first.
  var stateGradientNorms: [Double] { net.stateGradientNorms(batchSize: settings.batchSize) }

  /// The mean loss over sequences that no training step draws.
  mutating func evaluate(batchCount: Int) -> Double {
    var generator = SeededGenerator(seed: ~settings.seed)
    var sum = 0.0
    for _ in 0..<batchCount {
      let batch = experiment.task.batch(
        size: settings.batchSize, length: experiment.length, using: &generator)
      sum += net.loss(of: batch, parameters)
    }
    return sum / Double(batchCount)
  }

  // MARK: Checkpoint

  func write(to path: String) throws {
    var writer = SafetensorsWriter(
      formatVersion: Self.formatVersion,
      metadata: [
        Self.nameKey: experiment.rawValue, Self.settingsKey: try Self.text(settings),
        Self.stepKey: String(stepCount), Self.lengthKey: String(length),
      ])
    writer.append(parameters.values, named: "parameters")
    writer.append(optimizer.firstMoments, named: "first_moments")
    writer.append(optimizer.secondMoments, named: "second_moments")
    try writer.write(to: path, overwriting: true)
  }

  /// Goes on from a checkpoint of the same experiment with the same settings.
  mutating func resume(from path: String) throws {
    let archive = try SafetensorsArchive(contentsOf: path)
    try archive.requireFormatVersion(atMost: Self.formatVersion)
    try archive.verifyChecksum()
    for (key, expected) in [
      (Self.nameKey, experiment.rawValue), (Self.settingsKey, try Self.text(settings)),
    ] {
      let found = try archive.requireMetadata(key)
      guard found == expected else {
        throw MemoryError.otherCheckpoint(path: path, expected: expected, found: found)
      }
    }
    func arena(_ name: String) throws -> [Float] {
      try archive.values(named: name, shape: [net.layout.elementCount])
    }
    parameters = Parameters(layout: net.layout, values: try arena("parameters"))
    length = Int(try archive.requireMetadata(Self.lengthKey)) ?? settings.firstLength
    optimizer.restore(
      stepCount: Int(try archive.requireMetadata(Self.stepKey)) ?? 0,
      firstMoments: try arena("first_moments"), secondMoments: try arena("second_moments"))
  }

  private static func text(_ settings: MemorySettings) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(settings), as: UTF8.self)
  }
}

/// What stops an experiment.
enum MemoryError: Error, CustomStringConvertible {
  case notFinite(step: Int, parameter: String)
  case otherCheckpoint(path: String, expected: String, found: String)
  case nothingToLearn(experiment: String, steps: Int)

  var description: String {
    switch self {
    case .notFinite(let step, let parameter):
      "step \(step): a number that is not finite in the gradient of \(parameter)"
    case .otherCheckpoint(let path, let expected, let found):
      "\(path): a checkpoint of \(found), expected \(expected)"
    case .nothingToLearn(let experiment, let steps):
      "\(experiment): the checkpoint has \(steps) steps, expected fewer than --steps"
    }
  }
}
