/// ONNX's operators, each as a method whose types are those of the operator.
extension ONNXGraph {
  // MARK: Elements

  /// Divides element by element, shapes broadcast.
  mutating func divided(_ value: Value<Float>, by divisor: Value<Float>) -> Value<Float> {
    node("Div", [value.name, divisor.name])
  }

  /// Adds element by element, shapes broadcast.
  mutating func added(_ value: Value<Float>, _ other: Value<Float>) -> Value<Float> {
    node("Add", [value.name, other.name])
  }

  /// Subtracts element by element, shapes broadcast.
  mutating func subtracted(_ value: Value<Float>, _ other: Value<Float>) -> Value<Float> {
    node("Sub", [value.name, other.name])
  }

  /// Multiplies element by element, shapes broadcast.
  mutating func multiplied(_ value: Value<Float>, _ other: Value<Float>) -> Value<Float> {
    node("Mul", [value.name, other.name])
  }

  /// The square roots of elements.
  mutating func squareRoot(_ value: Value<Float>) -> Value<Float> { node("Sqrt", [value.name]) }

  /// Squashes elements to -1 to 1.
  mutating func tanh(_ value: Value<Float>) -> Value<Float> { node("Tanh", [value.name]) }

  /// Squashes elements to 0 to 1.
  mutating func sigmoid(_ value: Value<Float>) -> Value<Float> { node("Sigmoid", [value.name]) }

  /// The greater elements, shapes broadcast.
  mutating func maximum(_ value: Value<Float>, _ other: Value<Float>) -> Value<Float> {
    node("Max", [value.name, other.name])
  }

  /// Whether elements are less than others, shapes broadcast.
  mutating func isLess(_ value: Value<Int64>, than other: Value<Int64>) -> Value<Bool> {
    node("Less", [value.name, other.name])
  }

  /// Takes elements from one tensor where a condition holds, else from the other; shapes broadcast.
  mutating func select<Element>(
    _ condition: Value<Bool>, _ value: Value<Element>, else other: Value<Element>
  ) -> Value<Element> {
    node("Where", [condition.name, value.name, other.name])
  }

  /// Converts elements to another type.
  mutating func converted<From, To>(_ value: Value<From>, to type: To.Type) -> Value<To> {
    node("Cast", [value.name], ["to": .integer(To.typeNumber)])
  }

  // MARK: Shapes

  /// Puts the axes into another order.
  mutating func transposed<Element>(_ value: Value<Element>, _ axes: [Int]) -> Value<Element> {
    node("Transpose", [value.name], ["perm": .integers(axes)])
  }

  /// Gives a tensor another shape; a size of 0 stays as it is.
  mutating func reshaped<Element>(_ value: Value<Element>, _ shape: [Int]) -> Value<Element> {
    node("Reshape", [value.name, integers(shape).name])
  }

  /// Adds axes of size 1, at these places of the result.
  mutating func expanded<Element>(_ value: Value<Element>, axes: [Int]) -> Value<Element> {
    node("Unsqueeze", [value.name, integers(axes).name])
  }

  /// Takes axes of size 1 away.
  mutating func squeezed<Element>(_ value: Value<Element>, axes: [Int]) -> Value<Element> {
    node("Squeeze", [value.name, integers(axes).name])
  }

  /// Cuts a tensor along its last axis.
  mutating func split(_ value: Value<Float>, sizes: [Int]) -> [Value<Float>] {
    node(
      "Split", [value.name, integers(sizes).name], ["axis": .integer(-1)],
      outputCount: sizes.count
    ).map { Value(name: $0) }
  }

  /// Adds columns of zeros to a table, on the left and on the right.
  mutating func padded(_ value: Value<Float>, left: Int = 0, right: Int = 0) -> Value<Float> {
    left + right == 0
      ? value : node("Pad", [value.name, integers([0, left, 0, right]).name])
  }

  /// Sets tensors side by side along an axis, the last one unless told.
  mutating func concatenated(_ values: [Value<Float>], axis: Int = -1) -> Value<Float> {
    values.count == 1 ? values[0] : node("Concat", values.map(\.name), ["axis": .integer(axis)])
  }

  /// Turns the first so many rows of each sequence around, of `[T, B, …]`.
  mutating func reversed(_ value: Value<Float>, lengths: Value<Int64>) -> Value<Float> {
    node(
      "ReverseSequence", [value.name, lengths.name],
      ["batch_axis": .integer(1), "time_axis": .integer(0)])
  }

  /// The size of a tensor's axis.
  mutating func size<Element>(of value: Value<Element>, axis: Int) -> Value<Int64> {
    let shape: Value<Int64> = node("Shape", [value.name])
    return node("Gather", [shape.name, integer(axis).name])
  }

  /// The whole numbers below the size of a tensor's axis, `[size]`.
  mutating func indices<Element>(of value: Value<Element>, axis: Int) -> Value<Int64> {
    node("Range", [integer(0).name, size(of: value, axis: axis).name, integer(1).name])
  }

  /// A table of one number.
  mutating func filled(
    _ value: Value<Float>, rowCount: Value<Int64>, columnCount: Int
  ) -> Value<Float> {
    let shape: Value<Int64> = node(
      "Concat", [expanded(rowCount, axes: [0]).name, integers([columnCount]).name],
      ["axis": .integer(0)])
    return node("Expand", [value.name, shape.name])
  }

  /// Repeats a tensor along axes of size 1, and along new ones in front; a size of 1 stays as it is.
  mutating func repeated<Element>(_ value: Value<Element>, _ sizes: [Int]) -> Value<Element> {
    node("Expand", [value.name, integers(sizes).name])
  }

  /// A row of one number for each of so many rows, `[rowCount]`.
  mutating func filled(_ value: Int, rowCount: Value<Int64>) -> Value<Int64> {
    node("Expand", [integer(value).name, expanded(rowCount, axes: [0]).name])
  }

  // MARK: Tables, products, reductions

  /// The rows of a table that are named by their number.
  mutating func rows(of table: Value<Float>, _ numbers: Value<Int64>) -> Value<Float> {
    node("Gather", [table.name, numbers.name])
  }

  /// Products of matrices, of which there may be many.
  mutating func product(_ value: Value<Float>, _ other: Value<Float>) -> Value<Float> {
    node("MatMul", [value.name, other.name])
  }

  /// `value · weightsᵀ + bias`.
  mutating func affine(
    _ value: Value<Float>, _ weights: Value<Float>, _ bias: Value<Float>
  ) -> Value<Float> {
    node("Gemm", [value.name, weights.name, bias.name], ["transB": .integer(1)])
  }

  /// The greatest elements along an axis, which goes.
  mutating func greatest(_ value: Value<Float>, axis: Int) -> Value<Float> {
    node(
      "ReduceMax", [value.name], ["axes": .integers([axis]), "keepdims": .integer(0)])
  }

  /// The sums along an axis, which goes.
  mutating func sum(_ value: Value<Float>, axis: Int) -> Value<Float> {
    node("ReduceSum", [value.name, integers([axis]).name], ["keepdims": .integer(0)])
  }

  /// The means along the last axis, which becomes one of size 1.
  mutating func mean(_ value: Value<Float>) -> Value<Float> {
    node("ReduceMean", [value.name], ["axes": .integers([-1])])
  }

  /// Probabilities along the last axis.
  mutating func softmax(_ value: Value<Float>) -> Value<Float> {
    node("Softmax", [value.name], ["axis": .integer(-1)])
  }

  /// The logarithms of probabilities along the last axis.
  mutating func logSoftmax(_ value: Value<Float>) -> Value<Float> {
    node("LogSoftmax", [value.name], ["axis": .integer(-1)])
  }

  // MARK: Small constants

  /// A number without an axis.
  mutating func number(_ value: Float) -> Value<Float> {
    constant("number_\(value)", [value], shape: [])
  }

  /// A whole number without an axis.
  mutating func integer(_ value: Int) -> Value<Int64> {
    constant("integer_\(value)", [Int64(value)], shape: [])
  }

  private mutating func integers(_ values: [Int]) -> Value<Int64> {
    constant(
      "integers_" + values.map(String.init).joined(separator: "_"), values.map { Int64($0) },
      shape: [values.count])
  }
}
