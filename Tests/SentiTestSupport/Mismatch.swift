public import SentiTensor

/// Says where two lists of numbers differ by more than `absolute + relative * |expected|`.
///
///     #expect(mismatch(found, expected, absolute: 1e-12) == nil)
///
/// - Returns: The first difference in words, or nil where there is none. A number that is not finite
///   differs from everything.
public func mismatch<Scalar: BinaryFloatingPoint, Other: BinaryFloatingPoint>(
  _ found: [Scalar], _ expected: [Other], absolute: Double, relative: Double = 0
) -> String? {
  guard found.count == expected.count else {
    return "\(found.count) elements, expected \(expected.count)"
  }
  for index in found.indices {
    let (value, wanted) = (Double(found[index]), Double(expected[index]))
    let limit = absolute + relative * wanted.magnitude
    if !value.isFinite || !wanted.isFinite || (value - wanted).magnitude > limit {
      return "element \(index) is \(value), expected \(wanted) within \(limit)"
    }
  }
  return nil
}

/// Says where two matrices differ; see `mismatch` of lists.
public func mismatch<Scalar: MatrixScalar, Other: MatrixScalar>(
  _ found: Matrix<Scalar>, _ expected: Matrix<Other>, absolute: Double, relative: Double = 0
) -> String? {
  guard found.rowCount == expected.rowCount, found.columnCount == expected.columnCount else {
    return "[\(found.rowCount), \(found.columnCount)], expected "
      + "[\(expected.rowCount), \(expected.columnCount)]"
  }
  return mismatch(found.elements, expected.elements, absolute: absolute, relative: relative)
}

/// The bits of numbers, in which -0 differs from 0 and a NaN equals itself.
public func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

/// The bits of a matrix's elements.
public func bits(_ matrix: Matrix<Float>) -> [UInt32] { bits(matrix.elements) }
