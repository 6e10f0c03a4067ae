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

  /// Applies a fully connected layer to the rows of a batch of sequences, `[B, T, O]`.
  private mutating func denseRows(
    _ layer: Dense, _ parameters: Parameters<Float>, _ input: Value<Float>
  ) -> Value<Float> {
    let weights = transposed(parameter(layer.weights, parameters), [1, 0])
    return added(product(input, weights), parameter(layer.bias, parameters))
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

  /// The state of one layer, `[D, B, H]`; absent where it is zeros, or where the cell has none.
  struct LayerState {
    var hidden = Value<Float>.absent
    var cell = Value<Float>.absent
  }

  /// Applies recurrent layers from zero states.
  ///
  /// - Parameters:
  ///   - stack: The layers.
  ///   - parameters: The model's arena.
  ///   - input: The input, `[T, B, I]`.
  ///   - lengths: The number of steps of each sequence, `[B]`.
  /// - Returns: Outputs and final states.
  /// - Precondition: No batch normalization, no residual connections.
  mutating func recurrence(
    _ stack: RecurrentStack, _ parameters: Parameters<Float>, _ input: Value<Float>,
    lengths: Value<Int64>
  ) -> Recurrence {
    stack.requirePlainJunctions()
    var (outputs, finals) = (input, Value<Float>.absent)
    for directions in stack.layers {
      let found = level(directions.map(\.cell), parameters, outputs, lengths: lengths)
      // [T, D, B, H] -> [T, B, D·H]
      outputs = reshaped(transposed(found.outputs, [0, 2, 1, 3]), [0, 0, stack.outputSize])
      finals = found.state.hidden
    }
    // [D, B, H] -> [B, D·H]
    return Recurrence(
      outputs: outputs,
      finalStates: reshaped(transposed(finals, [1, 0, 2]), [0, stack.outputSize]))
  }

  /// Applies recurrent layers of one direction to one more step of every sequence.
  ///
  /// - Parameters:
  ///   - stack: The layers.
  ///   - parameters: The model's arena.
  ///   - input: The input, `[B, I]`.
  ///   - states: The layers' states before the step; become those after it.
  /// - Returns: The highest layer's outputs, `[B, H]`.
  /// - Precondition: No batch normalization, no residual connections.
  mutating func step(
    _ stack: RecurrentStack, _ parameters: Parameters<Float>, _ input: Value<Float>,
    states: inout [LayerState]
  ) -> Value<Float> {
    stack.requirePlainJunctions()
    // [B, I] -> [T = 1, B, I]; a state of one direction, [D = 1, B, H], is the next layer's input.
    var output = expanded(input, axes: [0])
    for (index, directions) in stack.layers.enumerated() {
      states[index] =
        level(directions.map(\.cell), parameters, output, initial: states[index]).state
      output = states[index].hidden
    }
    return squeezed(output, axes: [0])
  }

  /// Applies the cells of one layer, one for each direction; its outputs are `[T, D, B, H]`.
  private mutating func level(
    _ cells: [RecurrentCell], _ parameters: Parameters<Float>, _ input: Value<Float>,
    lengths: Value<Int64> = .absent, initial: LayerState = LayerState()
  ) -> (outputs: Value<Float>, state: LayerState) {
    let (configuration, slots) = (cells[0].configuration, cells.map(\.parameters))
    guard slots[0].normalization == nil else {
      return normalizedLevel(cells, parameters, input, lengths: lengths, initial: initial)
    }
    let stepCounts = lengths.name.isEmpty ? .absent : converted(lengths, to: Int32.self)
    let weights = weights(slots, of: configuration, parameters)
    // Behind the lengths come the initial states and the peepholes, `[D, 3·H]`.
    var peepholes = Value<Float>.absent
    if let name = slots[0].peepholes?.name {
      let values = slots.compactMap(\.peepholes)
        .flatMap { GateOrder.onnx.reorderedPeepholes(parameters[$0]) }
      peepholes = constant(name, values, shape: [cells.count, values.count / cells.count])
    }
    var optional = [stepCounts.name, initial.hidden.name, initial.cell.name, peepholes.name]
    while optional.last == "" { optional.removeLast() }
    let outputs = node(
      configuration.onnxOperator, [input.name] + weights.map(\.name) + optional,
      configuration.onnxAttributes(hiddenSize: cells[0].hiddenSize, directionCount: cells.count),
      outputCount: configuration.hasCellState ? 3 : 2
    ).map { Value<Float>(name: $0) }
    let state = LayerState(
      hidden: outputs[1], cell: configuration.hasCellState ? outputs[2] : .absent)
    return (outputs[0], state)
  }

  /// The weights of all directions: W `[D, G·H, I]`, R `[D, G·H, H]` and B `[D, 2·G·H]`, the input's
  /// biases before the recurrent ones; named as the forward direction's.
  private mutating func weights(
    _ slots: [GateParameters], of configuration: CellConfiguration, _ parameters: Parameters<Float>
  ) -> [Value<Float>] {
    func stacked(_ name: ParameterSlot, _ parts: [ParameterSlot], _ shape: [Int]) -> Value<Float> {
      let blocks = parts.map { GateOrder.onnx.reordered(parameters[$0], of: configuration) }
      return constant(name.name, blocks.flatMap(\.self), shape: [slots.count] + shape)
    }
    let (input, recurrent) = (slots[0].inputWeights, slots[0].recurrentWeights)
    return [
      stacked(input, slots.map(\.inputWeights), [input.rowCount, input.columnCount]),
      stacked(recurrent, slots.map(\.recurrentWeights), [input.rowCount, recurrent.columnCount]),
      stacked(
        slots[0].inputBias, slots.flatMap { [$0.inputBias, $0.recurrentBias] },
        [2 * input.rowCount]),
    ]
  }

  // MARK: Attention

  /// What an attention reads: rows, `[B, T, S]`, with what an additive one compares them by beside
  /// them, `[B, T, S + A]`.
  mutating func memory(
    _ attention: Attention, _ parameters: Parameters<Float>, _ rows: Value<Float>
  ) -> Value<Float> {
    guard let key = attention.key else { return rows }
    return concatenated([rows, denseRows(key, parameters, rows)])
  }

  /// Applies an attention to one query a sequence.
  ///
  /// - Parameters:
  ///   - attention: The layer.
  ///   - parameters: The model's arena.
  ///   - query: The queries, `[B, H]`.
  ///   - memory: What ``memory(_:_:_:)`` made.
  ///   - lengths: The number of rows of each sequence, 1 or more, `[B]`.
  /// - Returns: What was found, `[B, S]`, and how much each row counts, `[B, T]`.
  mutating func attend(
    _ attention: Attention, _ parameters: Parameters<Float>, _ query: Value<Float>,
    memory: Value<Float>, lengths: Value<Int64>
  ) -> (context: Value<Float>, weights: Value<Float>) {
    let asked = dense(attention.query, parameters, query)
    var (rows, scores) = (memory, Value<Float>.absent)
    if let key = attention.key, let scoreVector = attention.scoreVector {
      let parts = split(memory, sizes: [attention.valueSize, key.outputSize])
      rows = parts[0]
      // [B, T, A] + [B, 1, A] -> [B, T, A] -> [B, T, 1]
      let fits = tanh(added(parts[1], expanded(asked, axes: [1])))
      let column = constant(
        scoreVector.name, parameters[scoreVector], shape: scoreVector.shape + [1])
      scores = product(fits, column)
    } else {
      // [B, T, S] · [B, S, 1] -> [B, T, 1]
      let width = number(Float(attention.valueSize).squareRoot())
      scores = divided(product(rows, expanded(asked, axes: [2])), by: width)
    }
    // [T] < [B, 1] -> [B, T]
    let isReal = isLess(indices(of: rows, axis: 1), than: expanded(lengths, axes: [1]))
    let weights = softmax(
      select(isReal, squeezed(scores, axes: [2]), else: number(-.infinity)))
    // [B, 1, T] · [B, T, S] -> [B, S]
    let context = squeezed(product(expanded(weights, axes: [1]), rows), axes: [1])
    return (context, weights)
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
  /// Stops where there is more between layers than a graph is made of here.
  fileprivate func requirePlainJunctions() {
    precondition(
      !isResidual && batchNormalizations.isEmpty,
      "a stack with residual connections or batch normalization")
  }
}

extension CellConfiguration {
  /// ONNX's name of the equations.
  fileprivate var onnxOperator: String {
    switch kind {
    case .simple: "RNN"
    case .gru: "GRU"
    case .lstm: "LSTM"
    }
  }

  fileprivate func onnxAttributes(
    hiddenSize: Int, directionCount: Int
  ) -> KeyValuePairs<String, ONNXGraph.Attribute> {
    let direction = ONNXGraph.Attribute.text(directionCount == 2 ? "bidirectional" : "forward")
    let size = ONNXGraph.Attribute.integer(hiddenSize)
    switch kind {
    case .simple where activation == .hardSigmoid:
      // x / 6 + 1 / 2, where ONNX takes x / 5 + 1 / 2 unless told.
      return [
        "activation_alpha": .numbers([Float](repeating: 1 / 6, count: directionCount)),
        "activation_beta": .numbers([Float](repeating: 0.5, count: directionCount)),
        "activations": .texts([String](repeating: "HardSigmoid", count: directionCount)),
        "direction": direction, "hidden_size": size,
      ]
    case .simple:
      let names = [String](repeating: activation.onnxName, count: directionCount)
      return ["activations": .texts(names), "direction": direction, "hidden_size": size]
    case .gru:
      return [
        "direction": direction, "hidden_size": size,
        "linear_before_reset": .integer(resetPlacement == .afterProduct ? 1 : 0),
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
