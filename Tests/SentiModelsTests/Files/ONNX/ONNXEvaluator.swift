import Foundation
import Testing

/// Runs the operators that senti's graphs are made of, as ONNX describes them, number by number.
///
/// What an operator leaves open, the outputs of a recurrent layer behind a sequence's end, is
/// ``meaningless``, so that a graph that reads it shows.
///
/// - SeeAlso: <https://onnx.ai/onnx/operators/>.
struct ONNXEvaluator {
  /// What stands where ONNX says nothing.
  static let meaningless = 1_000.0

  let graph: ONNXFile.Graph
  /// What a body reads of the graph around it.
  private let surrounding: [String: ONNXTensor]

  init(_ graph: ONNXFile.Graph, within surrounding: [String: ONNXTensor] = [:]) {
    self.graph = graph
    self.surrounding = surrounding
  }

  /// Runs a file's graph.
  static func run(
    _ file: ONNXFile, _ inputs: [String: ONNXTensor]
  ) throws -> [String: ONNXTensor] {
    try #require(Set(inputs.keys) == Set(file.inputs.map(\.name)))
    return try ONNXEvaluator(file.graph).outputs(of: inputs)
  }

  /// The graph's outputs.
  func outputs(of inputs: [String: ONNXTensor]) throws -> [String: ONNXTensor] {
    var known = surrounding.merging(inputs) { $1 }
    for (name, tensor) in graph.tensors { known[name] = try ONNXTensor(tensor) }
    for node in graph.nodes {
      let values = node.inputs.map { known[$0] }
      let missing = zip(node.inputs, values).filter { !$0.isEmpty && $1 == nil }.map(\.0)
      try #require(missing.isEmpty, "\(node.operation) reads \(missing)")
      let found = try run(node, values, known)
      for (name, value) in zip(node.outputs, found) { known[name] = value }
    }
    return try Dictionary(
      uniqueKeysWithValues: graph.outputs.map { ($0.name, try #require(known[$0.name])) })
  }

  private func run(
    _ node: ONNXFile.Node, _ inputs: [ONNXTensor?], _ known: [String: ONNXTensor]
  ) throws -> [ONNXTensor] {
    switch node.operation {
    case "RNN", "GRU", "LSTM": return try ONNXRecurrence(node, inputs).outputs
    case "Scan": return try scan(node, inputs.compactMap(\.self), known)
    case "Split": return inputs[0].map { $0.split(inputs[1]?.integers ?? []) } ?? []
    default:
      let values = inputs.compactMap(\.self)
      try #require(values.count == inputs.count && !values.isEmpty)
      return [
        try elementwise(node, values) ?? shaped(node, values) ?? reduced(node, values)
          ?? unknown(node)
      ]
    }
  }

  private func unknown(_ node: ONNXFile.Node) throws -> ONNXTensor {
    try #require(nil as ONNXTensor?, "the operator \(node.operation)")
  }

  // MARK: Kinds of operators

  private func elementwise(
    _ node: ONNXFile.Node, _ inputs: [ONNXTensor]
  ) -> ONNXTensor? {
    func combined(_ function: ([Double]) -> Double) -> ONNXTensor {
      ONNXTensor.combined(inputs, function)
    }
    switch node.operation {
    case "Add": return combined { $0[0] + $0[1] }
    case "Sub": return combined { $0[0] - $0[1] }
    case "Mul": return combined { $0[0] * $0[1] }
    case "Div": return combined { $0[0] / $0[1] }
    case "Max": return combined { max($0[0], $0[1]) }
    case "Less": return combined { $0[0] < $0[1] ? 1 : 0 }
    case "Where": return combined { $0[0] != 0 ? $0[1] : $0[2] }
    case "Sqrt": return inputs[0].map { $0.squareRoot() }
    case "Tanh": return inputs[0].map { tanh($0) }
    case "Sigmoid": return inputs[0].map { 1 / (1 + exp(-$0)) }
    // All numbers are held alike, and those that are converted are whole.
    case "Cast", "Identity": return inputs[0]
    default: return nil
    }
  }

  private func shaped(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let input = inputs[0]
    switch node.operation {
    case "Transpose": return input.transposed(node.integers["perm"] ?? [])
    case "Reshape": return input.reshaped(inputs[1].integers)
    case "Unsqueeze": return input.unsqueezed(inputs[1].integers)
    case "Squeeze": return input.squeezed(inputs[1].integers)
    case "Expand":
      return input.broadcast(to: ONNXTensor.broadcastShape([input.shape, inputs[1].integers]))
    case "Shape": return ONNXTensor(input.shape)
    case "Gather": return input.gathered(inputs[1])
    case "Range": return ONNXTensor(Array(input.integer..<inputs[1].integer))
    case "Concat": return .concatenated(inputs, axis: node.integers["axis"]?.first ?? 0)
    case "Pad":
      let sizes = inputs[1].integers
      return input.padded(left: sizes[1], right: sizes[3])
    case "ReverseSequence": return input.reversed(lengths: inputs[1].integers)
    default: return nil
    }
  }

  private func reduced(_ node: ONNXFile.Node, _ inputs: [ONNXTensor]) -> ONNXTensor? {
    let input = inputs[0]
    let axis = node.integers["axes"]?.first ?? (inputs.count > 1 ? inputs[1].integers.first : nil)
    let keepsAxis = node.integers["keepdims"] != [0]
    switch node.operation {
    case "MatMul": return input.product(inputs[1])
    case "Gemm":
      return .combined([input.product(inputs[1].transposed([1, 0])), inputs[2]]) { $0[0] + $0[1] }
    case "Softmax": return input.logSoftmax.map { exp($0) }
    case "LogSoftmax": return input.logSoftmax
    case "ReduceMax":
      return input.reduced(axis: axis ?? 0, keepsAxis: keepsAxis) { $0.max() ?? -.infinity }
    case "ReduceSum":
      return input.reduced(axis: axis ?? 0, keepsAxis: keepsAxis) { $0.reduce(0, +) }
    case "ReduceMean":
      return input.reduced(axis: axis ?? 0, keepsAxis: keepsAxis) {
        $0.reduce(0, +) / Double($0.count)
      }
    default: return nil
    }
  }

  // MARK: Repetition

  /// Repeats a body over the first axis of what it reads.
  private func scan(
    _ node: ONNXFile.Node, _ inputs: [ONNXTensor], _ known: [String: ONNXTensor]
  ) throws -> [ONNXTensor] {
    let body = try #require(node.graphs["body"])
    let readCount = try #require(node.integers["num_scan_inputs"]?.first)
    var states = Array(inputs.dropLast(readCount))
    let reads = Array(inputs.suffix(readCount))
    var rows = [[ONNXTensor]](repeating: [], count: body.outputs.count - states.count)
    for step in 0..<reads[0].shape[0] {
      let values = states + reads.map { $0[step] }
      let found = try ONNXEvaluator(body, within: known).outputs(
        of: Dictionary(uniqueKeysWithValues: zip(body.inputs.map(\.name), values)))
      let ordered = try body.outputs.map { try #require(found[$0.name]) }
      for (index, row) in ordered.dropFirst(states.count).enumerated() { rows[index].append(row) }
      states = Array(ordered.prefix(states.count))
    }
    return states + rows.map { .stacked($0, of: $0.first?.shape ?? []) }
  }
}
