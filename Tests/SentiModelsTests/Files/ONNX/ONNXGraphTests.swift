import Foundation
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("ONNX graph")
struct ONNXGraphTests {
  /// The graph of `ReferenceImplementations/onnx_graph.py`.
  private func smallGraph() -> ONNXGraph {
    var graph = ONNXGraph(name: "small")
    let batch = ONNXGraph.Dimension.named("batch")
    let tokens = graph.input("tokens", of: Int64.self, shape: [batch, .named("time")])
    let lengths = graph.input("lengths", of: Int32.self, shape: [batch])
    let table = graph.constant("table", [0.5, -1, 2, 1e-3, 300, 0] as [Float], shape: [2, 3])
    _ = graph.constant("minus_one", [-1 as Int64], shape: [])
    let rows = graph.transposed(graph.rows(of: table, tokens), [1, 0, 2])
    let absent = ONNXGraph.Value<Float>.absent
    let states = graph.node(
      "RNN", [rows, table, table, absent].map(\.name) + [lengths.name],
      [
        "activation_alpha": .numbers([0.5]), "activations": .texts(["Elu"]), "clip": .number(3),
        "direction": .text("forward"), "hidden_size": .integer(2),
      ], outputCount: 2)
    var body = ONNXGraph(name: "step", isBody: true)
    let sum = body.input("sum", of: Float.self, shape: [.size(2)])
    let row = body.input("row", of: Float.self, shape: [.size(2)])
    body.output(body.added(sum, body.added(row, body.number(2))), as: "next", shape: [.size(2)])
    _ = graph.node(
      "Scan", ["table", "table"], ["body": .graph(body), "num_scan_inputs": .integer(1)],
      outputCount: 1)
    graph.output(
      ONNXGraph.Value<Float>(name: states[1]), as: "states", shape: [.size(1), batch, .size(2)])
    return graph
  }

  @Test func writesTheBytesThatPythonsONNXWrites() throws {
    let file = Repository.folder.appending(path: "Tests/SentiModelsTests/Fixtures/graph.onnx")
    let expected = try Data(contentsOf: file)
    #expect(smallGraph().model(metadata: ["b": "h\u{E9}", "a": "first"]) == Array(expected))
  }

  @Test func theSameCallsMakeTheSameBytes() {
    #expect(smallGraph().model(metadata: [:]) == smallGraph().model(metadata: [:]))
  }

  @Test func aConstantIsWrittenOnce() throws {
    var graph = ONNXGraph(name: "g")
    #expect(graph.number(2).name == graph.number(2).name)
    #expect(graph.number(3).name != graph.number(2).name)
    let file = try ONNXFile(graph.model(metadata: [:]))
    #expect(try file.tensors.values.map { try $0.floats }.sorted { $0[0] < $1[0] } == [[2], [3]])
  }

  @Test func aShapeOfAnotherSizeIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      var graph = ONNXGraph(name: "g")
      _ = graph.constant("c", [1, 2, 3] as [Float], shape: [2, 2])
    }
  }
}
