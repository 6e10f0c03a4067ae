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
  var seed: UInt64
}

/// The training of one experiment: fresh sequences at every step, all drawn from seed and step.
///
/// Its state is one file, written beside and renamed; a training that goes on from it comes to the
/// same weights as one that was never stopped.
struct MemoryTraining {
  static let formatVersion = 1
  private static let settingsKey = "long_memory.settings"
  private static let nameKey = "long_memory.experiment"
  private static let stepKey = "long_memory.step"

  let experiment: Experiment
  let settings: MemorySettings
  private(set) var net: MemoryNet
  private(set) var parameters: Parameters<Float>
  private var optimizer: Optimizer<Float>
  private var gradients: Parameters<Float>

  init(_ experiment: Experiment, _ settings: MemorySettings) {
    self.experiment = experiment
    self.settings = settings
    net = MemoryNet(experiment.cell, experiment.task, hiddenSize: settings.hiddenSize)
    parameters = net.initialParameters(
      longestMemory: experiment.length, seed: settings.seed)
    optimizer = Optimizer(.adam(), layout: net.layout)
    gradients = Parameters(layout: net.layout)
  }

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
  /// - Throws: `TrainingError`, where loss or gradient are not finite.
  mutating func step() throws -> Step {
    var generator = SeededGenerator(seed: settings.seed &* 1_000_003 &+ UInt64(stepCount))
    let batch = experiment.task.batch(
      size: settings.batchSize, length: experiment.length, using: &generator)
    gradients.setToZero()
    let loss = net.addGradients(of: batch, parameters, &gradients)
    let norm = gradients.norm
    guard loss.isFinite && norm.isFinite else {
      throw MemoryError.notFinite(
        step: stepCount, parameter: gradients.firstNonFiniteName ?? "the loss")
    }
    let scale = GradientClipping.scale(norm: norm, limit: settings.gradientLimit)
    optimizer.update(
      &parameters, gradients, learningRate: settings.learningRate, gradientScale: scale)
    return Step(loss: loss, gradientNorm: norm, isClipped: scale < 1)
  }

  /// The norms of the gradients of the states that the last step found, first state first.
  var stateGradientNorms: [Double] {
    let steps = experiment.task.timeStepCount(length: experiment.length)
    return net.stateGradientNorms(
      PackedSequences(lengths: [Int](repeating: steps, count: settings.batchSize)))
  }

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
        Self.stepKey: String(stepCount),
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

  var description: String {
    switch self {
    case .notFinite(let step, let parameter):
      "step \(step): a number that is not finite in the gradient of \(parameter)"
    case .otherCheckpoint(let path, let expected, let found):
      "\(path): a checkpoint of \(found), expected \(expected)"
    }
  }
}
