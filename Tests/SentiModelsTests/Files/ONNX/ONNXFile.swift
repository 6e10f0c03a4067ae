import SentiTensor
import Testing

/// An ONNX file read back, by the field numbers of `onnx.proto`.
struct ONNXFile {
  struct Node {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    let integers: [String: [Int]]
    let numbers: [String: [Double]]
    let texts: [String: [String]]
    let graphs: [String: Graph]
  }

  /// A graph, the file's or one that a node repeats.
  struct Graph {
    let name: String
    let nodes: [Node]
    let tensors: [String: Tensor]
    let inputs: [Port]
    let outputs: [Port]
  }

  struct Tensor {
    let elementType: Int
    let shape: [Int]
    let bytes: [UInt8]

    var floats: [Float] {
      get throws {
        let values = Float.decode(bytes.span.bytes, as: .float32)
        return try #require(values)
      }
    }
  }

  struct Port: Equatable {
    let name: String
    let elementType: Int
    /// Sizes and names of sizes.
    let shape: [String]
  }

  let formatVersion: [Int]
  let operatorSets: [Int]
  let graph: Graph
  let metadata: [String: String]

  init(_ bytes: [UInt8]) throws {
    let model = try ProtobufMessage(bytes)
    graph = try Graph(model.message(7))
    formatVersion = model.integers(1)
    operatorSets = try model.messages(8).flatMap { $0.integers(2) }
    metadata = Dictionary(
      uniqueKeysWithValues: try model.messages(14).map { ($0.texts(1)[0], $0.texts(2)[0]) })
  }

  var nodes: [Node] { graph.nodes }
  var tensors: [String: Tensor] { graph.tensors }
  var inputs: [Port] { graph.inputs }
  var outputs: [Port] { graph.outputs }

  /// The only node of an operator.
  func node(_ operation: String) throws -> Node {
    let found = nodes.filter { $0.operation == operation }
    try #require(found.count == 1)
    return found[0]
  }

  func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }
}

extension ONNXFile.Graph {
  fileprivate init(_ graph: ProtobufMessage) throws {
    name = graph.texts(2)[0]
    nodes = try graph.messages(1).map { try ONNXFile.Node($0) }
    tensors = Dictionary(
      uniqueKeysWithValues: try graph.messages(5).map { tensor in
        let content = ONNXFile.Tensor(
          elementType: tensor.integers(2)[0], shape: tensor.integers(1), bytes: try tensor.bytes(9))
        return (tensor.texts(8)[0], content)
      })
    inputs = try graph.messages(11).map { try ONNXFile.Port($0) }
    outputs = try graph.messages(12).map { try ONNXFile.Port($0) }
  }

  /// Checks that what a node reads was made before it, here or around, and that no name is given twice.
  ///
  /// - Parameter known: The names that are known around the graph.
  func expectOrder(_ known: Set<String> = [""]) {
    var known = known
    for name in inputs.map(\.name) + tensors.keys { #expect(known.insert(name).inserted) }
    for node in nodes {
      #expect(known.isSuperset(of: node.inputs), "\(node)")
      for graph in node.graphs.values { graph.expectOrder(known) }
      for output in node.outputs { #expect(known.insert(output).inserted) }
    }
    #expect(known.isSuperset(of: outputs.map(\.name)))
  }
}

extension ONNXFile.Node {
  fileprivate init(_ node: ProtobufMessage) throws {
    let attributes = try node.messages(5).map { ($0.texts(1)[0], $0) }
    self.init(
      operation: node.texts(4)[0], inputs: node.texts(1), outputs: node.texts(2),
      integers: Dictionary(
        uniqueKeysWithValues: attributes.map { ($0, $1.integers(3) + $1.integers(8)) }),
      numbers: Dictionary(
        uniqueKeysWithValues: attributes.map { name, attribute in
          let bits = attribute.integers(2) + attribute.integers(7)
          return (name, bits.map { Double(Float(bitPattern: UInt32($0))) })
        }),
      texts: Dictionary(uniqueKeysWithValues: attributes.map { ($0, $1.texts(4) + $1.texts(9)) }),
      graphs: Dictionary(
        uniqueKeysWithValues: try attributes.flatMap { name, attribute in
          try attribute.messages(6).map { (name, try ONNXFile.Graph($0)) }
        }))
  }
}

extension ONNXFile.Port {
  fileprivate init(_ value: ProtobufMessage) throws {
    let tensor = try value.message(2).message(1)
    let sizes = try tensor.message(2).messages(1).map { dimension in
      dimension.texts(2).first ?? "\(dimension.integers(1)[0])"
    }
    self.init(name: value.texts(1)[0], elementType: tensor.integers(1)[0], shape: sizes)
  }
}
