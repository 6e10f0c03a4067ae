import Glibc

@testable import SentiTensor

/// The kernels' plain twins: the same equations as one reads them on paper.
///
/// Slow, and made to be read: the compiled kernels are held against them in every instruction set.
/// Letters: B rows of a batch, H hidden units; `[B, 3H]` holds one block of H columns a gate.
enum PlainKernels<Scalar: MatrixScalar> {
  // MARK: Rows

  /// The columns of a row's greatest elements, greatest first, and of equal ones the first first.
  static func top(_ count: Int, of row: [Scalar]) -> [Int] {
    let found = row.indices.filter { row[$0] > -.infinity }
    return Array(found.sorted { row[$0] != row[$1] ? row[$0] > row[$1] : $0 < $1 }.prefix(count))
  }

  // MARK: Products

  /// `bias + left · right`, `[M, K] · [K, N]`; each sum runs over K front to back.
  static func multiply(
    _ left: Matrix<Scalar>, _ right: Matrix<Scalar>, bias: [Scalar]? = nil
  ) -> Matrix<Scalar> {
    var product = Matrix<Scalar>(rowCount: left.rowCount, columnCount: right.columnCount)
    for row in 0..<left.rowCount {
      for column in 0..<right.columnCount {
        var sum = bias?[column] ?? 0
        for k in 0..<left.columnCount { sum += left[row, k] * right[k, column] }
        product[row, column] = sum
      }
    }
    return product
  }

  /// `Σ_k left[k]ᵀ · right[rightRows[k]]`, `[K, M]ᵀ · [K, N]`; row k where `rightRows` is nil.
  static func multiplyTransposed(
    _ left: Matrix<Scalar>, _ right: Matrix<Scalar>, rightRows: [Int32]? = nil
  ) -> Matrix<Scalar> {
    var product = Matrix<Scalar>(rowCount: left.columnCount, columnCount: right.columnCount)
    for k in 0..<left.rowCount {
      let rightRow = rightRows.map { Int($0[k]) } ?? k
      for row in 0..<left.columnCount {
        for column in 0..<right.columnCount {
          product[row, column] += left[k, row] * right[rightRow, column]
        }
      }
    }
    return product
  }

  /// The values that the rows of a matrix are rounded to, each row by itself.
  static func rounded(
    _ rows: Matrix<Scalar>, _ precision: WeightPrecision
  ) -> Matrix<Scalar> {
    var result = rows
    for row in 0..<rows.rowCount {
      let values = rows.row(row).map { Float($0) }
      let greatest = values.map(abs).max() ?? 0
      for (column, value) in values.enumerated() {
        switch precision {
        case .full: continue
        case .bfloat16:
          result[row, column] = Scalar(Float(brainFloat16Bits: value.brainFloat16Bits))
        case .integer8:
          let steps = greatest > 0 ? (value * (127 / greatest)).rounded(.toNearestOrEven) : 0
          result[row, column] = Scalar(steps) * Scalar(greatest / 127)
        }
      }
    }
    return result
  }

  /// `left · rightᵀ`: how weights `[N, K]`, outputs by inputs, are applied to inputs `[M, K]`.
  static func apply(
    _ weights: Matrix<Scalar>, to input: Matrix<Scalar>, _ precision: WeightPrecision = .full
  ) -> Matrix<Scalar> {
    let (weights, input) = (rounded(weights, precision), rounded(input, precision))
    return multiply(input, transposed(weights))
  }

  /// Rows as columns.
  static func transposed(_ matrix: Matrix<Scalar>) -> Matrix<Scalar> {
    var transposed = Matrix<Scalar>(rowCount: matrix.columnCount, columnCount: matrix.rowCount)
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount { transposed[column, row] = matrix[row, column] }
    }
    return transposed
  }

  // MARK: Nonlinearities

  /// The hyperbolic tangent.
  static func tanh(_ x: Scalar) -> Scalar { Scalar(Glibc.tanh(Double(x))) }

  /// The logistic function, 1 / (1 + exp(-x)).
  static func sigmoid(_ x: Scalar) -> Scalar { Scalar(1 / (1 + Glibc.exp(-Double(x)))) }

  /// The nonlinearity of a simple cell.
  static func activated(_ x: Scalar, _ activation: Activation) -> Scalar {
    switch activation {
    case .tanh: tanh(x)
    case .relu: x < 0 ? 0 : x
    case .elu: x < 0 ? Scalar(Glibc.expm1(Double(x))) : x
    case .leakyReLU: x < 0 ? x / 100 : x
    case .sigmoid: sigmoid(x)
    case .hardSigmoid: min(max(x / 6 + 0.5, 0), 1)
    case .softsign: x / (1 + x.magnitude)
    }
  }

  /// The derivative of a simple cell's nonlinearity at the point whose output is y.
  static func slope(_ y: Scalar, _ activation: Activation) -> Scalar {
    switch activation {
    case .tanh: 1 - y * y
    case .relu: y > 0 ? 1 : 0
    case .elu: y > 0 ? 1 : y + 1
    case .leakyReLU: y > 0 ? 1 : 1 / 100
    case .sigmoid: y * (1 - y)
    case .hardSigmoid: y > 0 && y < 1 ? 1 / 6 : 0
    case .softsign: (1 - y.magnitude) * (1 - y.magnitude)
    }
  }

  // MARK: Simple cell

  /// h' = activation(x + U·h): the states after a step, `[B, H]`.
  static func simpleForward(
    _ activation: Activation, projection: Matrix<Scalar>, weights: Matrix<Scalar>,
    hidden: Matrix<Scalar>, precision: WeightPrecision = .full
  ) -> Matrix<Scalar> {
    let recurrent = apply(weights, to: hidden, precision)
    return map(hidden) { row, unit in
      activated(projection[row, unit] + recurrent[row, unit], activation)
    }
  }

  /// The gradient of the sum inside of the activation, from the states after the step.
  static func simpleBackward(
    _ activation: Activation, hidden: Matrix<Scalar>, hiddenGradient: Matrix<Scalar>
  ) -> Matrix<Scalar> {
    map(hidden) { row, unit in hiddenGradient[row, unit] * slope(hidden[row, unit], activation) }
  }

  // MARK: Gated recurrent unit

  /// What a step of a gated cell gives.
  struct Step {
    /// The hidden states after the step, `[B, H]`.
    var hidden: Matrix<Scalar>
    /// The cell states after the step, `[B, H]`; no columns where there are none.
    var cell: Matrix<Scalar>
    /// What backward needs, `[B, 4H]`.
    var saved: Matrix<Scalar>
  }

  /// r = sigmoid(xr + Ur·h), z = sigmoid(xz + Uz·h), n = tanh(xn + r (Un·h + bn)),
  /// h' = (1 - z) n + z h; saves r, z, n and Un·h + bn.
  static func gruForward(
    projection: Matrix<Scalar>, weights: Matrix<Scalar>, candidateBias: [Scalar],
    hidden: Matrix<Scalar>, precision: WeightPrecision = .full
  ) -> Step {
    let size = hidden.columnCount
    let recurrent = apply(weights, to: hidden, precision)
    var step = Step(
      hidden: hidden, cell: Matrix(rowCount: hidden.rowCount, columnCount: 0),
      saved: Matrix(rowCount: hidden.rowCount, columnCount: 4 * size))
    for row in 0..<hidden.rowCount {
      for unit in 0..<size {
        func gate(_ index: Int, _ matrix: Matrix<Scalar>) -> Scalar {
          matrix[row, index * size + unit]
        }
        let r = sigmoid(gate(0, projection) + gate(0, recurrent))
        let z = sigmoid(gate(1, projection) + gate(1, recurrent))
        let m = gate(2, recurrent) + candidateBias[unit]
        let n = tanh(gate(2, projection) + r * m)
        step.hidden[row, unit] = (1 - z) * n + z * hidden[row, unit]
        save([r, z, n, m], row, unit, in: &step.saved)
      }
    }
    return step
  }

  /// What a step of a gated cell gives back.
  struct StepGradient {
    /// The gradients of the gates' sums on the input side, `[B, G·H]`.
    var input: Matrix<Scalar>
    /// The gradients of the gates' sums on the recurrent side, `[B, G·H]`.
    var recurrent: Matrix<Scalar>
    /// The direct part of the gradient of the hidden states before the step, `[B, H]`.
    var previousHidden: Matrix<Scalar>
    /// The gradient of the cell states before the step, `[B, H]`; no columns where there are none.
    var previousCell: Matrix<Scalar>
  }

  /// From h' = (1 - z) n + z h: dn = dh (1 - z) (1 - n²), dz = dh (h - n) z (1 - z),
  /// dr = dn m r (1 - r) and dm = dn r, with m = Un·h + bn.
  static func gruBackward(
    saved: Matrix<Scalar>, previousHidden: Matrix<Scalar>, hiddenGradient: Matrix<Scalar>
  ) -> StepGradient {
    let size = previousHidden.columnCount
    let gates = Matrix<Scalar>(rowCount: saved.rowCount, columnCount: 3 * size)
    var step = StepGradient(
      input: gates, recurrent: gates, previousHidden: previousHidden,
      previousCell: Matrix(rowCount: saved.rowCount, columnCount: 0))
    for row in 0..<saved.rowCount {
      for unit in 0..<size {
        let (r, z, n, m) = saved.four(row, unit)
        let (h, dh) = (previousHidden[row, unit], hiddenGradient[row, unit])
        let dn = dh * (1 - z) * (1 - n * n)
        let dz = dh * (h - n) * z * (1 - z)
        let dr = dn * m * r * (1 - r)
        save([dr, dz, dn], row, unit, in: &step.input)
        save([dr, dz, dn * r], row, unit, in: &step.recurrent)
        step.previousHidden[row, unit] = dh * z
      }
    }
    return step
  }

  // MARK: Long short-term memory

  /// i, f, o = sigmoid(x + U·h), g = tanh(x + U·h), c' = f c + i g, h' = o tanh(c'); saves i, f, g
  /// and o.
  ///
  /// With peepholes p, `p c` is added inside of i and f, and `p c'` inside of o.
  static func lstmForward(
    projection: Matrix<Scalar>, weights: Matrix<Scalar>, hidden: Matrix<Scalar>,
    cell: Matrix<Scalar>, peepholes: [Scalar] = [], precision: WeightPrecision = .full
  ) -> Step {
    let size = hidden.columnCount
    let recurrent = apply(weights, to: hidden, precision)
    var step = Step(
      hidden: hidden, cell: cell,
      saved: Matrix(rowCount: hidden.rowCount, columnCount: 4 * size))
    for row in 0..<hidden.rowCount {
      for unit in 0..<size {
        func sum(_ gate: Int) -> Scalar {
          projection[row, gate * size + unit] + recurrent[row, gate * size + unit]
        }
        func peep(_ gate: Int, _ c: Scalar) -> Scalar {
          peepholes.isEmpty ? 0 : peepholes[gate * size + unit] * c
        }
        let before = cell[row, unit]
        let (i, f) = (sigmoid(sum(0) + peep(0, before)), sigmoid(sum(1) + peep(1, before)))
        let g = tanh(sum(2))
        let c = f * before + i * g
        let o = sigmoid(sum(3) + peep(2, c))
        step.cell[row, unit] = c
        step.hidden[row, unit] = o * tanh(c)
        save([i, f, g, o], row, unit, in: &step.saved)
      }
    }
    return step
  }

  /// From h' = o tanh(c') and c' = f c + i g; `cell` holds c', `cellGradient` what reaches c' from
  /// the steps behind it.
  static func lstmBackward(
    saved: Matrix<Scalar>, previousCell: Matrix<Scalar>, cell: Matrix<Scalar>,
    hiddenGradient: Matrix<Scalar>, cellGradient: Matrix<Scalar>, peepholes: [Scalar] = []
  ) -> StepGradient {
    let size = cell.columnCount
    let gates = Matrix<Scalar>(rowCount: saved.rowCount, columnCount: 4 * size)
    var step = StepGradient(
      input: gates, recurrent: gates,
      previousHidden: Matrix(rowCount: saved.rowCount, columnCount: size),
      previousCell: previousCell)
    for row in 0..<saved.rowCount {
      for unit in 0..<size {
        let (i, f, g, o) = saved.four(row, unit)
        let (squashed, dh) = (tanh(cell[row, unit]), hiddenGradient[row, unit])
        func peep(_ gate: Int) -> Scalar { peepholes.isEmpty ? 0 : peepholes[gate * size + unit] }
        let dOutput = dh * squashed * o * (1 - o)
        let dc =
          cellGradient[row, unit] + dh * o * (1 - squashed * squashed) + dOutput * peep(2)
        let di = dc * g * i * (1 - i)
        let df = dc * previousCell[row, unit] * f * (1 - f)
        let dg = dc * i * (1 - g * g)
        save([di, df, dg, dOutput], row, unit, in: &step.input)
        step.previousCell[row, unit] = dc * f + di * peep(0) + df * peep(1)
      }
    }
    step.recurrent = step.input
    return step
  }

  // MARK: Layer normalization

  /// `bias + gain (x - mean) / sqrt(variance + 1e-5)`, over each row.
  static func normalize(
    _ values: Matrix<Scalar>, gain: [Scalar], bias: [Scalar]
  ) -> Matrix<Scalar> {
    let normal = normalized(values).values
    return map(values) { row, column in bias[column] + gain[column] * normal[row, column] }
  }

  /// The gradients of values, gain and bias; with u the normalized values, s the deviation and
  /// g = gain · dy: dx = (g - mean(g) - u mean(g u)) / s.
  static func normalizeBackward(
    _ gradient: Matrix<Scalar>, of values: Matrix<Scalar>, gain: [Scalar]
  ) -> (values: Matrix<Scalar>, gain: [Scalar], bias: [Scalar]) {
    let (normal, deviations) = normalized(values)
    let (columns, width) = (0..<values.columnCount, Scalar(values.columnCount))
    let scaled = map(values) { row, column in gradient[row, column] * gain[column] }
    let inner = map(values) { row, column in
      let (g, u) = (scaled.row(row), normal.row(row))
      let along = zip(g, u).reduce(0) { $0 + $1.0 * $1.1 } / width
      return (g[column] - g.reduce(0, +) / width - u[column] * along) / deviations[row]
    }
    let products = map(values) { row, column in gradient[row, column] * normal[row, column] }
    func sum(_ matrix: Matrix<Scalar>) -> [Scalar] {
      columns.map { column in (0..<matrix.rowCount).reduce(0) { $0 + matrix[$1, column] } }
    }
    return (inner, sum(products), sum(gradient))
  }

  private static func normalized(
    _ values: Matrix<Scalar>
  ) -> (values: Matrix<Scalar>, deviations: [Scalar]) {
    let width = Scalar(values.columnCount)
    let rows = (0..<values.rowCount).map { values.row($0) }
    let means = rows.map { $0.reduce(0, +) / width }
    let deviations = zip(rows, means).map { row, mean in
      (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width + 1e-5).squareRoot()
    }
    let normal = map(values) { row, column in (rows[row][column] - means[row]) / deviations[row] }
    return (normal, deviations)
  }

  // MARK: Parts

  private static func map(
    _ shape: Matrix<Scalar>, _ element: (Int, Int) -> Scalar
  ) -> Matrix<Scalar> {
    var mapped = shape
    for row in 0..<shape.rowCount {
      for column in 0..<shape.columnCount { mapped[row, column] = element(row, column) }
    }
    return mapped
  }

  private static func save(
    _ values: [Scalar], _ row: Int, _ unit: Int, in matrix: inout Matrix<Scalar>
  ) {
    let size = matrix.columnCount / values.count
    for (gate, value) in values.enumerated() { matrix[row, gate * size + unit] = value }
  }
}

extension Matrix {
  /// What four blocks of columns hold for a unit.
  fileprivate func four(_ row: Int, _ unit: Int) -> (Scalar, Scalar, Scalar, Scalar) {
    let size = columnCount / 4
    return (
      self[row, unit], self[row, size + unit], self[row, 2 * size + unit],
      self[row, 3 * size + unit]
    )
  }
}
