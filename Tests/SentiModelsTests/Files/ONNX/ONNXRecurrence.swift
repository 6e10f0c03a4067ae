import Foundation
import Testing

/// ONNX's recurrent operators, one step and one unit at a time.
///
/// - SeeAlso: <https://onnx.ai/onnx/operators/onnx__GRU.html> and its neighbours.
struct ONNXRecurrence {
  private let node: ONNXFile.Node
  private let input: ONNXTensor
  private let weights: ONNXTensor
  private let recurrentWeights: ONNXTensor
  private let biases: ONNXTensor
  private let peepholes: ONNXTensor?
  private let lengths: [Int]
  private let initial: (hidden: ONNXTensor, cell: ONNXTensor)

  private var size: Int { recurrentWeights.shape[2] }

  init(_ node: ONNXFile.Node, _ inputs: [ONNXTensor?]) throws {
    func given(_ index: Int) -> ONNXTensor? { index < inputs.count ? inputs[index] : nil }
    self.node = node
    input = try #require(given(0))
    weights = try #require(given(1))
    recurrentWeights = try #require(given(2))
    biases = try #require(given(3))
    let (stepCount, batchSize) = (input.shape[0], input.shape[1])
    lengths = given(4)?.integers ?? Array(repeating: stepCount, count: batchSize)
    let shape = [weights.shape[0], batchSize, recurrentWeights.shape[2]]
    let zeros = ONNXTensor(shape, filledWith: 0)
    initial = (given(5) ?? zeros, given(6) ?? zeros)
    peepholes = given(7)
    try #require(lengths.allSatisfy { (0...stepCount).contains($0) })
    let direction = node.texts["direction"] ?? ["forward"]
    try #require(direction == [shape[0] == 2 ? "bidirectional" : "forward"])
  }

  /// The outputs of all steps, `[T, D, B, H]`, and the states after the last, `[D, B, H]`.
  var outputs: [ONNXTensor] {
    var (hidden, cell) = initial
    let shape = [input.shape[0]] + hidden.shape
    var outputs = ONNXTensor(shape, filledWith: ONNXEvaluator.meaningless)
    for direction in 0..<hidden.shape[0] {
      for sequence in 0..<hidden.shape[1] {
        let steps = 0..<lengths[sequence]
        var state = (hidden: hidden[direction][sequence], cell: cell[direction][sequence])
        for step in direction == 0 ? Array(steps) : steps.reversed() {
          state = after(state.hidden.values, state.cell.values, input[step][sequence], direction)
          for unit in 0..<size {
            outputs[[step, direction, sequence, unit]] = state.hidden.values[unit]
          }
        }
        for unit in 0..<size {
          hidden[[direction, sequence, unit]] = state.hidden.values[unit]
          cell[[direction, sequence, unit]] = state.cell.values[unit]
        }
      }
    }
    return [outputs, hidden, cell]
  }

  // MARK: One step

  private func after(
    _ hidden: [Double], _ cell: [Double], _ input: ONNXTensor, _ direction: Int
  ) -> (hidden: ONNXTensor, cell: ONNXTensor) {
    let gateCount = weights.shape[1] / size
    let x = sums(input.values, weights[direction])
    let h = sums(hidden, recurrentWeights[direction])
    let bias = biases[direction].values
    // Wb of all gates, then Rb of all gates.
    let inputBias = Array(bias.prefix(gateCount * size))
    let recurrentBias = Array(bias.suffix(gateCount * size))
    func gate(_ gate: Int, _ unit: Int) -> Double {
      let index = gate * size + unit
      return x[index] + inputBias[index] + h[index] + recurrentBias[index]
    }
    var state = (hidden: hidden, cell: cell)
    switch node.operation {
    case "GRU":
      // z, r, h in ONNX's order.
      let reset = (0..<size).map { sigmoid(gate(1, $0)) }
      let resetSums = sums(zip(reset, hidden).map(*), recurrentWeights[direction])
      for unit in 0..<size {
        let index = 2 * size + unit
        let recurrent =
          node.integers["linear_before_reset"] == [1]
          ? reset[unit] * (h[index] + recurrentBias[index])
          : resetSums[index] + recurrentBias[index]
        let candidate = tanh(x[index] + inputBias[index] + recurrent)
        let update = sigmoid(gate(0, unit))
        state.hidden[unit] = (1 - update) * candidate + update * hidden[unit]
      }
    case "LSTM":
      // i, o, f, c in ONNX's order, and i, o, f of the peepholes.
      for unit in 0..<size {
        func peephole(_ gate: Int) -> Double {
          peepholes.map { $0[direction].values[gate * size + unit] } ?? 0
        }
        let inputGate = sigmoid(gate(0, unit) + peephole(0) * cell[unit])
        let forget = sigmoid(gate(2, unit) + peephole(2) * cell[unit])
        state.cell[unit] = forget * cell[unit] + inputGate * tanh(gate(3, unit))
        let output = sigmoid(gate(1, unit) + peephole(1) * state.cell[unit])
        state.hidden[unit] = output * tanh(state.cell[unit])
      }
    default: state.hidden = (0..<size).map { activated(gate(0, $0), direction) }
    }
    return (ONNXTensor([size], state.hidden), ONNXTensor([size], state.cell))
  }

  private func sums(_ values: [Double], _ weights: ONNXTensor) -> [Double] {
    (0..<weights.shape[0]).map { row in zip(weights[row].values, values).map(*).reduce(0, +) }
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// A simple cell's output.
  private func activated(_ x: Double, _ direction: Int) -> Double {
    func setting(_ name: String, _ usual: Double) -> Double {
      node.numbers[name].flatMap { $0.isEmpty ? nil : $0[direction] } ?? usual
    }
    switch node.texts["activations"]?[direction] ?? "Tanh" {
    case "Relu": return max(0, x)
    case "Elu": return x < 0 ? setting("activation_alpha", 1) * (exp(x) - 1) : x
    case "LeakyRelu": return x < 0 ? setting("activation_alpha", 0.01) * x : x
    case "Sigmoid": return sigmoid(x)
    case "HardSigmoid":
      let (alpha, beta) = (setting("activation_alpha", 0.2), setting("activation_beta", 0.5))
      return max(0, min(1, alpha * x + beta))
    case "Softsign": return x / (1 + abs(x))
    default: return tanh(x)
    }
  }
}
