import SentiRNN
import SentiTensor

/// Recurrent cells with layer normalization, which ONNX has no operator for: their equations, repeated
/// over time by `Scan`.
///
/// - SeeAlso: <https://onnx.ai/onnx/operators/onnx__Scan.html>; the equations are those of
///   `LayerNormalization.md` in `SentiRNN`.
extension ONNXGraph {
  /// Applies normalized cells, one for each direction; their outputs are `[T, D, B, H]`.
  ///
  /// - Parameters:
  ///   - cells: The cells.
  ///   - parameters: The model's arena.
  ///   - input: The input, `[T, B, I]`.
  ///   - lengths: The number of steps of each sequence, `[B]`; absent: all of them, in one direction.
  ///   - initial: The states before the first step.
  /// - Returns: Outputs, which say nothing behind a sequence's end, and the states after the last step.
  mutating func normalizedLevel(
    _ cells: [RecurrentCell], _ parameters: Parameters<Float>, _ input: Value<Float>,
    lengths: Value<Int64>, initial: LayerState
  ) -> (outputs: Value<Float>, state: LayerState) {
    let batchSize = size(of: input, axis: 1)
    let states = [initial.hidden, initial.cell].prefix(cells[0].configuration.hasCellState ? 2 : 1)
      .map {
        $0.name.isEmpty
          ? filled(number(0), rowCount: batchSize, columnCount: cells[0].hiddenSize)
          : squeezed($0, axes: [0])
      }
    var isReal = Value<Bool>.absent
    if !lengths.name.isEmpty {
      // [T, 1] < [B] -> [T, B] -> [T, B, 1]
      let steps = expanded(indices(of: input, axis: 0), axes: [1])
      isReal = expanded(isLess(steps, than: lengths), axes: [2])
    }
    let found = cells.enumerated().map { direction, cell in
      let read = direction == 0 ? input : reversed(input, lengths: lengths)
      var (outputs, state) = normalizedDirection(
        cell, parameters, read, where: isReal, from: states)
      if direction > 0 { outputs = reversed(outputs, lengths: lengths) }
      return (outputs: expanded(outputs, axes: [1]), state: state)
    }
    func stacked(_ part: KeyPath<LayerState, Value<Float>>) -> Value<Float> {
      concatenated(found.map { expanded($0.state[keyPath: part], axes: [0]) }, axis: 0)
    }
    return (
      concatenated(found.map(\.outputs), axis: 1),
      LayerState(
        hidden: stacked(\.hidden),
        cell: cells[0].configuration.hasCellState ? stacked(\.cell) : .absent)
    )
  }

  /// Reads in one direction, where steps are real, `[T, B, 1]`, or all are; its outputs are `[T, B, H]`,
  /// its states before and after `[B, H]`.
  private mutating func normalizedDirection(
    _ cell: RecurrentCell, _ parameters: Parameters<Float>, _ input: Value<Float>,
    where isReal: Value<Bool>, from states: [Value<Float>]
  ) -> (outputs: Value<Float>, state: LayerState) {
    let step = NormalizedStep(cell, parameters, &self)
    // [T, B, G·H]
    let projected = step.projected(input, &self)
    let rows = [projected.name, isReal.name].filter { !$0.isEmpty }
    let body = step.body(named: projected.name + "_step", masks: rows.count > 1)
    let found = node(
      "Scan", states.map(\.name) + rows,
      ["body": .graph(body), "num_scan_inputs": .integer(rows.count)],
      outputCount: states.count + 1
    ).map { Value<Float>(name: $0) }
    return (
      found[states.count],
      LayerState(hidden: found[0], cell: states.count > 1 ? found[1] : .absent)
    )
  }
}

/// One step of a normalized cell, with its parameters as constants of a graph.
private struct NormalizedStep {
  typealias Value = ONNXGraph.Value

  private let configuration: CellConfiguration
  private let size: Int
  private let inputWeights: Value<Float>
  private let inputGain: Value<Float>
  private let inputBias: Value<Float>
  private let recurrentWeights: Value<Float>
  private let recurrentGain: Value<Float>
  private let recurrentBias: Value<Float>
  private let cellGain: Value<Float>
  private let cellBias: Value<Float>

  /// Adds a cell's parameters to a graph.
  init(_ cell: RecurrentCell, _ parameters: Parameters<Float>, _ graph: inout ONNXGraph) {
    guard let normalization = cell.parameters.normalization else {
      preconditionFailure("a cell without normalization")
    }
    func constant(_ slot: ParameterSlot?) -> Value<Float> {
      slot.map { graph.constant($0.name, parameters[$0], shape: $0.shape) } ?? .absent
    }
    configuration = cell.configuration
    size = cell.hiddenSize
    // [G·H, I] -> [I, G·H]
    inputWeights = graph.transposed(constant(cell.parameters.inputWeights), [1, 0])
    inputGain = constant(normalization.inputGain)
    inputBias = constant(cell.parameters.inputBias)
    recurrentWeights = graph.transposed(constant(cell.parameters.recurrentWeights), [1, 0])
    recurrentGain = constant(normalization.recurrentGain)
    recurrentBias = constant(cell.parameters.recurrentBias)
    cellGain = constant(normalization.cellGain)
    cellBias = constant(normalization.cellBias)
  }

  /// The input part of the gates, `[…, G·H]`, of inputs `[…, I]`.
  func projected(_ input: Value<Float>, _ graph: inout ONNXGraph) -> Value<Float> {
    graph.added(
      graph.multiplied(normalized(graph.product(input, inputWeights), &graph), inputGain),
      inputBias)
  }

  /// What `Scan` repeats: from the states before a step and the input part of its gates to the states
  /// after it; with a mask, only where a sequence has the step.
  func body(named name: String, masks: Bool) -> ONNXGraph {
    var graph = ONNXGraph(name: name, isBody: true)
    let batch = ONNXGraph.Dimension.named("batch")
    let shape = [batch, ONNXGraph.Dimension.size(size)]
    let names = configuration.hasCellState ? ["hidden", "cell"] : ["hidden"]
    let before = names.map { graph.input("\(name)_\($0)", of: Float.self, shape: shape) }
    let projected = graph.input(
      "\(name)_projected", of: Float.self, shape: [batch, .size(configuration.gateCount * size)])
    var after = states(before, projected, &graph)
    if masks {
      let isReal = graph.input("\(name)_is_real", of: Bool.self, shape: [batch, .size(1)])
      after = zip(after, before).map { graph.select(isReal, $0, else: $1) }
    }
    for (name, state) in zip(names, after) {
      graph.output(state, as: "\(graph.name)_next_\(name)", shape: shape)
    }
    graph.output(after[0], as: "\(graph.name)_output", shape: shape)
    return graph
  }

  /// The states after a step.
  private func states(
    _ before: [Value<Float>], _ projected: Value<Float>, _ graph: inout ONNXGraph
  ) -> [Value<Float>] {
    let sums = recurrentSums(before[0], &graph)
    let sizes = [Int](repeating: size, count: configuration.gateCount)
    switch configuration.kind {
    case .simple:
      let activation = configuration.activation
      precondition(activation == .tanh, "a normalized cell with \(activation)")
      return [graph.tanh(graph.added(projected, sums))]
    case .gru:
      let (x, u) = (graph.split(projected, sizes: sizes), graph.split(sums, sizes: sizes))
      let reset = graph.sigmoid(graph.added(x[0], u[0]))
      let update = graph.sigmoid(graph.added(x[1], u[1]))
      // The products of all gates: of a state that was reset, only the candidate's counts.
      let recurrent =
        configuration.resetsAfterProduct
        ? graph.multiplied(reset, u[2])
        : graph.split(
          recurrentSums(graph.multiplied(reset, before[0]), &graph), sizes: sizes)[2]
      let candidate = graph.tanh(graph.added(x[2], recurrent))
      let difference = graph.subtracted(before[0], candidate)
      return [graph.added(candidate, graph.multiplied(update, difference))]
    case .lstm:
      let gates = graph.split(graph.added(projected, sums), sizes: sizes)
      let kept = graph.multiplied(graph.sigmoid(gates[1]), before[1])
      let new = graph.multiplied(graph.sigmoid(gates[0]), graph.tanh(gates[2]))
      let cell = graph.added(kept, new)
      let squashed = graph.tanh(
        graph.added(graph.multiplied(normalized([cell], &graph), cellGain), cellBias))
      return [graph.multiplied(graph.sigmoid(gates[3]), squashed), cell]
    }
  }

  /// The normalized products of states with the recurrent weights, `[B, G·H]`.
  private func recurrentSums(_ states: Value<Float>, _ graph: inout ONNXGraph) -> Value<Float> {
    let normal = normalized(graph.product(states, recurrentWeights), &graph)
    return graph.added(graph.multiplied(normal, recurrentGain), recurrentBias)
  }

  /// Sums of gates with mean 0 and deviation 1 over those that are normalized together: all, but for a
  /// GRU's candidate, which is for itself.
  private func normalized(_ sums: Value<Float>, _ graph: inout ONNXGraph) -> Value<Float> {
    guard configuration.kind == .gru else { return normalized([sums], &graph) }
    return normalized(graph.split(sums, sizes: [2 * size, size]), &graph)
  }

  /// Blocks side by side, each with mean 0 and deviation 1 in each row.
  private func normalized(_ blocks: [Value<Float>], _ graph: inout ONNXGraph) -> Value<Float> {
    graph.concatenated(
      blocks.map { block in
        let centered = graph.subtracted(block, graph.mean(block))
        let variance = graph.mean(graph.multiplied(centered, centered))
        let deviation = graph.squareRoot(graph.added(variance, graph.number(1e-5)))
        return graph.divided(centered, by: deviation)
      })
  }
}
