import SentiTensor

/// A computation in the ONNX format, put together node by node.
///
///     var graph = ONNXGraph(name: "doubled")
///     let input = graph.input("x", of: Float.self, shape: [.named("batch"), .size(3)])
///     graph.output(graph.added(input, input), as: "y", shape: [.named("batch"), .size(3)])
///     let file = graph.model(metadata: [:])
///
/// A ``Value`` stands for a tensor and knows its type of element, so that nodes that do not fit each
/// other do not compile. Operators are methods in `ONNXGraph+Operators.swift`, layers of this package
/// in `ONNXGraph+Layers.swift`. The same calls make the same bytes.
///
/// - SeeAlso: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
struct ONNXGraph {
  /// The version of ONNX's operators: the oldest that has all that is used here.
  static let operatorSetVersion = 14
  /// The version of the format that came with those operators.
  static let formatVersion = 7

  /// A tensor of the graph.
  struct Value<Element: ONNXElement> {
    /// Its name; empty for an input that a node is not given.
    let name: String

    /// What stands for an input that a node is not given.
    static var absent: Value { Value(name: "") }
  }

  /// One size of the shape of an input or output.
  enum Dimension: Equatable {
    /// Always the same.
    case size(Int)
    /// Another in each run; equal names stand for equal sizes.
    case named(String)
  }

  /// What a node is told beside its inputs.
  enum Attribute {
    case integer(Int)
    case number(Float)
    case text(String)
    case integers([Int])
    case numbers([Float])
    case texts([String])
    /// What is repeated; it may read values of the graph around it.
    case graph(ONNXGraph)
  }

  let name: String
  /// What the names begin with that the graph gives: they must not be those of a graph around it.
  private let prefix: String
  private var nodes: [ProtobufWriter] = []
  private var constants: [ProtobufWriter] = []
  private var inputs: [ProtobufWriter] = []
  private var outputs: [ProtobufWriter] = []
  private var constantNames: Set<String> = []

  /// Creates an empty graph.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - isBody: Whether it is to lie in another graph, beside others of other names.
  init(name: String, isBody: Bool = false) {
    self.name = name
    prefix = isBody ? name + "_" : ""
  }

  // MARK: Building

  /// Adds an input, which whoever runs the graph provides.
  mutating func input<Element: ONNXElement>(
    _ name: String, of type: Element.Type, shape: [Dimension]
  ) -> Value<Element> {
    inputs.append(Self.description(name, Element.typeNumber, shape))
    return Value(name: name)
  }

  /// Makes a value an output under a name.
  mutating func output<Element>(_ value: Value<Element>, as name: String, shape: [Dimension]) {
    append("Identity", [value.name], [:], outputs: [name])
    outputs.append(Self.description(name, Element.typeNumber, shape))
  }

  /// Adds a tensor that the file holds; one of that name is added once.
  mutating func constant<Element: ONNXElement & ArchiveScalar>(
    _ name: String, _ elements: @autoclosure () -> [Element], shape: [Int]
  ) -> Value<Element> {
    let name = prefix + name
    guard constantNames.insert(name).inserted else { return Value(name: name) }
    let elements = elements()
    precondition(
      shape.reduce(1, *) == elements.count, "\(name): \(elements.count) elements of \(shape)")
    var tensor = ProtobufWriter()
    for size in shape { tensor.append(TensorField.dimensions, size) }
    tensor.append(TensorField.elementType, Element.typeNumber)
    tensor.append(TensorField.name, name)
    let bytes = Element.encode(elements.span, as: Element.elementType)
    tensor.append(TensorField.rawData, bytes ?? [])
    constants.append(tensor)
    return Value(name: name)
  }

  /// Adds a node.
  ///
  /// - Parameters:
  ///   - operation: ONNX's name of the operator.
  ///   - inputs: The names of the inputs; empty for one that is not given.
  ///   - attributes: What else the operator is told.
  /// - Returns: The node's only output.
  mutating func node<Element>(
    _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:]
  ) -> Value<Element> {
    Value(name: node(operation, inputs, attributes, outputCount: 1)[0])
  }

  /// Adds a node with several outputs, and gives their names.
  mutating func node(
    _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute>,
    outputCount: Int
  ) -> [String] {
    let first = "\(prefix)\(operation)_\(nodes.count)"
    let outputs = [first] + (1..<outputCount).map { "\(first)_\($0)" }
    append(operation, inputs, attributes, outputs: outputs)
    return outputs
  }

  private mutating func append(
    _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute>,
    outputs: [String]
  ) {
    var node = ProtobufWriter()
    for input in inputs { node.append(NodeField.inputs, input) }
    for output in outputs { node.append(NodeField.outputs, output) }
    node.append(NodeField.operation, operation)
    for (name, attribute) in attributes {
      node.append(NodeField.attributes) { attribute.write(name, to: &$0) }
    }
    nodes.append(node)
  }

  // MARK: Writing

  /// The graph as a file's bytes.
  ///
  /// - Parameter metadata: What the file says about itself; written by the order of the keys.
  /// - Returns: The bytes of an `.onnx` file.
  /// - Complexity: O(elements of the constants).
  func model(metadata: [String: String]) -> [UInt8] {
    var model = ProtobufWriter()
    model.append(ModelField.formatVersion, Self.formatVersion)
    model.append(ModelField.producer, "senti")
    model.append(ModelField.graph, serialized)
    model.append(ModelField.operatorSets) { set in
      set.append(OperatorSetField.domain, "")
      set.append(OperatorSetField.version, Self.operatorSetVersion)
    }
    let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (key, value) in sorted {
      model.append(ModelField.metadata) { entry in
        entry.append(MetadataField.key, key)
        entry.append(MetadataField.value, value)
      }
    }
    return model.bytes
  }

  fileprivate var serialized: [UInt8] {
    var graph = ProtobufWriter()
    for node in nodes { graph.append(GraphField.nodes, node.bytes) }
    graph.append(GraphField.name, name)
    for constant in constants { graph.append(GraphField.constants, constant.bytes) }
    for input in inputs { graph.append(GraphField.inputs, input.bytes) }
    for output in outputs { graph.append(GraphField.outputs, output.bytes) }
    return graph.bytes
  }

  /// Describes an input or output.
  private static func description(
    _ name: String, _ elementType: Int, _ shape: [Dimension]
  ) -> ProtobufWriter {
    var value = ProtobufWriter()
    value.append(ValueField.name, name)
    value.append(ValueField.type) { type in
      type.append(TypeField.tensor) { tensor in
        tensor.append(TensorTypeField.elementType, elementType)
        tensor.append(TensorTypeField.shape) { sizes in
          for dimension in shape { sizes.append(ShapeField.dimensions, dimension.write) }
        }
      }
    }
    return value
  }
}

extension ONNXGraph.Dimension {
  fileprivate func write(to writer: inout ProtobufWriter) {
    switch self {
    case .size(let size): writer.append(DimensionField.size, size)
    case .named(let name): writer.append(DimensionField.name, name)
    }
  }
}

extension ONNXGraph.Attribute {
  fileprivate func write(_ name: String, to writer: inout ProtobufWriter) {
    writer.append(AttributeField.name, name)
    switch self {
    case .integer(let value): writer.append(AttributeField.integer, value)
    case .number(let value): writer.append(AttributeField.number, value)
    case .text(let value): writer.append(AttributeField.text, value)
    case .integers(let values):
      for value in values { writer.append(AttributeField.integers, value) }
    case .numbers(let values): for value in values { writer.append(AttributeField.numbers, value) }
    case .texts(let values): for value in values { writer.append(AttributeField.texts, value) }
    case .graph(let graph): writer.append(AttributeField.graph, graph.serialized)
    }
    writer.append(AttributeField.type, typeNumber)
  }

  /// The number that ONNX gives the type of attribute.
  private var typeNumber: Int {
    switch self {
    case .number: 1
    case .integer: 2
    case .text: 3
    case .graph: 5
    case .numbers: 6
    case .integers: 7
    case .texts: 8
    }
  }
}

// MARK: Field numbers of onnx.proto

private enum ModelField: Int {
  case formatVersion = 1
  case producer = 2
  case graph = 7
  case operatorSets = 8
  case metadata = 14
}

private enum OperatorSetField: Int { case domain = 1, version }
private enum MetadataField: Int { case key = 1, value }

private enum GraphField: Int {
  case nodes = 1
  case name = 2
  case constants = 5
  case inputs = 11
  case outputs = 12
}

private enum NodeField: Int {
  case inputs = 1
  case outputs = 2
  case operation = 4
  case attributes = 5
}

private enum AttributeField: Int {
  case name = 1
  case number, integer, text
  case graph = 6
  case numbers
  case integers, texts
  case type = 20
}

private enum TensorField: Int {
  case dimensions = 1
  case elementType = 2
  case name = 8
  case rawData = 9
}

private enum ValueField: Int { case name = 1, type }
private enum TypeField: Int { case tensor = 1 }
private enum TensorTypeField: Int { case elementType = 1, shape }
private enum ShapeField: Int { case dimensions = 1 }
private enum DimensionField: Int { case size = 1, name }
