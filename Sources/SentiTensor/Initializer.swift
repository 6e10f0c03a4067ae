/// A rule that fills a weight matrix before training.
///
/// Every rule draws from the generator that it is handed, so that one seed gives one set of weights.
public enum Initializer: Hashable, Sendable {
  /// All elements zero.
  case zeros

  /// All elements one value.
  case constant(Double)

  /// Uniform in ±`bound`.
  case uniform(bound: Double)

  /// Normal with mean 0 and the given standard deviation.
  case normal(deviation: Double)

  /// Uniform in ±sqrt(6 / (rows + columns)): Glorot and Bengio 2010,
  /// <https://proceedings.mlr.press/v9/glorot10a.html>.
  case glorotUniform

  /// Normal with deviation sqrt(2 / (rows + columns)): Glorot and Bengio 2010.
  case glorotNormal

  /// Normal with deviation sqrt(2 / columns), for ReLU: He et al. 2015,
  /// <https://arxiv.org/abs/1502.01852>.
  case heNormal

  /// Uniform in ±sqrt(6 / columns), for ReLU: He et al. 2015.
  case heUniform

  /// Normal with deviation sqrt(1 / columns), which keeps the variance of inputs: LeCun et al. 1998,
  /// <https://doi.org/10.1007/3-540-49430-8_2>.
  case lecunNormal

  /// Uniform in ±sqrt(3 / columns): LeCun et al. 1998.
  case lecunUniform

  /// `scale` on the diagonal, zero elsewhere, for the recurrent weights of ReLU: Le et al. 2015,
  /// <https://arxiv.org/abs/1504.00941>.
  case identity(scale: Double = 1)

  /// Rows or columns orthonormal, for recurrent weights: Saxe et al. 2014,
  /// <https://arxiv.org/abs/1312.6120>.
  case orthogonal

  /// Draws a matrix.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows, the layer's outputs.
  ///   - columnCount: The number of columns, the layer's inputs.
  ///   - generator: The source of randomness.
  /// - Returns: The elements, row by row.
  /// - Complexity: O(elements); ``orthogonal`` O(elements · min(rows, columns)).
  @specialized(where Scalar == Float)
  public func values<Scalar: MatrixScalar>(
    rowCount: Int, columnCount: Int, using generator: inout SeededGenerator
  ) -> [Scalar] {
    let count = rowCount * columnCount
    switch self {
    case .zeros: return [Scalar](repeating: 0, count: count)
    case .constant(let value): return [Scalar](repeating: Scalar(value), count: count)
    case .uniform(let bound): return uniform(bound, count, &generator)
    case .normal(let deviation): return normal(deviation, count, &generator)
    case .glorotUniform:
      return uniform((6 / Double(rowCount + columnCount)).squareRoot(), count, &generator)
    case .glorotNormal:
      return normal((2 / Double(rowCount + columnCount)).squareRoot(), count, &generator)
    case .heNormal: return normal((2 / Double(columnCount)).squareRoot(), count, &generator)
    case .heUniform: return uniform((6 / Double(columnCount)).squareRoot(), count, &generator)
    case .lecunNormal: return normal((1 / Double(columnCount)).squareRoot(), count, &generator)
    case .lecunUniform: return uniform((3 / Double(columnCount)).squareRoot(), count, &generator)
    case .identity(let scale):
      return (0..<count).map { $0 / columnCount == $0 % columnCount ? Scalar(scale) : 0 }
    case .orthogonal: return orthogonal(rowCount, columnCount, &generator).map { Scalar($0) }
    }
  }

  @specialized(where Scalar == Float)
  private func uniform<Scalar: MatrixScalar>(
    _ bound: Double, _ count: Int, _ generator: inout SeededGenerator
  ) -> [Scalar] {
    (0..<count).map { _ in Scalar((2 * generator.uniform() - 1) * bound) }
  }

  @specialized(where Scalar == Float)
  private func normal<Scalar: MatrixScalar>(
    _ deviation: Double, _ count: Int, _ generator: inout SeededGenerator
  ) -> [Scalar] {
    (0..<count).map { _ in Scalar(generator.normal() * deviation) }
  }

  /// Gram-Schmidt, twice for accuracy, on the shorter side of a normal matrix.
  private func orthogonal(
    _ rowCount: Int, _ columnCount: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    let (short, long) = (min(rowCount, columnCount), max(rowCount, columnCount))
    var basis: [[Double]] = []
    while basis.count < short {
      var vector: [Double] = (0..<long).map { _ in generator.normal() }
      for _ in 0..<2 {
        for other in basis { remove(other, from: &vector) }
      }
      let norm = dot(vector, vector).squareRoot()
      if norm > 1e-9 { basis.append(vector.map { $0 / norm }) }
    }
    return (0..<rowCount).flatMap { row in
      (0..<columnCount).map { column in
        rowCount <= columnCount ? basis[row][column] : basis[column][row]
      }
    }
  }

  private func remove(_ direction: [Double], from vector: inout [Double]) {
    let projection = dot(direction, vector)
    for index in vector.indices { vector[index] -= projection * direction[index] }
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }
}

extension Parameters {
  /// Fills one parameter, or a block of its rows, by a rule.
  ///
  /// - Parameters:
  ///   - slot: A parameter of this arena.
  ///   - initializer: The rule; it sees the block as its matrix.
  ///   - rows: The rows to fill; all where nil.
  ///   - generator: The source of randomness.
  public mutating func initialize(
    _ slot: ParameterSlot, _ initializer: Initializer, rows: Range<Int>? = nil,
    using generator: inout SeededGenerator
  ) {
    let rows = rows ?? 0..<slot.rowCount
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= slot.rowCount,
      "rows \(rows) of parameter \(slot.name) of shape \(slot.shape)")
    let start = slot.range.lowerBound + rows.lowerBound * slot.columnCount
    let drawn: [Scalar] = initializer.values(
      rowCount: rows.count, columnCount: slot.columnCount, using: &generator)
    write(slot) { $0.replace(from: start, with: drawn) }
  }
}
