internal import SentiRNN
internal import SentiTensor
internal import SentiText

extension SentimentClassifier {
  /// The net in the ONNX format, for other runtimes.
  ///
  /// | | name | type, shape | content |
  /// |---|---|---|---|
  /// | input | `tokens` | int64 `[batch, time]` | token ids, filled up with any |
  /// | input | `lengths` | int64 `[batch]` | how many of them are real |
  /// | output | `probabilities` | float `[batch, C]` | calibrated, in the order of the labels |
  /// | output | `logits` | float `[batch, C]` | before temperature and softmax |
  ///
  /// The metadata is that of a model file, and holds the vocabulary too.
  ///
  /// - Returns: The bytes of an `.onnx` file of operator set 14.
  /// - Throws: ``ModelError/notExportable(format:expected:found:)`` for rounded weights, whose
  ///   arithmetic ONNX does not describe, and for 2 GiB or more, which its files cannot hold.
  public func onnx() throws(ModelError) -> [UInt8] {
    try ONNXExport.check(precision, network.layout)
    var metadata = metadata
    metadata[ModelFile.Key.vocabulary] = String(
      decoding: pipeline.vocabulary.serialized(), as: UTF8.self)
    return graph.model(metadata: metadata)
  }

  /// Writes the net in the ONNX format; see ``onnx()``.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: What ``onnx()`` throws, and ``ModelError/archive(_:)`` where the file exists or
  ///   cannot be written.
  public func writeONNX(to path: String, overwriting: Bool = false) throws(ModelError) {
    try ONNXExport.write(onnx(), to: path, overwriting: overwriting)
  }

  private var graph: ONNXGraph {
    let (parameters, configuration) = (parameters, network.configuration)
    var graph = ONNXGraph(name: Self.kind)
    let batch = ONNXGraph.Dimension.named("batch")
    let tokens = graph.input("tokens", of: Int64.self, shape: [batch, .named("time")])
    let lengths = graph.input("lengths", of: Int64.self, shape: [batch])
    // [B, T] -> [T, B, E] -> [T, B, D·H] -> [B, P·D·H] -> [B, C]
    let words = graph.wordVectors(
      network.embedding, parameters, of: graph.transposed(tokens, [1, 0]))
    let recurrence = graph.recurrence(network.encoder, parameters, words, lengths: lengths)
    let features = graph.pooled(configuration.pooling, recurrence, lengths: lengths)
    let logits = graph.dense(network.output, parameters, features)
    let scaled = graph.divided(logits, by: graph.number(Float(temperature)))
    let shape = [batch, .size(configuration.classCount)]
    graph.output(graph.softmax(scaled), as: "probabilities", shape: shape)
    graph.output(logits, as: "logits", shape: shape)
    return graph
  }
}
