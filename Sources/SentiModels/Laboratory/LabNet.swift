import SentiRNN
import SentiTensor
import SentiTraining

/// A net of an experiment, and its optimizer.
struct LabNet {
  var model: SequenceModel<Float>
  private var optimizer: Optimizer<Float>
  private let learningRate: Double

  /// Makes a net.
  ///
  /// - Parameters:
  ///   - model: The net.
  ///   - rule: How it is trained.
  ///   - learningRate: The rate of all steps.
  init(_ model: SequenceModel<Float>, rule: OptimizerRule = .adam(), learningRate: Double = 0.01) {
    self.model = model
    optimizer = Optimizer(rule, layout: model.layout)
    self.learningRate = learningRate
  }

  /// Updates the parameters by gradients whose norm is clipped to 1.
  mutating func update(by gradients: Parameters<Float>) {
    var step = OptimizerStep(learningRate: learningRate)
    step.gradientScale = GradientClipping.scale(norm: gradients.norm, limit: 1)
    optimizer.update(&model.parameters, by: gradients, step)
  }

  /// Takes a step on numbers, and gives the loss before it.
  @discardableResult
  mutating func learn(_ batch: LabBatch) -> Double {
    let pass = batch.gradients(of: model)
    update(by: pass.gradients)
    return pass.loss
  }
}

/// Sequences of an experiment, and what a net should answer.
struct LabBatch {
  /// What a net should answer.
  enum Targets {
    case numbers([Matrix<Float>])
    /// The class of each output; nil where it does not count.
    case classes([[Int?]])
  }

  var inputs: [Matrix<Float>]
  var targets: Targets

  /// The loss of a net and its gradients.
  func gradients(of model: SequenceModel<Float>) -> SequenceModel<Float>.Gradients {
    switch targets {
    case .numbers(let numbers): model.lossAndGradients(of: inputs, targets: numbers)
    case .classes(let classes): model.lossAndGradients(of: inputs, classes: classes)
    }
  }

  /// The share of the classes that count which a net answers.
  func accuracy(of model: SequenceModel<Float>) -> Double {
    guard case .classes(let classes) = targets else { return 0 }
    var (right, count) = (0, 0)
    for (outputs, classes) in zip(model.outputs(of: inputs), classes) {
      for (row, wanted) in classes.enumerated() {
        guard let wanted else { continue }
        count += 1
        if outputs.likeliestClass(row) == wanted { right += 1 }
      }
    }
    return Double(right) / Double(max(1, count))
  }
}

extension Matrix<Float> {
  /// The column of a row's greatest value.
  func likeliestClass(_ row: Int) -> Int {
    self.row(row).enumerated().max { $0.element < $1.element }?.offset ?? 0
  }

  /// A row a token, with a 1 in the token's column.
  init(oneHot tokens: [Int?], width: Int) {
    self.init(rowCount: tokens.count, columnCount: width)
    for (row, token) in tokens.enumerated() {
      if let token { self[row, token] = 1 }
    }
  }
}

extension SeededGenerator {
  /// A whole number below a limit.
  mutating func number(below limit: Int) -> Int { Int(uniform() * Double(limit)) }

  /// 1 or -1.
  mutating func sign() -> Double { uniform() < 0.5 ? -1 : 1 }
}

extension CellConfiguration {
  /// The cells that experiments compare, with their names.
  static let compared: [(name: String, cell: CellConfiguration)] = [
    ("tanh", .rnn), ("GRU", .gru), ("LSTM", .lstm),
  ]
}
