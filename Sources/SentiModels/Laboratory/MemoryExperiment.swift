import Glibc
import SentiRNN
import SentiTensor

/// The adding and the copy problem, by which cells' memories are compared.
///
/// - SeeAlso: Hochreiter and Schmidhuber 1997, <https://doi.org/10.1162/neco.1997.9.8.1735>; the copy
///   problem as Arjovsky et al. 2016 have it, <https://arxiv.org/abs/1511.06464>.
struct MemoryExperiment {
  /// The problem.
  enum Problem { case adding, copy }

  /// The loss of a cell over the steps.
  struct Curve {
    let name: String
    /// The mean loss of the steps up to each checkpoint.
    let losses: [Double]
  }

  let problem: Problem
  /// The steps at which the losses were taken.
  let checkpoints: [Int]
  let curves: [Curve]

  init(_ problem: Problem, _ settings: LabSettings) {
    self.problem = problem
    let checkpoints = (1...6).map { max($0, settings.steps($0 * 100)) }
    self.checkpoints = checkpoints
    curves = CellConfiguration.compared.map { name, cell in
      Curve(name: name, losses: Self.losses(of: cell, problem, checkpoints, settings))
    }
  }

  /// The loss of a net that knows nothing of the past.
  var baseline: Double { problem.baseline }

  private static func losses(
    of cell: CellConfiguration, _ problem: Problem, _ checkpoints: [Int], _ settings: LabSettings
  ) -> [Double] {
    var generator = SeededGenerator(seed: settings.seed)
    var net = LabNet(problem.model(cell, seed: settings.seed, using: &generator))
    var (losses, sum, last) = ([Double](), 0.0, 0)
    for step in 1...checkpoints[checkpoints.count - 1] {
      sum += net.learn(problem.batch(of: 32, using: &generator))
      guard checkpoints.contains(step) else { continue }
      losses.append(sum / Double(step - last))
      (sum, last) = (0, step)
    }
    return losses
  }

  var report: LabReport {
    let rows = curves.map { curve in
      [LabValue.text(curve.name)] + curve.losses.map { .number($0, digits: 4) }
    }
    let lines = curves.map { curve in
      (name: curve.name, points: zip(checkpoints, curve.losses).map { (Double($0), $1) })
    }
    let chart = Chart(
      "The loss of each cell", x: .init("training steps"), y: .init(problem.lossName), lines: lines)
    return LabReport(
      tables: [
        LabTable(
          problem.caption, columns: ["cell"] + checkpoints.map { "\($0) steps" }, rows: rows)
      ], charts: [chart])
  }
}

extension MemoryExperiment.Problem {
  /// The length of a sequence of the adding problem.
  static let addingLength = 40
  /// The wait of the copy problem, the symbols to keep, and their kinds.
  static let (wait, symbolCount, kindCount) = (12, 3, 4)

  fileprivate var baseline: Double {
    switch self {
    // The variance of the sum of two numbers from 0 to 1.
    case .adding: 1.0 / 6
    // Nothing is known of the symbols, and all of the rest.
    case .copy:
      log(Double(Self.kindCount)) * Double(Self.symbolCount)
        / Double(Self.wait + 2 * Self.symbolCount)
    }
  }

  fileprivate var lossName: String { self == .adding ? "squared error" : "nats" }

  fileprivate var caption: String {
    switch self {
    case .adding:
      "\(Self.addingLength) numbers, two of them marked: the answer is their sum. The mean squared error "
        + "of a net that remembers nothing is 0.1667."
    case .copy:
      "\(Self.symbolCount) of \(Self.kindCount) symbols are to be written again after \(Self.wait) steps. "
        + "The loss of a net that remembers nothing is "
        + "\((baseline * 10_000).rounded() / 10_000) nats."
    }
  }

  fileprivate func model(
    _ cell: CellConfiguration, seed: UInt64, using generator: inout SeededGenerator
  ) -> SequenceModel<Float> {
    let width = self == .adding ? 2 : Self.kindCount + 2
    var model = SequenceModel<Float>(
      StackConfiguration(cell, inputSize: width, hiddenSize: 32),
      outputSize: self == .adding ? 1 : Self.kindCount + 1,
      output: self == .adding ? .lastStep : .everyStep, seed: seed)
    if cell.hasGates {
      model.stack.initializeChronoBiases(
        &model.parameters, maxTimescale: Self.addingLength, using: &generator)
    }
    return model
  }

  fileprivate func batch(of count: Int, using generator: inout SeededGenerator) -> LabBatch {
    switch self {
    case .adding: Self.addingBatch(of: count, using: &generator)
    case .copy: Self.copyBatch(of: count, using: &generator)
    }
  }

  private static func addingBatch(
    of count: Int, using generator: inout SeededGenerator
  ) -> LabBatch {
    var (inputs, targets) = ([Matrix<Float>](), [Matrix<Float>]())
    for _ in 0..<count {
      var input = Matrix<Float>(rowCount: addingLength, columnCount: 2)
      for step in 0..<addingLength { input[step, 0] = Float(generator.uniform()) }
      let first = generator.number(below: addingLength / 2)
      let second = addingLength / 2 + generator.number(below: addingLength / 2)
      for step in [first, second] { input[step, 1] = 1 }
      inputs.append(input)
      targets.append(
        Matrix(rowCount: 1, columnCount: 1, elements: [input[first, 0] + input[second, 0]]))
    }
    return LabBatch(inputs: inputs, targets: .numbers(targets))
  }

  private static func copyBatch(
    of count: Int, using generator: inout SeededGenerator
  ) -> LabBatch {
    var (inputs, classes) = ([Matrix<Float>](), [[Int?]]())
    let (blank, mark) = (kindCount, kindCount + 1)
    for _ in 0..<count {
      let symbols = (0..<symbolCount).map { _ in generator.number(below: kindCount) }
      let waiting = [Int](repeating: blank, count: wait - 1) + [mark]
      let writing = [Int](repeating: blank, count: symbolCount)
      inputs.append(Matrix(oneHot: symbols + waiting + writing, width: kindCount + 2))
      classes.append([Int](repeating: blank, count: symbolCount + wait) + symbols)
    }
    return LabBatch(inputs: inputs, targets: .classes(classes))
  }
}
