/// A matrix of 8-bit integers with one range a row: a quarter of the size in single precision.
///
/// A row's range is the size of its greatest element; element (r, c) is
/// `values[r * columnCount + c] * ranges[r] / 127`, so rounding a rounded row changes nothing. In a
/// file the integers stand under the matrix's name, the ranges beside it.
struct RoundedRows {
  /// What the name of the ranges ends with.
  static let rangeSuffix = ".range"

  private(set) var values: [Int8] = []
  private(set) var ranges: [Float] = []

  /// Rounds each row, ties to even.
  ///
  /// - Precondition: All elements are finite.
  init(_ elements: [Float], columnCount: Int) {
    values.reserveCapacity(elements.count)
    for start in stride(from: 0, to: elements.count, by: max(1, columnCount)) {
      let row = elements[start..<start + columnCount]
      let range = row.reduce(0) { max($0, abs($1)) }
      precondition(row.allSatisfy(\.isFinite), "a row with an element that is not finite")
      // Rows below this are taken for zero, as the kernels do.
      let inverse = range > 1e-30 ? 127 / range : 0
      values += row.map { Int8(($0 * inverse).rounded(.toNearestOrEven)) }
      ranges.append(range)
    }
  }

  /// The value of an integer in a row of some range, the range itself for 127.
  static func value<Scalar: MatrixScalar>(_ integer: Int8, range: Float) -> Scalar {
    Scalar(Double(integer) * Double(range) / 127)
  }

  /// Values in the order of their rows.
  static func values(_ integers: [Int8], ranges: [Float], columnCount: Int) -> [Float] {
    integers.enumerated().map { value($1, range: ranges[$0 / columnCount]) }
  }

  /// The rounded elements.
  var elements: [Float] {
    ranges.isEmpty
      ? [] : Self.values(values, ranges: ranges, columnCount: values.count / ranges.count)
  }
}

extension SafetensorsWriter {
  /// Appends a parameter: a matrix in any stored type, where `integer8` means rounded rows with
  /// their ranges; a vector in single precision then.
  ///
  /// - Parameters:
  ///   - values: The elements, row by row; finite for `integer8`.
  ///   - slot: The parameter's name and shape.
  ///   - storedType: The type to store.
  /// - Complexity: O(elements).
  public mutating func append(
    _ values: [Float], _ slot: ParameterSlot, as storedType: SafetensorsArchive.ElementType
  ) {
    guard storedType == .integer8 else {
      return append(values, named: slot.name, shape: slot.shape, as: storedType)
    }
    guard slot.shape.count == 2 else {
      return append(values, named: slot.name, shape: slot.shape)
    }
    let rounded = RoundedRows(values, columnCount: slot.columnCount)
    append(rounded.ranges, named: slot.name + RoundedRows.rangeSuffix)
    append(rounded.values, named: slot.name, shape: slot.shape)
  }
}

extension SafetensorsArchive {
  /// Reads a parameter, be it stored as floating-point numbers or as rounded rows with ranges.
  ///
  /// - Parameter slot: The parameter's name and shape.
  /// - Returns: The elements, row by row.
  /// - Throws: `ArchiveError.missingTensor` or `.unexpectedTensor`, which say what is wrong.
  /// - Complexity: O(elements).
  public func parameter(_ slot: ParameterSlot) throws(ArchiveError) -> [Float] {
    guard let ranges = try ranges(of: slot.name, shape: slot.shape) else {
      return try values(named: slot.name, shape: slot.shape)
    }
    let integers: [Int8] = try values(named: slot.name, shape: slot.shape)
    return RoundedRows.values(
      integers, ranges: try values(named: ranges.name), columnCount: slot.columnCount)
  }

  /// The ranges of rounded rows, or nil where the tensor is not of 8-bit integers.
  func ranges(of name: String, shape: [Int]) throws(ArchiveError) -> Tensor? {
    guard shape.count == 2, try tensor(named: name).elementType == .integer8 else { return nil }
    let ranges = try tensor(named: name + RoundedRows.rangeSuffix)
    guard ranges.shape == [shape[0]] && ranges.elementType == .float32 else {
      throw .unexpectedTensor(
        path: path, tensor: ranges.name, expected: "F32 of shape [\(shape[0])]",
        found: "\(ranges.elementType.rawValue) of shape \(ranges.shape)")
    }
    return ranges
  }
}
