import SentiTensor

/// A type of element that tensors of an ``ONNXGraph`` have.
protocol ONNXElement {
  /// The number that ONNX gives the type.
  static var typeNumber: Int { get }
}

extension Float: ONNXElement {
  static let typeNumber = 1
}

extension Int32: ONNXElement {
  static let typeNumber = 6
}

extension Int64: ONNXElement {
  static let typeNumber = 7
}

extension Bool: ONNXElement {
  static let typeNumber = 9
}
