import SentiRNN
import SentiTensor

/// Full against truncated backpropagation on a bit that must be kept for a while.
struct TruncationExperiment {
  /// How a net is trained.
  enum Training: String, CaseIterable {
    case full = "backpropagation through all steps"
    case truncated = "truncated to the last steps"
    case joined = "the oldest and the newest steps of each sequence, joined"
  }

  /// The number of steps from the bit to the answer.
  static let length = 30
  /// The steps that a gradient of truncated backpropagation goes back.
  static let window = 5

  /// The share of right answers on whole sequences, by training; a coin reaches a half.
  let accuracies: [Training: Double]

  init(_ settings: LabSettings) {
    var accuracies: [Training: Double] = [:]
    for training in Training.allCases { accuracies[training] = Self.accuracy(training, settings) }
    self.accuracies = accuracies
  }

  private static func accuracy(_ training: Training, _ settings: LabSettings) -> Double {
    var generator = SeededGenerator(seed: settings.seed)
    let model = SequenceModel<Float>(
      StackConfiguration(.lstm, inputSize: 2, hiddenSize: 16), outputSize: 2, output: .lastStep,
      seed: settings.seed)
    var net = LabNet(model)
    for _ in 0..<settings.steps(400) {
      var batch = MarkedBits(length: length, place: 0).batch(of: 32, using: &generator)
      switch training {
      case .full: net.learn(batch)
      case .joined:
        batch.inputs = batch.inputs.map { $0.joined(keeping: window / 2) }
        net.learn(batch)
      case .truncated: net.learnTruncated(batch, window: window)
      }
    }
    return MarkedBits(length: length, place: 0).batch(of: 500, using: &generator).accuracy(
      of: net.model)
  }

  var report: LabReport {
    let rows = Training.allCases.map { training in
      [LabValue.text(training.rawValue), .number(100 * (accuracies[training] ?? 0), digits: 1)]
    }
    let caption =
      "\(Self.length) bits are read, and the last step must answer with the first, which is marked. A gradient that "
      + "goes back \(Self.window) steps never reaches the bit, however long it is trained; sequences of "
      + "old and new steps together bring the two within its reach."
    return LabReport(tables: [
      LabTable(caption, columns: ["trained by", "right, % (a coin: 50)"], rows: rows)
    ])
  }
}

extension LabNet {
  /// Takes a step whose gradient goes back some steps from the last.
  fileprivate mutating func learnTruncated(_ batch: LabBatch, window: Int) {
    // The states before the window are computed forward alone, so that no gradient passes them.
    let sequences = PackedSequences(lengths: batch.inputs.map(\.rowCount))
    let steps = batch.inputs.map { input in (0..<input.rowCount).map { input.row($0) } }
    let input = StackInput(
      Matrix(
        rowCount: sequences.tokenCount, columnCount: model.stack.inputSize,
        elements: sequences.packed(steps).flatMap(\.self)))
    var windows = TruncatedBackpropagation<Float>(
      model.stack, sequences, Truncation(updateInterval: window))
    let weights = model.stack.weights(model.parameters, isForTraining: true)
    let head = model.head.weights(model.parameters, isForTraining: true)
    var gradients = Parameters<Float>(layout: model.layout)
    var inputGradient = Matrix<Float>(
      rowCount: sequences.tokenCount, columnCount: model.stack.inputSize)
    guard case .classes(let classes) = batch.targets else { return }
    while !windows.isFinished {
      let outputs = windows.forward(input, weights: weights)
      var gradient = Matrix<Float>(rowCount: outputs.rowCount, columnCount: outputs.columnCount)
      // All sequences are equally long, so that the last rows are those of the last step.
      let last = outputs.rowCount - batch.inputs.count
      if windows.steps.upperBound == sequences.timeStepCount {
        let states = outputs.rows((Int32(last)..<Int32(outputs.rowCount)).map(\.self))
        let softmax = SoftmaxCrossEntropy(logits: model.head.forward(states, head))
        let targets = sequences.order.map { classes[$0][0] ?? 0 }
        let stateGradient = model.head.backward(
          softmax.logitsGradient(targets, scale: 1 / Double(targets.count)), input: states, head,
          gradients: &gradients)
        for row in 0..<stateGradient.rowCount {
          for column in 0..<stateGradient.columnCount {
            gradient[last + row, column] = stateGradient[row, column]
          }
        }
      }
      windows.backward(
        gradient, weights: weights, gradients: &gradients, inputGradient: &inputGradient)
      windows.advance()
    }
    update(by: gradients)
  }
}

extension Matrix<Float> {
  /// The first and the last rows, one part behind the other.
  fileprivate func joined(keeping count: Int) -> Matrix {
    rows(Array(0..<Int32(count)) + Array(Int32(rowCount - count)..<Int32(rowCount)))
  }
}
