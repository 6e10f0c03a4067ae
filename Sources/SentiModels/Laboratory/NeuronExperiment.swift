import Glibc
import SentiRNN
import SentiTensor

/// One recurrent neuron, step by step, by hand and by the engine.
struct NeuronExperiment {
  /// A step of the neuron.
  struct Step {
    let input: Double
    let previous: Double
    let sum: Double
    let byHand: Double
    let byEngine: Double
  }

  /// The weight of the input, the weight of the previous output, and the bias.
  static let (inputWeight, recurrentWeight, bias) = (0.5, -0.8, 0.1)

  let steps: [Step]

  init(_ settings: LabSettings) {
    let inputs = [1.0, 0.5, 0, -1, 2, 0, 0, 0]
    let outputs = Self.outputs(of: inputs)
    var (previous, steps) = (0.0, [Step]())
    for (input, output) in zip(inputs, outputs) {
      let sum = Self.inputWeight * input + Self.recurrentWeight * previous + Self.bias
      let byHand = tanh(sum)
      steps.append(
        Step(input: input, previous: previous, sum: sum, byHand: byHand, byEngine: output))
      previous = byHand
    }
    self.steps = steps
  }

  /// The outputs of the engine's cell with the same weights.
  private static func outputs(of inputs: [Double]) -> [Double] {
    var model = SequenceModel<Double>(
      StackConfiguration(.rnn, inputSize: 1, hiddenSize: 1), outputSize: 1, seed: 0)
    let cell = model.stack.layers[0][0].cell.parameters
    model.parameters[cell.inputWeights] = [inputWeight]
    model.parameters[cell.recurrentWeights] = [recurrentWeight]
    model.parameters[cell.inputBias] = [bias]
    model.parameters[cell.recurrentBias] = [0]
    model.parameters[model.head.weights] = [1]
    model.parameters[model.head.bias] = [0]
    let input = Matrix(rowCount: inputs.count, columnCount: 1, elements: inputs)
    return model.outputs(of: [input])[0].elements
  }

  var report: LabReport {
    let rows = steps.enumerated().map { time, step -> [LabValue] in
      [
        .number(Double(time), digits: 0), .number(step.input, digits: 2),
        .number(step.previous, digits: 4), .number(step.sum, digits: 4),
        .number(step.byHand, digits: 4), .number(step.byEngine, digits: 4),
      ]
    }
    let caption =
      "Wx = \(Self.inputWeight), Wy = \(Self.recurrentWeight), b = \(Self.bias). The output of a step is "
      + "an input of the next, so that the first input is still heard after it has gone."
    return LabReport(tables: [
      LabTable(
        caption, columns: ["t", "x(t)", "y(t-1)", "sum", "y(t) by hand", "y(t) by the engine"],
        rows: rows)
    ])
  }
}
