internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

extension GenerationModel {
  /// A net that writes in the ONNX format: two graphs, the bytes of an `.onnx` file each.
  public struct ONNXFiles: Sendable {
    /// Reads what is to be written of, once.
    public let encoder: [UInt8]
    /// Says how probable each next token is, once a token.
    public let decoder: [UInt8]
  }

  /// The net in the ONNX format, for other runtimes; see <doc:ModelFormat>.
  ///
  /// - Returns: The bytes of two `.onnx` files of operator set 14.
  /// - Throws: ``ModelError/notExportable(format:expected:found:)`` for rounded weights, whose
  ///   arithmetic ONNX does not describe, and for 2 GiB or more, which its files cannot hold.
  public func onnx() throws(ModelError) -> ONNXFiles {
    try ONNXExport.check(precision, network.layout)
    var metadata = metadata
    for (name, bytes) in vocabularies { metadata[name] = String(decoding: bytes, as: UTF8.self) }
    return ONNXFiles(
      encoder: encoderGraph.model(metadata: metadata),
      decoder: decoderGraph.model(metadata: metadata))
  }

  /// Writes the net in the ONNX format; see ``onnx()``.
  ///
  /// - Parameters:
  ///   - path: Where to write: `NAME.onnx` stands for `NAME-encoder.onnx` and `NAME-decoder.onnx`.
  ///   - overwriting: Whether files that exist are replaced.
  /// - Throws: What ``onnx()`` throws, and ``ModelError/archive(_:)`` where a file exists or cannot
  ///   be written.
  public func writeONNX(to path: String, overwriting: Bool = false) throws(ModelError) {
    let (files, paths) = (try onnx(), Self.onnxPaths(path))
    try ONNXExport.write(files.encoder, to: paths.encoder, overwriting: overwriting)
    try ONNXExport.write(files.decoder, to: paths.decoder, overwriting: overwriting)
  }

  /// Where ``writeONNX(to:overwriting:)`` puts the two files.
  ///
  /// - Parameter path: What it is given.
  /// - Returns: The paths of both files.
  public static func onnxPaths(_ path: String) -> (encoder: String, decoder: String) {
    let name = path.hasSuffix(".onnx") ? String(path.dropLast(5)) : path
    return (name + "-encoder.onnx", name + "-decoder.onnx")
  }

  // MARK: Graphs

  private typealias Dimension = ONNXGraph.Dimension

  /// Whether a part of the states is what the entry made of the vector.
  private var keepsEntered: Bool {
    switch network.configuration.decoder.entry {
    case .initialState, .firstInput: false
    case .everyStep, .thenZeros: true
    }
  }

  /// From what is written of to the states before the first token.
  private var encoderGraph: ONNXGraph {
    var graph = ONNXGraph(name: kind.rawValue + "_encoder")
    let (decoder, batch) = (network.decoder, Dimension.named("batch"))
    var vectors = ONNXGraph.Value<Float>.absent
    if let encoder = network.encoder {
      let tokens = graph.input("tokens", of: Int64.self, shape: [batch, .named("source")])
      let lengths = graph.input("lengths", of: Int64.self, shape: [batch])
      // [B, T] -> [T, B, E] -> [T, B, D·H]
      let words = graph.wordVectors(
        encoder.embedding, parameters, of: graph.transposed(tokens, [1, 0]))
      let read = graph.recurrence(encoder.stack, parameters, words, lengths: lengths)
      vectors = read.finalStates
      if let attention = decoder.attention {
        let memory = graph.memory(attention, parameters, graph.transposed(read.outputs, [1, 0, 2]))
        graph.output(memory, as: "memory", shape: memoryShape)
      }
    } else {
      vectors = graph.input("vectors", of: Float.self, shape: [batch, .size(vectorSize)])
    }
    let states = initialStates(graph.dense(decoder.entry, parameters, vectors), &graph)
    graph.output(states, as: "states", shape: [batch, .size(stateSizes.reduce(0, +))])
    return graph
  }

  /// The states before the first token, `[B, N]`.
  private func initialStates(
    _ entered: ONNXGraph.Value<Float>, _ graph: inout ONNXGraph
  ) -> ONNXGraph.Value<Float> {
    let decoder = network.decoder
    switch network.configuration.decoder.entry {
    case .initialState: return graph.tanh(entered)
    case .firstInput:
      var states = decoder.lower.layers.map { _ in ONNXGraph.LayerState() }
      _ = graph.step(decoder.lower, parameters, entered, states: &states)
      let width = stateSizes.count * network.configuration.decoder.hiddenSize
      let parts = states.flatMap(\.parts).map { graph.squeezed($0, axes: [0]) }
      let read = parts.count * network.configuration.decoder.hiddenSize
      return graph.padded(graph.concatenated(parts), right: width - read)
    case .everyStep, .thenZeros:
      return graph.padded(entered, left: stateSizes.dropLast().reduce(0, +))
    }
  }

  /// From one more token of each text to the probabilities of the next.
  private var decoderGraph: ONNXGraph {
    var graph = ONNXGraph(name: kind.rawValue + "_decoder")
    let (decoder, shape) = (network.decoder, network.configuration.decoder)
    let batch = Dimension.named("batch")
    let stateShape = [batch, Dimension.size(stateSizes.reduce(0, +))]
    let tokens = graph.input("tokens", of: Int64.self, shape: [batch])
    var before = graph.split(
      graph.input("states", of: Float.self, shape: stateShape), sizes: stateSizes)
    let entered = keepsEntered ? before.removeLast() : .absent
    let layerCount = decoder.lower.layers.count
    var states = layerStates(before, &graph)

    // [B] -> [B, E]; [B, I] -> [B, H]
    let words =
      decoder.feedsTokens ? graph.wordVectors(decoder.embedding, parameters, of: tokens) : .absent
    let input =
      switch shape.entry {
      case .initialState, .firstInput: words
      case .everyStep: graph.concatenated([words, entered])
      case .thenZeros: entered
      }
    var lower = Array(states[..<layerCount])
    var parts = [graph.step(decoder.lower, parameters, input, states: &lower)]
    states.replaceSubrange(..<layerCount, with: lower)
    if let attention = decoder.attention {
      let memory = graph.input("memory", of: Float.self, shape: memoryShape)
      let lengths = graph.input("lengths", of: Int64.self, shape: [batch])
      let found = graph.attend(attention, parameters, parts[0], memory: memory, lengths: lengths)
      graph.output(found.weights, as: "attention", shape: [batch, .named("source")])
      parts.append(found.context)
    }
    if let stack = decoder.upper {
      var upper = Array(states[layerCount...])
      parts[0] = graph.step(stack, parameters, graph.concatenated(parts), states: &upper)
      states.replaceSubrange(layerCount..., with: upper)
    }
    if decoder.feedsTokens { parts.append(words) }
    let readout = graph.tanh(graph.dense(decoder.readout, parameters, graph.concatenated(parts)))
    let logits = graph.dense(decoder.output, parameters, readout)

    var after = states.flatMap(\.parts).map { graph.squeezed($0, axes: [0]) }
    if shape.entry == .everyStep { after.append(entered) }
    // The textbook's net is told of the vector once, and of zeros afterwards.
    let next = graph.padded(
      graph.concatenated(after), right: shape.entry == .thenZeros ? shape.embeddingSize : 0)
    let classes = [batch, Dimension.size(shape.vocabularySize)]
    graph.output(graph.logSoftmax(logits), as: "log_probabilities", shape: classes)
    graph.output(logits, as: "logits", shape: classes)
    graph.output(next, as: "next_states", shape: stateShape)
    return graph
  }

  // MARK: Shapes

  private var memoryShape: [Dimension] {
    let attention = network.decoder.attention
    let width = (attention?.valueSize ?? 0) + (attention?.key?.outputSize ?? 0)
    return [.named("batch"), .named("source"), .size(width)]
  }

  /// The widths of the parts of a row of states: of each layer, lowest first, its hidden state and
  /// its cell state; then what the entry made of the vector.
  private var stateSizes: [Int] {
    let (decoder, shape) = (network.decoder, network.configuration.decoder)
    let layers = decoder.lower.layers + (decoder.upper?.layers ?? [])
    let count = layers.reduce(0) { $0 + ($1[0].cell.configuration.hasCellState ? 2 : 1) }
    return [Int](repeating: shape.hiddenSize, count: count)
      + (keepsEntered ? [shape.embeddingSize] : [])
  }

  /// The layers' states, `[1, B, H]`, of their parts, `[B, H]`.
  private func layerStates(
    _ parts: [ONNXGraph.Value<Float>], _ graph: inout ONNXGraph
  ) -> [ONNXGraph.LayerState] {
    let (decoder, parts) = (network.decoder, parts.map { graph.expanded($0, axes: [0]) })
    var rest = parts[...]
    return (decoder.lower.layers + (decoder.upper?.layers ?? [])).map { layer in
      var state = ONNXGraph.LayerState(hidden: rest.removeFirst())
      if layer[0].cell.configuration.hasCellState { state.cell = rest.removeFirst() }
      return state
    }
  }
}

extension ONNXGraph.LayerState {
  /// What there is of the state, the hidden state first.
  fileprivate var parts: [ONNXGraph.Value<Float>] { [hidden, cell].filter { !$0.name.isEmpty } }
}
