import SentiRNN
import SentiTensor
import SentiTraining

/// What makes a deep recurrent net learn in fewer steps, each trick alone and all together.
struct SpeedupExperiment {
  /// A trick.
  enum Trick: String, CaseIterable {
    case initialization = "orthogonal and Glorot initialization"
    case activation = "gated units instead of tanh"
    case batchNormalization = "batch normalization between layers"
    case pretraining = "the lowest layer of a trained net"
    case optimizer = "Adam instead of gradient descent"
    case dropout = "dropout of a fifth of the inputs"
  }

  /// What nets with some tricks took.
  struct Outcome {
    let name: String
    /// The steps until the loss was reached, of each seed; the limit where it was not.
    let steps: [Int]
    let seconds: Double
    /// How many seeds reached the loss.
    var reachedCount = 0
  }

  /// The loss to reach, in nats, as a mean over ten steps.
  static let goal = 0.35
  static let seedCount = 3

  let limit: Int
  let outcomes: [Outcome]

  init(_ settings: LabSettings) {
    let limit = settings.steps(400)
    self.limit = limit
    let sets: [(String, Set<Trick>)] =
      [("none of them", [])] + Trick.allCases.map { ($0.rawValue, [$0]) }
      + [("all but dropout", Set(Trick.allCases).subtracting([.dropout]))]
    outcomes = sets.map { name, tricks in
      Self.outcome(name, tricks, limit: limit, seed: settings.seed)
    }
  }

  private static func outcome(
    _ name: String, _ tricks: Set<Trick>, limit: Int, seed: UInt64
  ) -> Outcome {
    var (steps, reached) = ([Int](), 0)
    let seconds = ContinuousClock().measure {
      for offset in 0..<seedCount {
        let count = Self.steps(tricks, limit: limit, seed: seed + UInt64(offset))
        steps.append(count ?? limit)
        if count != nil { reached += 1 }
      }
    }.seconds
    return Outcome(
      name: name, steps: steps, seconds: seconds / Double(seedCount), reachedCount: reached)
  }

  /// The steps that a net takes to the goal; nil where it takes more than the limit.
  private static func steps(_ tricks: Set<Trick>, limit: Int, seed: UInt64) -> Int? {
    var generator = SeededGenerator(seed: seed)
    var start = model(tricks, seed: seed)
    if tricks.contains(.pretraining) {
      var other = LabNet(model(tricks.intersection([.activation, .initialization]), seed: 99))
      for _ in 0..<min(limit, 100) { other.learn(batch(using: &generator)) }
      for slot in other.model.layout.slots where slot.name.hasSuffix("_l0") {
        guard let own = start.layout.slots.first(where: { $0.name == slot.name }) else { continue }
        start.parameters[own] = other.model.parameters[slot]
      }
    }
    let usesAdam = tricks.contains(.optimizer)
    var net = LabNet(
      start, rule: usesAdam ? .adam() : .sgd(), learningRate: usesAdam ? 0.005 : 0.5)
    var recent: [Double] = []
    for step in 1...limit {
      var batch = batch(using: &generator)
      if tricks.contains(.dropout) {
        batch.inputs = batch.inputs.map { $0.dropped(0.2, using: &generator) }
      }
      recent = recent.suffix(9) + [net.learn(batch)]
      if recent.count == 10, recent.reduce(0, +) / 10 < goal { return step }
    }
    return nil
  }

  private static func model(_ tricks: Set<Trick>, seed: UInt64) -> SequenceModel<Float> {
    var shape = StackConfiguration(
      tricks.contains(.activation) ? .gru : .rnn, inputSize: 4, hiddenSize: 24, layerCount: 3)
    shape.normalizesBatches = tricks.contains(.batchNormalization)
    var model = SequenceModel<Float>(shape, outputSize: 2, output: .lastStep, seed: seed)
    guard !tricks.contains(.initialization) else { return model }
    var generator = SeededGenerator(seed: seed)
    for slot in model.layout.slots where slot.name.contains("weight_") {
      model.parameters.initialize(slot, .normal(deviation: 0.1), using: &generator)
    }
    return model
  }

  /// Sequences of noise; the class is whether the first numbers of all steps have a positive sum.
  private static func batch(using generator: inout SeededGenerator) -> LabBatch {
    var (inputs, classes) = ([Matrix<Float>](), [[Int?]]())
    for _ in 0..<32 {
      let rows = 12
      let input = Matrix<Float>(
        rowCount: rows, columnCount: 4,
        elements: (0..<rows * 4).map { _ in Float(generator.normal()) })
      let sum = (0..<rows).reduce(Float(0)) { $0 + input[$1, 0] }
      inputs.append(input)
      classes.append([sum > 0 ? 1 : 0])
    }
    return LabBatch(inputs: inputs, targets: .classes(classes))
  }

  var report: LabReport {
    let rows = outcomes.map { outcome -> [LabValue] in
      let steps = outcome.steps.map(Double.init)
      return [
        .text(outcome.name), .number(steps.reduce(0, +) / Double(steps.count), digits: 0),
        .text("\(outcome.steps.min() ?? 0) to \(outcome.steps.max() ?? 0)"),
        .text("\(outcome.reachedCount) of \(Self.seedCount)"),
        .number(outcome.seconds, digits: 2),
      ]
    }
    let caption =
      "Three layers of 24 units learn whether the numbers of 12 steps have a positive sum: steps until the mean "
      + "loss of ten steps is below \(Self.goal) nats, at most \(limit), by \(Self.seedCount) seeds. The base is "
      + "tanh with small normal weights, trained by gradient descent."
    return LabReport(tables: [
      LabTable(
        caption, columns: ["with", "steps, mean", "range", "reached", "seconds, mean"], rows: rows)
    ])
  }
}

extension Matrix<Float> {
  /// The elements with some set to zero, and the others raised by as much.
  fileprivate func dropped(_ rate: Double, using generator: inout SeededGenerator) -> Matrix {
    let values = elements.map { value -> Float in
      generator.uniform() < rate ? 0 : value / Float(1 - rate)
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, elements: values)
  }
}
