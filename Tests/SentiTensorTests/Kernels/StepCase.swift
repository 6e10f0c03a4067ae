import SentiTestSupport
import Testing

@testable import SentiTensor

/// A recurrent step in the middle of buffers whose other rows are guards.
struct StepCase: CustomStringConvertible {
  static let guardValue = -12345.0

  let kind: CellConfiguration
  private(set) var precision: WeightPrecision
  let size: Int
  let rowCount: Int
  /// Rows of the projection for each position, of which the first ones are not the step's.
  let projectionRows: [Int32]?
  let projection: Matrix<Float>
  let weights: Matrix<Float>
  let candidateBias: [Float]
  /// Weights from the cell state, `[3H]`; empty unless asked for.
  let peepholes: [Float]
  let hidden: Matrix<Float>
  let cell: Matrix<Float>
  let hiddenGradient: Matrix<Float>
  let cellGradient: Matrix<Float>

  init(
    _ kind: CellConfiguration, rowCount: Int, size: Int, namesRows: Bool,
    precision: WeightPrecision = .full, hasPeepholes: Bool = false
  ) {
    (self.kind, self.size, self.rowCount) = (kind, size, rowCount)
    self.precision = precision
    var generator = SeededGenerator(seed: UInt64(size * 100 + rowCount))
    let positionCount = Self.firstPosition + rowCount
    projection = generator.matrix(positionCount, kind.gateCount * size)
    projectionRows =
      namesRows
      ? (0..<positionCount).map { _ in
        Int32.random(in: 0..<Int32(positionCount), using: &generator)
      } : nil
    let deviation = 1 / Double(size).squareRoot()
    weights = generator.matrix(kind.gateCount * size, size, deviation: deviation)
    candidateBias = kind.resetsAfterProduct ? generator.normals(size) : []
    peepholes = hasPeepholes ? generator.normals(3 * size) : []
    hidden = generator.matrix(rowCount, size)
    cell = generator.matrix(rowCount, kind.hasCellState ? size : 0)
    hiddenGradient = generator.matrix(rowCount, size)
    cellGradient = generator.matrix(rowCount, kind.hasCellState ? size : 0)
  }

  /// The same numbers in another precision.
  func rounded(to precision: WeightPrecision) -> StepCase {
    var item = self
    item.precision = precision
    return item
  }

  var description: String {
    "\(kind), \(precision), \(rowCount) rows, \(size) units, named rows: \(projectionRows != nil)"
  }

  // MARK: Places

  static let firstPosition = 2

  /// A guard, the states before, a guard, the states after, a guard.
  var place: StepRange {
    StepRange(
      rowCount: rowCount, previousRow: 1, row: rowCount + 2, position: Self.firstPosition)
  }

  var before: Range<Int> { 1..<1 + rowCount }
  var after: Range<Int> { rowCount + 2..<2 * rowCount + 2 }
  var positions: Range<Int> { Self.firstPosition..<Self.firstPosition + rowCount }

  func guarded<Scalar>(_ rowCount: Int, _ columnCount: Int) -> Matrix<Scalar> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: Array(repeating: Scalar(Self.guardValue), count: rowCount * columnCount))
  }

  func buffers<Scalar>(_ type: Scalar.Type) -> StepBuffers<Scalar> {
    var buffers = StepBuffers<Scalar>(kind, hiddenSize: size)
    buffers.projectionRows = projectionRows
    let (states, tokens) = (2 * rowCount + 3, Self.firstPosition + rowCount + 1)
    let gates = kind.gateCount * size
    buffers.projection = projection.converted()
    buffers.hidden = guarded(states, size)
    buffers.hidden.replaceRows(from: 1, with: hidden.converted())
    buffers.cell = guarded(states, kind.hasCellState ? size : 0)
    buffers.cell.replaceRows(from: 1, with: cell.converted())
    buffers.gateCache = guarded(tokens, kind.cachedValueCount * size)
    buffers.hiddenGradient = guarded(states, size)
    buffers.hiddenGradient.replaceRows(from: after.lowerBound, with: hiddenGradient.converted())
    buffers.cellGradient = guarded(states, kind.hasCellState ? size : 0)
    buffers.cellGradient.replaceRows(from: after.lowerBound, with: cellGradient.converted())
    buffers.inputGateGradient = guarded(tokens, gates)
    buffers.recurrentGateGradient = guarded(tokens, kind.resetsAfterProduct ? gates : 0)
    return buffers
  }

  // MARK: The kernels

  func packed<Scalar>(
    _ kernels: Kernels<Scalar>, gateCount: Int? = nil
  ) -> PackedMatrix<Scalar> {
    let (parameters, slot): (Parameters<Scalar>, ParameterSlot) = arena()
    var packed = PackedMatrix(
      depth: size, columnCount: kind.gateCount * size, gateCount: gateCount ?? kind.gateCount,
      precision: precision, kernels: kernels)
    packed.pack(parameters, slot)
    return packed
  }

  /// The weights of some gates, for an ordinary product.
  private func packed<Scalar>(
    _ kernels: Kernels<Scalar>, gates: Range<Int>
  ) -> PackedMatrix<Scalar> {
    let (parameters, slot): (Parameters<Scalar>, ParameterSlot) = arena()
    let rows = gates.lowerBound * size..<gates.upperBound * size
    var packed = PackedMatrix(
      depth: size, columnCount: rows.count, precision: precision, kernels: kernels)
    packed.pack(parameters, slot, rows: rows)
    return packed
  }

  /// The weights of the candidate, for the product with its gradient.
  private func packedTransposed<Scalar>(_ kernels: Kernels<Scalar>) -> PackedMatrix<Scalar> {
    let (parameters, slot): (Parameters<Scalar>, ParameterSlot) = arena()
    var packed = PackedMatrix(depth: size, columnCount: size, kernels: kernels)
    packed.packTransposed(parameters, slot, rows: 2 * size..<3 * size)
    return packed
  }

  private func arena<Scalar>() -> (Parameters<Scalar>, ParameterSlot) {
    var layout = ParameterLayout()
    let slot = layout.add("weights", shape: [kind.gateCount * size, size])
    return (Parameters(layout: layout, values: weights.elements.map { Scalar($0) }), slot)
  }

  func weights<Scalar>(_ source: StepWeights<Scalar>.Source) -> StepWeights<Scalar> {
    StepWeights(
      source, candidateBias: candidateBias.map { Scalar($0) },
      peepholes: peepholes.map { Scalar($0) })
  }

  func forward<Scalar>(
    _ kernels: Kernels<Scalar>, tokenCount: Int? = nil
  ) -> StepBuffers<Scalar> {
    var buffers = buffers(Scalar.self)
    if let tokenCount { buffers.gateCache = guarded(tokenCount, kind.cachedValueCount * size) }
    let source: StepWeights<Scalar>.Source =
      kind.resetsBeforeProduct
      ? .sums(resetSums(kernels, &buffers), row: 0) : .product(packed(kernels))
    kernels.stepForward(place, of: &buffers, weights: weights(source))
    return buffers
  }

  /// The recurrent sums of a GRU that resets before its product, `[B, 3H]`: reset and update, and
  /// then the candidate, from states that the reset gate has scaled.
  private func resetSums<Scalar>(
    _ kernels: Kernels<Scalar>, _ buffers: inout StepBuffers<Scalar>
  ) -> Matrix<Scalar> {
    var sums: Matrix<Scalar> = guarded(rowCount, 3 * size)
    var gated: Matrix<Scalar> = guarded(positions.upperBound, size)
    kernels.multiply(
      MatrixBlock(hidden.converted(), rows: 0..<rowCount), by: packed(kernels, gates: 0..<2),
      into: &sums, at: MatrixPosition(column: 0))
    kernels.resetForward(
      place, of: &buffers, weights: weights(.sums(sums, row: 0)), into: &gated)
    kernels.multiply(
      MatrixBlock(gated, rows: positions), by: packed(kernels, gates: 2..<3), into: &sums,
      at: MatrixPosition(column: 2 * size))
    return sums
  }

  /// Forward and backward; `before` of the hidden gradient starts at the guard's value.
  func backward<Scalar>(_ kernels: Kernels<Scalar>) -> StepBuffers<Scalar> {
    var buffers = forward(kernels)
    kernels.stepBackward(place, of: &buffers, peepholes: peepholes.map { Scalar($0) })
    guard kind.resetsBeforeProduct else { return buffers }
    var gatedGradient = Matrix<Scalar>(rowCount: rowCount, columnCount: size)
    kernels.multiply(
      MatrixBlock(
        buffers.inputGateGradient, rows: positions,
        columns: 2 * size..<2 * size + packedTransposed(kernels).depth),
      by: packedTransposed(kernels), into: &gatedGradient)
    kernels.resetBackward(place, of: &buffers, gatedGradient: gatedGradient)
    return buffers
  }

  // MARK: The plain twin

  func plainForward() -> PlainKernels<Double>.Step {
    let rows = positions.map { projectionRows?[$0] ?? Int32($0) }
    let projection: Matrix<Double> = projection.rows(rows).converted()
    let (weights, hidden): (Matrix<Double>, Matrix<Double>) =
      (weights.converted(), hidden.converted())
    switch kind.kind {
    case .simple:
      let activation = kind.activation
      let states = PlainKernels<Double>.simpleForward(
        activation, projection: projection, weights: weights, hidden: hidden,
        precision: precision)
      let none = Matrix<Double>(rowCount: rowCount, columnCount: 0)
      return PlainKernels<Double>.Step(hidden: states, cell: none, saved: none)
    case .gru where kind.resetsAfterProduct:
      return PlainKernels<Double>.gruForward(
        projection: projection, weights: weights, candidateBias: candidateBias.map(Double.init),
        hidden: hidden, precision: precision)
    case .gru:
      return PlainKernels<Double>.gruResetBeforeForward(
        projection: projection, weights: weights, hidden: hidden)
    case .lstm:
      return PlainKernels<Double>.lstmForward(
        projection: projection, weights: weights, hidden: hidden, cell: cell.converted(),
        peepholes: peepholes.map(Double.init), precision: precision)
    }
  }

  /// The twin's gradients from what a kernel's forward left.
  func plainBackward<Scalar>(_ buffers: StepBuffers<Scalar>) -> PlainKernels<Double>.StepGradient {
    let states: Matrix<Double> = buffers.hidden.slice(after).converted()
    let saved: Matrix<Double> = buffers.gateCache.slice(positions).converted()
    let gradient: Matrix<Double> = hiddenGradient.converted()
    switch kind.kind {
    case .simple:
      let activation = kind.activation
      let gates = PlainKernels<Double>.simpleBackward(
        activation, hidden: states, hiddenGradient: gradient)
      return PlainKernels<Double>.StepGradient(
        input: gates, recurrent: gates,
        previousHidden: Matrix(rowCount: rowCount, columnCount: size),
        previousCell: Matrix(rowCount: rowCount, columnCount: 0))
    case .gru where kind.resetsAfterProduct:
      return PlainKernels<Double>.gruBackward(
        saved: saved, previousHidden: hidden.converted(), hiddenGradient: gradient)
    case .gru:
      return PlainKernels<Double>.gruResetBeforeBackward(
        saved: saved, weights: weights.converted(), previousHidden: hidden.converted(),
        hiddenGradient: gradient)
    case .lstm:
      return PlainKernels<Double>.lstmBackward(
        saved: saved, previousCell: cell.converted(), cell: buffers.cell.slice(after).converted(),
        hiddenGradient: gradient, cellGradient: cellGradient.converted(),
        peepholes: peepholes.map(Double.init))
    }
  }
}

extension PlainKernels {
  /// r and z as in a GRU that resets after its product, m = Un·(r h), n = tanh(xn + m),
  /// h' = (1 - z) n + z h; saves r, z, n and m.
  static func gruResetBeforeForward(
    projection: Matrix<Scalar>, weights: Matrix<Scalar>, hidden: Matrix<Scalar>
  ) -> Step {
    let size = hidden.columnCount
    var step = gruForward(
      projection: projection, weights: weights,
      candidateBias: [Scalar](repeating: 0, count: size), hidden: hidden)
    // [B, H]
    var gated = hidden
    for row in 0..<hidden.rowCount {
      for unit in 0..<size { gated[row, unit] *= step.saved[row, unit] }
    }
    // [B, H]
    let candidates = apply(weights.slice(2 * size..<3 * size), to: gated)
    for row in 0..<hidden.rowCount {
      for unit in 0..<size {
        let (z, m) = (step.saved[row, size + unit], candidates[row, unit])
        let n = tanh(projection[row, 2 * size + unit] + m)
        step.hidden[row, unit] = (1 - z) * n + z * hidden[row, unit]
        step.saved[row, 2 * size + unit] = n
        step.saved[row, 3 * size + unit] = m
      }
    }
    return step
  }

  /// dn and dz as in a GRU that resets after its product; with d = dn·Un, the gradient of r h:
  /// dr = d h r (1 - r), and h gets d r too.
  static func gruResetBeforeBackward(
    saved: Matrix<Scalar>, weights: Matrix<Scalar>, previousHidden: Matrix<Scalar>,
    hiddenGradient: Matrix<Scalar>
  ) -> StepGradient {
    let size = previousHidden.columnCount
    var step = gruBackward(
      saved: saved, previousHidden: previousHidden, hiddenGradient: hiddenGradient)
    // [B, H]
    let gated = multiply(
      step.input.columns(2 * size..<3 * size), weights.slice(2 * size..<3 * size))
    for row in 0..<saved.rowCount {
      for unit in 0..<size {
        let (r, d) = (saved[row, unit], gated[row, unit])
        step.input[row, unit] = d * previousHidden[row, unit] * r * (1 - r)
        step.previousHidden[row, unit] += d * r
      }
    }
    step.recurrent = step.input
    return step
  }
}

extension Matrix {
  /// Whether all rows but some hold one value only.
  func isGuarded(except rows: Range<Int>..., by value: Double = StepCase.guardValue) -> Bool {
    (0..<rowCount).allSatisfy { row in
      rows.contains { $0.contains(row) } || self.row(row).allSatisfy { $0 == Scalar(value) }
    }
  }
}
