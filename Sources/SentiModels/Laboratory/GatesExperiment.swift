import Glibc
import SentiRNN
import SentiTensor

/// The gates of a gated recurrent unit at each step of a sequence, computed by the equations.
///
/// The net has learned to keep a bit that is marked, and to answer with it at the end.
struct GatesExperiment {
  /// What the gates do at a step, as means over the hidden units.
  struct Step {
    /// How much of the state before the candidate sees.
    let reset: Double
    /// How much of the state before is kept.
    let update: Double
    /// The norm of the state's change.
    let change: Double
  }

  private static let bits = [1.0, -1, -1, 1, -1, 1, 1, -1, -1, 1, 1, -1]
  static let marked = 4

  let steps: [Step]
  /// The greatest difference of the last output from the engine's.
  let difference: Double

  init(_ settings: LabSettings) {
    var generator = SeededGenerator(seed: settings.seed)
    var model = SequenceModel<Float>(
      StackConfiguration(.gru, inputSize: 2, hiddenSize: 16), outputSize: 2, output: .lastStep,
      seed: settings.seed)
    model.stack.initializeChronoBiases(
      &model.parameters, maxTimescale: 4 * Self.bits.count, using: &generator)
    var net = LabNet(model)
    let task = MarkedBits(length: Self.bits.count)
    for _ in 0..<settings.steps(600) { net.learn(task.batch(of: 32, using: &generator)) }
    let input = MarkedBits.input(Self.bits, marked: Self.marked)
    var unit = HandMadeUnit(net.model)
    steps = (0..<input.rowCount).map { unit.read(input.row($0).map { Double($0) }) }
    let outputs = net.model.outputs(of: [input])[0].elements
    difference = zip(unit.outputs, outputs).map { abs($0 - Double($1)) }.max() ?? 0
  }

  var report: LabReport {
    let rows = steps.enumerated().map { time, step -> [LabValue] in
      [
        .number(Double(time), digits: 0), .text(Self.bits[time] > 0 ? "1" : "0"),
        .text(time == Self.marked ? "marked" : ""), .number(step.reset, digits: 3),
        .number(step.update, digits: 3), .number(step.change, digits: 3),
      ]
    }
    let caption =
      "A net that has learned to keep the marked bit; means over its hidden units. Where the update gate z is near "
      + "1 the state stays as it was: bits before the mark hardly change it, and the mark lets one in. The "
      + "equations give the engine's output, but for the last digits of single precision."
    let lines = [("reset gate r", \Step.reset), ("update gate z", \Step.update)].map { name, path in
      (name: name, points: steps.enumerated().map { (Double($0), $1[keyPath: path]) })
    }
    let chart = Chart(
      "The gates at each step", x: .init("step"), y: .init("mean over the units", range: 0...1),
      lines: lines)
    return LabReport(
      tables: [
        LabTable(
          caption,
          columns: ["t", "bit", "mark", "reset gate r", "update gate z", "change of the state"],
          rows: rows)
      ], charts: [chart])
  }
}

/// A gated recurrent unit as its equations are written, without any of the engine.
///
///     r = sigmoid(W_r x + b_r + U_r h + c_r)
///     z = sigmoid(W_z x + b_z + U_z h + c_z)
///     n = tanh(W_n x + b_n + r · (U_n h + c_n))
///     h' = z · h + (1 - z) · n
private struct HandMadeUnit {
  private let hiddenSize: Int
  private let inputSize: Int
  private let inputWeights: [Double]
  private let recurrentWeights: [Double]
  private let inputBias: [Double]
  private let recurrentBias: [Double]
  private let outputWeights: [Double]
  private let outputBias: [Double]
  private var state: [Double]

  init(_ model: SequenceModel<Float>) {
    let slots = model.stack.layers[0][0].cell.parameters
    func values(_ slot: ParameterSlot) -> [Double] { model.parameters[slot].map { Double($0) } }
    hiddenSize = model.stack.hiddenSize
    inputSize = model.stack.inputSize
    inputWeights = values(slots.inputWeights)
    recurrentWeights = values(slots.recurrentWeights)
    inputBias = values(slots.inputBias)
    recurrentBias = values(slots.recurrentBias)
    outputWeights = values(model.head.weights)
    outputBias = values(model.head.bias)
    state = [Double](repeating: 0, count: hiddenSize)
  }

  /// The outputs after the words that were read.
  var outputs: [Double] {
    outputBias.indices.map { row in
      state.indices.reduce(outputBias[row]) {
        $0 + outputWeights[row * hiddenSize + $1] * state[$1]
      }
    }
  }

  /// Reads a step's inputs.
  mutating func read(_ input: [Double]) -> GatesExperiment.Step {
    let fromInput = (0..<3 * hiddenSize).map { row in
      input.indices.reduce(inputBias[row]) {
        $0 + inputWeights[row * inputSize + $1] * input[$1]
      }
    }
    let fromState = (0..<3 * hiddenSize).map { row in
      state.indices.reduce(recurrentBias[row]) {
        $0 + recurrentWeights[row * hiddenSize + $1] * state[$1]
      }
    }
    func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
    let units = 0..<hiddenSize
    let reset = units.map { sigmoid(fromInput[$0] + fromState[$0]) }
    let update = units.map { sigmoid(fromInput[hiddenSize + $0] + fromState[hiddenSize + $0]) }
    let candidate = units.map {
      tanh(fromInput[2 * hiddenSize + $0] + reset[$0] * fromState[2 * hiddenSize + $0])
    }
    let next = units.map { update[$0] * state[$0] + (1 - update[$0]) * candidate[$0] }
    let change = zip(next, state).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    state = next
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(hiddenSize) }
    return GatesExperiment.Step(reset: mean(reset), update: mean(update), change: change)
  }
}
