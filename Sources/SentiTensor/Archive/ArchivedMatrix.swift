/// A matrix that stays in its file: rows are read when they are asked for.
///
/// A text of two hundred words needs two hundred rows of a table of thirty thousand. The file is
/// mapped, so that the others are never touched.
public struct ArchivedMatrix: Sendable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns.
  public let columnCount: Int

  private let file: MappedBytes
  private let tensor: SafetensorsArchive.Tensor

  init(_ tensor: SafetensorsArchive.Tensor, rowCount: Int, columnCount: Int, in file: MappedBytes) {
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
    let rowBytes = tensor.byteRange.count / rowCount
    for (place, row) in rows.enumerated() {
      let start = tensor.byteRange.lowerBound + Int(row) * rowBytes
      let values = file.withBytes(start..<start + rowBytes) {
        Scalar.decode($0, as: tensor.elementType)
      }
      guard let values else { preconditionFailure("\(tensor.name) is no matrix of \(Scalar.self)") }
      target.replaceRow(place, with: values)
    }
  }
}

extension SafetensorsArchive {
  /// Looks up a matrix without reading it.
  ///
  /// - Parameters:
  ///   - name: The tensor's name in the file.
  ///   - shape: The two sizes that it must have.
  /// - Returns: The matrix, still in its file.
  /// - Throws: `ArchiveError.missingTensor` when no tensor has that name, `.unexpectedTensor` when
  ///   its shape is another, or its type is not one of floating-point numbers.
  public func matrix(named name: String, shape: [Int]) throws(ArchiveError) -> ArchivedMatrix {
    let tensor = try tensor(named: name)
    func require(_ isRight: Bool, _ expected: String, _ found: String) throws(ArchiveError) {
      guard isRight else {
        throw .unexpectedTensor(path: path, tensor: name, expected: expected, found: found)
      }
    }
    try require(tensor.shape == shape && shape.count == 2, "shape \(shape)", "\(tensor.shape)")
    let types: [ElementType] = [.float64, .float32, .float16, .brainFloat16]
    try require(
      types.contains(tensor.elementType), "floating-point numbers", tensor.elementType.rawValue)
    return ArchivedMatrix(tensor, rowCount: shape[0], columnCount: shape[1], in: file)
  }
}
