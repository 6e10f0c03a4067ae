import Foundation
import Testing

/// Numbers of any ONNX type on the way through a graph; a truth is 0 or 1.
struct ONNXTensor {
  var shape: [Int]
  var values: [Double]

  /// Numbers in the order of their places, the last axis first.
  init(_ shape: [Int], _ values: [Double]) {
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) elements of the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Whole numbers along one axis.
  init(_ values: [Int]) { self.init([values.count], values.map(Double.init)) }

  /// One number throughout.
  init(_ shape: [Int], filledWith value: Double) {
    self.init(shape, Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// A tensor that a file holds.
  init(_ tensor: ONNXFile.Tensor) throws {
    let values: [Double]
    switch tensor.elementType {
    case 1: values = try tensor.floats.map(Double.init)
    case 6: values = Self.integers(tensor.bytes, size: 4) { Double(Int32(truncatingIfNeeded: $0)) }
    case 7: values = Self.integers(tensor.bytes, size: 8) { Double(Int64(bitPattern: $0)) }
    default:
      values = []
      Issue.record("element type \(tensor.elementType)")
    }
    self.init(tensor.shape, values)
  }

  private static func integers(
    _ bytes: [UInt8], size: Int, _ number: (UInt64) -> Double
  ) -> [Double] {
    stride(from: 0, to: bytes.count, by: size).map { start in
      number(bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  /// The numbers as whole ones.
  var integers: [Int] { values.map { Int($0) } }

  /// The only number.
  var integer: Int {
    precondition(values.count == 1, "expected one number, found the shape \(shape)")
    return Int(values[0])
  }

  /// An axis counted from the first, where a negative one is counted from the last.
  func axis(_ axis: Int) -> Int { axis < 0 ? axis + shape.count : axis }

  /// How many elements lie between two that are next to each other along an axis.
  func step(ofAxis axis: Int) -> Int { shape[(axis + 1)...].reduce(1, *) }

  /// The part at one place of the first axis.
  subscript(index: Int) -> ONNXTensor {
    let size = step(ofAxis: 0)
    return ONNXTensor(Array(shape[1...]), Array(values[index * size..<(index + 1) * size]))
  }

  /// The number at a place.
  subscript(place: [Int]) -> Double {
    get { values[offset(of: place)] }
    set { values[offset(of: place)] = newValue }
  }

  private func offset(of place: [Int]) -> Int {
    zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Every place, the last axis first.
  static func places(in shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { places, size in places.flatMap { place in (0..<size).map { place + [$0] } }
    }
  }

  /// Tensors one after the other along a new first axis.
  static func stacked(_ parts: [ONNXTensor], of shape: [Int]) -> ONNXTensor {
    ONNXTensor([parts.count] + shape, parts.flatMap(\.values))
  }
}

// MARK: Elements

extension ONNXTensor {
  func map(_ function: (Double) -> Double) -> ONNXTensor { ONNXTensor(shape, values.map(function)) }

  /// The shape of several tensors together: sizes of 1, and axes that are missing, are repeated.
  static func broadcastShape(_ shapes: [[Int]]) -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    return (0..<rank).map { axis in
      let sizes = shapes.map { shape in
        axis < rank - shape.count ? 1 : shape[axis - (rank - shape.count)]
      }
      let size = sizes.first { $0 != 1 } ?? 1
      precondition(sizes.allSatisfy { $0 == 1 || $0 == size }, "\(shapes) do not fit each other")
      return size
    }
  }

  /// The tensor with a greater shape, repeated as it must be.
  func broadcast(to shape: [Int]) -> ONNXTensor {
    let missing = shape.count - self.shape.count
    return ONNXTensor(
      shape,
      Self.places(in: shape).map { place in
        self[zip(place[missing...], self.shape).map { $1 == 1 ? 0 : $0 }]
      })
  }

  /// Puts tensors together element by element.
  static func combined(
    _ tensors: [ONNXTensor], _ function: ([Double]) -> Double
  ) -> ONNXTensor {
    let shape = broadcastShape(tensors.map(\.shape))
    let all = tensors.map { $0.broadcast(to: shape) }
    return ONNXTensor(
      shape, (0..<shape.reduce(1, *)).map { index in function(all.map { $0.values[index] }) })
  }
}

// MARK: Shapes

extension ONNXTensor {
  func reshaped(_ shape: [Int]) -> ONNXTensor {
    ONNXTensor(shape.enumerated().map { $1 == 0 ? self.shape[$0] : $1 }, values)
  }

  func unsqueezed(_ axes: [Int]) -> ONNXTensor {
    var sizes = shape
    for axis in axes.sorted() { sizes.insert(1, at: axis) }
    return ONNXTensor(sizes, values)
  }

  func squeezed(_ axes: [Int]) -> ONNXTensor {
    precondition(axes.allSatisfy { shape[$0] == 1 }, "axes \(axes) of \(shape) are not of size 1")
    return ONNXTensor(shape.indices.filter { !axes.contains($0) }.map { shape[$0] }, values)
  }

  func transposed(_ axes: [Int]) -> ONNXTensor {
    let sizes = axes.map { shape[$0] }
    return ONNXTensor(
      sizes,
      Self.places(in: sizes).map { place in
        var source = place
        for (index, axis) in axes.enumerated() { source[axis] = place[index] }
        return self[source]
      })
  }

  static func concatenated(_ parts: [ONNXTensor], axis: Int) -> ONNXTensor {
    let axis = parts[0].axis(axis)
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape[..<axis].reduce(1, *)
    let values = (0..<outer).flatMap { row in
      parts.flatMap { part in
        let width = part.step(ofAxis: axis) * part.shape[axis]
        return part.values[row * width..<(row + 1) * width]
      }
    }
    return ONNXTensor(shape, values)
  }

  /// Cuts the last axis.
  func split(_ sizes: [Int]) -> [ONNXTensor] {
    var start = 0
    return sizes.map { size in
      defer { start += size }
      let width = shape[shape.count - 1]
      let rows = stride(from: start, to: values.count, by: width)
      return ONNXTensor(
        Array(shape.dropLast()) + [size], rows.flatMap { values[$0..<$0 + size] })
    }
  }

  /// Adds zeros on both sides of each row of a table.
  func padded(left: Int, right: Int) -> ONNXTensor {
    func zeros(_ count: Int) -> ONNXTensor { ONNXTensor([shape[0], count], filledWith: 0) }
    return .concatenated([zeros(left), self, zeros(right)], axis: 1)
  }

  /// The parts of the first axis that are named by their number.
  func gathered(_ numbers: ONNXTensor) -> ONNXTensor {
    ONNXTensor(numbers.shape + shape[1...], numbers.integers.flatMap { self[$0].values })
  }

  /// Turns the first steps of each sequence around, `[T, B, …]`.
  func reversed(lengths: [Int]) -> ONNXTensor {
    var result = self
    for place in Self.places(in: shape) where place[0] < lengths[place[1]] {
      var source = place
      source[0] = lengths[place[1]] - 1 - place[0]
      result[place] = self[source]
    }
    return result
  }
}

// MARK: Sums

extension ONNXTensor {
  /// Puts the numbers along an axis together to one.
  func reduced(axis: Int, keepsAxis: Bool, _ function: ([Double]) -> Double) -> ONNXTensor {
    let axis = self.axis(axis)
    var sizes = shape
    sizes[axis] = 1
    let result = ONNXTensor(
      sizes,
      Self.places(in: sizes).map { place in
        function(
          (0..<shape[axis]).map { index in
            var source = place
            source[axis] = index
            return self[source]
          })
      })
    return keepsAxis ? result : result.squeezed([axis])
  }

  /// Products of the matrices of the last two axes; a matrix on the right goes with each on the left.
  func product(_ other: ONNXTensor) -> ONNXTensor {
    let (rows, depth) = (shape[shape.count - 2], shape[shape.count - 1])
    let columns = other.shape[other.shape.count - 1]
    precondition(depth == other.shape[other.shape.count - 2], "\(shape) by \(other.shape)")
    let outer = Array(shape.dropLast(2))
    precondition(other.shape.count == 2 || Array(other.shape.dropLast(2)) == outer)
    var result = ONNXTensor(outer + [rows, columns], filledWith: 0)
    for matrix in 0..<outer.reduce(1, *) {
      let right = other.shape.count == 2 ? 0 : matrix * depth * columns
      for row in 0..<rows {
        for column in 0..<columns {
          result.values[(matrix * rows + row) * columns + column] = (0..<depth).reduce(0) {
            sum, k in
            let left = values[(matrix * rows + row) * depth + k]
            return sum + left * other.values[right + k * columns + column]
          }
        }
      }
    }
    return result
  }

  /// Logarithms of probabilities along the last axis.
  var logSoftmax: ONNXTensor {
    let rows = split(into: shape[shape.count - 1]).map { row in
      let greatest = row.max() ?? 0
      let sum = row.reduce(0) { $0 + exp($1 - greatest) }
      return row.map { $0 - greatest - log(sum) }
    }
    return ONNXTensor(shape, rows.flatMap(\.self))
  }

  private func split(into width: Int) -> [ArraySlice<Double>] {
    stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width] }
  }
}
