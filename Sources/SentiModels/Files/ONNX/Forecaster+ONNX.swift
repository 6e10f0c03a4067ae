internal import SentiRNN
internal import SentiTensor

extension Forecaster {
  /// The nets in the ONNX format, for other runtimes.
  ///
  /// | | name | type, shape | content |
  /// |---|---|---|---|
  /// | input | `features` | float `[batch, W, F]` | what is read of each time of a window |
  /// | input | `direct` | float `[batch, D]` | lags and columns that are known ahead, where there are any |
  /// | input | `series` | int64 `[batch]` | the vector of each series, where they have any; their number: none |
  /// | output | `distances` | float `[batch, horizon, Q]` | quantiles in scaled distances from the base, unsorted |
  ///
  /// <doc:Forecasting> says how numbers become features, and distances forecasts; the metadata, that of a
  /// model file, holds the shape and the corrections of intervals.
  ///
  /// - Returns: The bytes of an `.onnx` file of operator set 14.
  /// - Throws: ``ModelError/notExportable(format:expected:found:)`` for 2 GiB or more, which its files cannot
  ///   hold.
  public func onnx() throws(ModelError) -> [UInt8] {
    try ONNXExport.check(.full, network.layout)
    return graph.model(metadata: metadata)
  }

  /// Writes the nets in the ONNX format; see ``onnx()``.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: What ``onnx()`` throws, and ``ModelError/archive(_:)`` where the file exists or
  ///   cannot be written.
  public func writeONNX(to path: String, overwriting: Bool = false) throws(ModelError) {
    try ONNXExport.write(onnx(), to: path, overwriting: overwriting)
  }

  /// What a graph is given.
  private struct Inputs {
    /// Of shape `[W, B, F]`.
    let features: ONNXGraph.Value<Float>
    /// The number of times of each window, `[B]`.
    let lengths: ONNXGraph.Value<Int64>
    let direct: ONNXGraph.Value<Float>?
    let series: ONNXGraph.Value<Int64>?
  }

  private var graph: ONNXGraph {
    let shape = network.configuration
    var graph = ONNXGraph(name: Self.kind)
    let batch = ONNXGraph.Dimension.named("batch")
    let features = graph.input(
      "features", of: Float.self,
      shape: [batch, .size(shape.windowSize), .size(shape.featureCount)])
    let rowCount = graph.size(of: features, axis: 0)
    let inputs = Inputs(
      features: graph.transposed(features, [1, 0, 2]),
      lengths: graph.filled(shape.windowSize, rowCount: rowCount),
      direct: shape.directCount > 0
        ? graph.input("direct", of: Float.self, shape: [batch, .size(shape.directCount)]) : nil,
      series: shape.embedsSeries ? graph.input("series", of: Int64.self, shape: [batch]) : nil)
    let outputs = network.members.map { output(of: $0, inputs, &graph) }
    let sum = outputs.dropFirst().reduce(outputs[0]) { graph.added($0, $1) }
    let mean = graph.divided(sum, by: graph.number(Float(outputs.count)))
    graph.output(
      graph.reshaped(mean, [0, shape.horizon, shape.levels.count]), as: "distances",
      shape: [batch, .size(shape.horizon), .size(shape.levels.count)])
    return graph
  }

  /// The output of one net, `[B, horizon·Q]`.
  private func output(
    of member: ForecasterNetwork.Member, _ inputs: Inputs, _ graph: inout ONNXGraph
  ) -> ONNXGraph.Value<Float> {
    var input = inputs.features
    if let embedding = member.embedding, let series = inputs.series {
      // The row behind the last vector is that of other series.
      let width = embedding.embeddingSize
      let vectors = graph.constant(
        embedding.weights.name, parameters[embedding.weights] + [Float](repeating: 0, count: width),
        shape: [embedding.weights.rowCount + 1, width])
      let chosen = graph.expanded(graph.rows(of: vectors, series), axes: [0])
      let steps = network.configuration.windowSize
      input = graph.concatenated([input, graph.repeated(chosen, [steps, 1, 1])])
    }
    let recurrence = graph.recurrence(
      member.encoder, parameters, input, lengths: inputs.lengths)
    let states = [recurrence.finalStates, inputs.direct].compactMap(\.self)
    return graph.dense(member.head, parameters, graph.concatenated(states))
  }
}
