import SentiRNN
import SentiTensor

/// The layers of this package, with their parameters.
extension ONNXGraph {
  /// Looks up word vectors, `[…, E]` for token ids of any shape.
  mutating func wordVectors(
    _ embedding: Embedding, _ parameters: Parameters<Float>, of tokens: Value<Int64>
  ) -> Value<Float> {
    rows(of: parameter(embedding.weights, parameters), tokens)
  }

  /// Applies a fully connected layer, `[B, O]`.
  mutating func dense(
    _ layer: Dense, _ parameters: Parameters<Float>, _ input: Value<Float>
  ) -> Value<Float> {
    affine(input, parameter(layer.weights, parameters), parameter(layer.bias, parameters))
  }

  private mutating func parameter(
    _ slot: ParameterSlot, _ parameters: Parameters<Float>
  ) -> Value<Float> {
    constant(slot.name, parameters[slot], shape: slot.shape)
  }

  // MARK: Recurrent layers

  /// What recurrent layers say of a batch.
  struct Recurrence {
    /// The outputs of the highest layer, both directions side by side, `[T, B, D·H]`; what lies
    /// behind a sequence's end means nothing.
    let outputs: Value<Float>
    /// Its states after each direction's last step, side by side, `[B, D·H]`.
    let finalStates: Value<Float>
  }

  /// Applies recurrent layers from zero states.
  ///
  /// - Parameters:
  ///   - stack: The layers.
  ///   - parameters: The model's arena.
  ///   - input: The input, `[T, B, I]`.
  ///   - lengths: The number of steps of each sequence, `[B]`.
  /// - Returns: Outputs and final states.
  /// - Precondition: Nothing but cells that ONNX knows: no normalization, no residual connections.
  mutating func recurrence(
    _ stack: RecurrentStack, _ parameters: Parameters<Float>, _ input: Value<Float>,
    lengths: Value<Int64>
  ) -> Recurrence {
    precondition(
      !stack.isResidual && stack.batchNormalizations.isEmpty && !stack.normalizesCells,
      "a stack that ONNX's operators do not describe")
    let lengths = converted(lengths, to: Int32.self)
    var result = Recurrence(outputs: input, finalStates: .absent)
    for directions in stack.layers {
      result = level(
        directions.map(\.cell), parameters, result.outputs, lengths, width: stack.outputSize)
    }
    return result
  }

  /// Applies the cells of one layer, one for each direction.
  private mutating func level(
    _ cells: [any RecurrentCell], _ parameters: Parameters<Float>, _ input: Value<Float>,
    _ lengths: Value<Int32>, width: Int
  ) -> Recurrence {
    let (kind, slots) = (cells[0].kind, cells.map(\.parameters))
    /// One parameter of all directions, `[D, …]`, named as the forward direction's.
    func stacked(_ name: ParameterSlot, _ parts: [[ParameterSlot]], _ shape: [Int]) -> Value<Float>
    {
      let blocks = parts.joined().map { GateOrder.onnx.reordered(parameters[$0], of: kind) }
      return constant(name.name, blocks.flatMap(\.self), shape: [cells.count] + shape)
    }
    let rows = slots[0].inputWeights.rowCount
    let weights = [
      stacked(
        slots[0].inputWeights, slots.map { [$0.inputWeights] },
        [rows, slots[0].inputWeights.columnCount]),
      stacked(
        slots[0].recurrentWeights, slots.map { [$0.recurrentWeights] },
        [rows, slots[0].recurrentWeights.columnCount]),
      // [D, 2·G·H]: the input's bias, then the recurrent one.
      stacked(slots[0].inputBias, slots.map { [$0.inputBias, $0.recurrentBias] }, [2 * rows]),
    ]
    // Behind the lengths come the initial states, which are zero, and the peepholes, `[D, 3·H]`.
    let peepholes = slots.compactMap(\.peepholes).map {
      GateOrder.onnx.reorderedPeepholes(parameters[$0])
    }
    var optional: [String] = []
    if let name = slots[0].peepholes?.name {
      let values = peepholes.flatMap(\.self)
      let shape = [cells.count, values.count / cells.count]
      optional = ["", "", constant(name, values, shape: shape).name]
    }
    let outputs = node(
      kind.onnxOperator, [input.name] + weights.map(\.name) + [lengths.name] + optional,
      kind.onnxAttributes(hiddenSize: cells[0].hiddenSize, directionCount: cells.count),
      outputCount: 2)
    let (states, finals) = (Value<Float>(name: outputs[0]), Value<Float>(name: outputs[1]))
    // [T, D, B, H] -> [T, B, D·H], and [D, B, H] -> [B, D·H].
    return Recurrence(
      outputs: reshaped(transposed(states, [0, 2, 1, 3]), [0, 0, width]),
      finalStates: reshaped(transposed(finals, [1, 0, 2]), [0, width]))
  }

  // MARK: Pooling

  /// Pools outputs over the real steps of each sequence, side by side, `[B, P·D·H]`.
  ///
  /// - Parameters:
  ///   - kinds: The poolings; the maximum and mean of no step are zero.
  ///   - recurrence: The outputs and final states.
  ///   - lengths: The number of steps of each sequence, `[B]`.
  /// - Returns: The features, first pooling first, in it the forward direction first.
  mutating func pooled(
    _ kinds: [Pooling], _ recurrence: Recurrence, lengths: Value<Int64>
  ) -> Value<Float> {
    // [T, 1] < [B] -> [T, B] -> [T, B, 1]
    let steps = expanded(indices(of: recurrence.outputs, axis: 0), axes: [1])
    let isReal = expanded(isLess(steps, than: lengths), axes: [2])
    // [B, 1]
    let counts = maximum(
      expanded(converted(lengths, to: Float.self), axes: [1]), number(1))
    return concatenated(
      kinds.map { kind in
        switch kind {
        case .last: return recurrence.finalStates
        case .mean:
          let real = select(isReal, recurrence.outputs, else: number(0))
          return divided(sum(real, axis: 0), by: counts)
        case .max:
          let real = select(isReal, recurrence.outputs, else: number(-.infinity))
          let isEmpty = isLess(expanded(lengths, axes: [1]), than: integer(1))
          return select(isEmpty, number(0), else: greatest(real, axis: 0))
        }
      })
  }
}

extension RecurrentStack {
  /// Whether cells normalize their sums, which ONNX's recurrent operators do not.
  var normalizesCells: Bool {
    layers.joined().contains { $0.cell.parameters.normalization != nil }
  }
}

extension StepKind {
  /// ONNX's name of the equations.
  fileprivate var onnxOperator: String {
    switch self {
    case .simple: "RNN"
    case .gru, .gruResetBefore: "GRU"
    case .lstm: "LSTM"
    }
  }

  fileprivate func onnxAttributes(
    hiddenSize: Int, directionCount: Int
  ) -> KeyValuePairs<String, ONNXGraph.Attribute> {
    let direction = ONNXGraph.Attribute.text(directionCount == 2 ? "bidirectional" : "forward")
    let size = ONNXGraph.Attribute.integer(hiddenSize)
    switch self {
    case .simple(.hardSigmoid):
      // x / 6 + 1 / 2, where ONNX takes x / 5 + 1 / 2 unless told.
      return [
        "activation_alpha": .numbers([Float](repeating: 1 / 6, count: directionCount)),
        "activation_beta": .numbers([Float](repeating: 0.5, count: directionCount)),
        "activations": .texts([String](repeating: "HardSigmoid", count: directionCount)),
        "direction": direction, "hidden_size": size,
      ]
    case .simple(let activation):
      let names = [String](repeating: activation.onnxName, count: directionCount)
      return ["activations": .texts(names), "direction": direction, "hidden_size": size]
    case .gru, .gruResetBefore:
      return [
        "direction": direction, "hidden_size": size,
        "linear_before_reset": .integer(self == .gru ? 1 : 0),
      ]
    case .lstm: return ["direction": direction, "hidden_size": size]
    }
  }
}

extension Activation {
  fileprivate var onnxName: String {
    switch self {
    case .tanh: "Tanh"
    case .relu: "Relu"
    case .elu: "Elu"
    case .leakyReLU: "LeakyRelu"
    case .sigmoid: "Sigmoid"
    case .hardSigmoid: "HardSigmoid"
    case .softsign: "Softsign"
    }
  }
}
