import SentiTensor
import Testing

/// An ONNX file read back, by the field numbers of `onnx.proto`.
struct ONNXFile {
  struct Node {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    let integers: [String: [Int]]
    let texts: [String: [String]]
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
  let nodes: [Node]
  let tensors: [String: Tensor]
  let inputs: [Port]
  let outputs: [Port]
  let metadata: [String: String]

  init(_ bytes: [UInt8]) throws {
    let model = try ProtobufMessage(bytes)
    let graph = try model.message(7)
    formatVersion = model.integers(1)
    operatorSets = try model.messages(8).flatMap { $0.integers(2) }
    nodes = try graph.messages(1).map { node in
      let attributes = try node.messages(5).map { ($0.texts(1)[0], $0) }
      return Node(
        operation: node.texts(4)[0], inputs: node.texts(1), outputs: node.texts(2),
        integers: Dictionary(
          uniqueKeysWithValues: attributes.map { ($0, $1.integers(3) + $1.integers(8)) }),
        texts: Dictionary(uniqueKeysWithValues: attributes.map { ($0, $1.texts(4) + $1.texts(9)) }))
    }
    tensors = Dictionary(
      uniqueKeysWithValues: try graph.messages(5).map { tensor in
        let content = Tensor(
          elementType: tensor.integers(2)[0], shape: tensor.integers(1), bytes: try tensor.bytes(9))
        return (tensor.texts(8)[0], content)
      })
    inputs = try graph.messages(11).map(Self.port)
    outputs = try graph.messages(12).map(Self.port)
    metadata = Dictionary(
      uniqueKeysWithValues: try model.messages(14).map { ($0.texts(1)[0], $0.texts(2)[0]) })
  }

  private static func port(_ value: ProtobufMessage) throws -> Port {
    let tensor = try value.message(2).message(1)
    let sizes = try tensor.message(2).messages(1).map { dimension in
      dimension.texts(2).first ?? "\(dimension.integers(1)[0])"
    }
    return Port(name: value.texts(1)[0], elementType: tensor.integers(1)[0], shape: sizes)
  }

  /// The only node of an operator.
  func node(_ operation: String) throws -> Node {
    let found = nodes.filter { $0.operation == operation }
    try #require(found.count == 1)
    return found[0]
  }

  func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }
}
