/// A matrix that stays as its archive holds it: rows are converted when they are asked for.
///
/// A text of two hundred words needs two hundred rows of a table of thirty thousand; the others are
/// not converted, and half precision takes half the memory.
public struct ArchivedMatrix: Sendable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns.
  public let columnCount: Int

  private let file: ArchiveBytes
  private let tensor: SafetensorsArchive.Tensor
  private let ranges: SafetensorsArchive.Tensor?

  init(
    _ tensor: SafetensorsArchive.Tensor, ranges: SafetensorsArchive.Tensor?, rowCount: Int,
    columnCount: Int, in file: ArchiveBytes
  ) {
    self.ranges = ranges
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.tensor = tensor
    self.file = file
  }

  /// Reads rows.
  ///
  /// - Parameters:
  ///   - rows: Rows, counted from 0; repeats are allowed.
  ///   - target: Receives them in the order given, `[rows, columnCount]`.
  /// - Complexity: O(elements read), with one allocation a row.
  public func gather<Scalar: MatrixScalar>(_ rows: [Int32], into target: inout Matrix<Scalar>) {
    precondition(
      rows.allSatisfy { $0 >= 0 && $0 < rowCount } && target.columnCount == columnCount,
      "rows \(rows.min() ?? 0) to \(rows.max() ?? 0) of [\(rowCount), \(columnCount)] into "
        + "\(target.columnCount) columns")
    target.resize(rowCount: rows.count)
    for (place, row) in rows.enumerated() {
      if let ranges {
        let range: [Float] = part(Int(row), of: ranges)
        let integers: [Int8] = part(Int(row), of: tensor)
        target.replaceRow(place, with: integers.map { RoundedRows.value($0, range: range[0]) })
      } else {
        target.replaceRow(place, with: part(Int(row), of: tensor))
      }
    }
  }

  /// Whether no element is infinite or not a number in single precision.
  ///
  /// - Complexity: O(elements), read once, without an allocation.
  public var isFinite: Bool {
    // Rounded rows are finite where their ranges are.
    let numbers = ranges ?? tensor
    return !file.withBytes(numbers.byteRange) { bytes in
      switch numbers.elementType {
      case .float64:
        bytes.contains { (bits: UInt64) in !Float(Double(bitPattern: bits)).isFinite }
      case .float32: bytes.holdsValue(with: 0x7f80_0000 as UInt32)
      case .float16: bytes.holdsValue(with: 0x7c00 as UInt16)
      default: bytes.holdsValue(with: 0x7f80 as UInt16)
      }
    }
  }

  /// One of `rowCount` equal parts of a tensor.
  private func part<Element: ArchiveScalar>(
    _ index: Int, of tensor: SafetensorsArchive.Tensor
  ) -> [Element] {
    let byteCount = tensor.byteRange.count / rowCount
    let start = tensor.byteRange.lowerBound + index * byteCount
    let values = file.withBytes(start..<start + byteCount) {
      Element.decode($0, as: tensor.elementType)
    }
    guard let values else { preconditionFailure("\(tensor.name) holds no \(Element.self)") }
    return values
  }
}

extension SafetensorsArchive {
  /// Looks up a matrix without converting it.
  ///
  /// - Parameters:
  ///   - name: The tensor's name in the file.
  ///   - shape: The two sizes that it must have.
  /// - Returns: The matrix, as the archive holds it.
  /// - Throws: `ArchiveError.missingTensor` when no tensor has that name, `.unexpectedTensor` when
  ///   its shape is another, or its type is neither one of floating-point numbers nor that of
  ///   rounded rows with their ranges.
  public func matrix(named name: String, shape: [Int]) throws(ArchiveError) -> ArchivedMatrix {
    let tensor = try tensor(named: name)
    func require(_ isRight: Bool, _ expected: String, _ found: String) throws(ArchiveError) {
      guard isRight else {
        throw .unexpectedTensor(path: path, tensor: name, expected: expected, found: found)
      }
    }
    try require(tensor.shape == shape && shape.count == 2, "shape \(shape)", "\(tensor.shape)")
    let ranges = try ranges(of: name, shape: shape)
    let types: [ElementType] = [.float64, .float32, .float16, .brainFloat16]
    try require(
      ranges != nil || types.contains(tensor.elementType), "floating-point numbers",
      tensor.elementType.rawValue)
    return ArchivedMatrix(
      tensor, ranges: ranges, rowCount: shape[0], columnCount: shape[1], in: file)
  }
}
