public import SentiTensor

extension SeededGenerator {
  /// Normal numbers.
  public mutating func normals<Scalar: MatrixScalar>(
    _ count: Int, deviation: Double = 1
  ) -> [Scalar] {
    (0..<count).map { _ in Scalar(normal() * deviation) }
  }

  /// A matrix of normal numbers.
  public mutating func matrix<Scalar: MatrixScalar>(
    _ rowCount: Int, _ columnCount: Int, deviation: Double = 1
  ) -> Matrix<Scalar> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: normals(rowCount * columnCount, deviation: deviation))
  }

  /// An arena of normal numbers.
  public mutating func parameters<Scalar: MatrixScalar>(
    _ layout: ParameterLayout, deviation: Double = 1
  ) -> Parameters<Scalar> {
    Parameters(layout: layout, values: normals(layout.elementCount, deviation: deviation))
  }
}

/// The sum of the products of two lists: a loss whose gradient by the second list is the first.
public func weightedSum(_ weights: [Double], _ values: [Double]) -> Double {
  zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
}

extension Matrix {
  /// The same numbers in another precision.
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Matrix<Other> {
    Matrix<Other>(
      rowCount: rowCount, columnCount: columnCount, elements: elements.map { Other($0) })
  }

  /// Some rows as a matrix of their own.
  public func slice(_ rows: Range<Int>) -> Matrix {
    Matrix(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { row($0) })
  }
}
