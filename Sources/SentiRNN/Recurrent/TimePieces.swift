internal import SentiTensor

/// A run of time steps of a packed batch, with those sequences only that have the first of them.
///
/// In packed order they are the first ones, and the piece's positions lie together, so that a piece
/// is itself a packed batch in the same order.
struct TimePiece {
  let sequences: PackedSequences
  /// The piece's positions in the whole batch.
  let positions: Range<Int>

  init(_ whole: PackedSequences, steps: Range<Int>) {
    precondition(
      steps.lowerBound >= 0 && steps.upperBound <= whole.timeStepCount,
      "steps \(steps) of \(whole.timeStepCount)")
    let alive = steps.isEmpty ? 0 : whole.stepSizes[steps.lowerBound]
    sequences = PackedSequences(
      lengths: whole.lengths[..<alive].map { min($0, steps.upperBound) - steps.lowerBound })
    let start = steps.isEmpty ? 0 : whole.stepOffsets[steps.lowerBound]
    positions = start..<start + sequences.tokenCount
  }

  /// The distinct inputs of the piece, the row of each of its positions, and the rows of the whole
  /// input that they are.
  func input<Scalar: MatrixScalar>(
    _ whole: Matrix<Scalar>, _ rows: [Int32]?
  ) -> (input: Matrix<Scalar>, rows: [Int32]?, places: [Int32]) {
    guard let rows else {
      let places = positions.map { Int32($0) }
      return (whole.rows(places), nil, places)
    }
    let distinct = DistinctTokens(Array(rows[positions]), vocabularySize: whole.rowCount)
    return (whole.rows(distinct.tokens), distinct.rows, distinct.tokens)
  }
}

extension StackWorkspace {
  /// The states of all layers after so many steps, of the sequences that have another step.
  func states(after stepCount: Int, _ sequences: PackedSequences) -> [[RecurrentState<Scalar>]] {
    let alive = stepCount < sequences.timeStepCount ? sequences.stepSizes[stepCount] : nil
    let count = alive ?? (stepCount == 0 ? sequences.batchSize : sequences.stepSizes[stepCount - 1])
    let first =
      stepCount == 0 ? 0 : sequences.batchSize + sequences.stepOffsets[stepCount - 1]
    let rows = (first..<first + count).map { Int32($0) }
    return layers.map { $0.map { $0.state(rows: rows) } }
  }

  /// Runs a stack over a piece of a batch; answers the piece's distinct inputs and their places.
  mutating func forward(
    _ stack: RecurrentStack, _ piece: TimePiece, _ input: Matrix<Scalar>, _ inputRows: [Int32]?,
    _ states: [[RecurrentState<Scalar>]], _ weights: [[RecurrentWeights<Scalar>]],
    masks wholeMasks: [Matrix<Scalar>], keepsActivations: Bool
  ) -> (input: Matrix<Scalar>, places: [Int32]) {
    let (part, rows, places) = piece.input(input, inputRows)
    masks = wholeMasks.map { $0.rows(Array(0..<Int32(piece.sequences.batchSize))) }
    stack.forward(
      part, inputRows: rows, sequences: piece.sequences, initialStates: states, weights: weights,
      keepsActivations: keepsActivations, workspace: &self)
    return (part, places)
  }

  /// The backward pass of a piece, from gradients that are in place.
  mutating func backward(
    _ stack: RecurrentStack, _ piece: TimePiece, _ part: (input: Matrix<Scalar>, places: [Int32]),
    _ weights: [[RecurrentWeights<Scalar>]], _ gradients: inout Parameters<Scalar>,
    _ inputGradient: inout Matrix<Scalar>
  ) {
    var gradient = Matrix<Scalar>(
      rowCount: part.input.rowCount, columnCount: part.input.columnCount)
    stack.backward(
      part.input, sequences: piece.sequences, weights: weights, gradients: &gradients,
      inputGradient: &gradient, workspace: &self)
    weights[0][0].recurrent.kernels.scatterAdd(gradient, to: part.places, of: &inputGradient)
  }

  /// Notes the states in which a piece's sequences left it, from a packed sequence on.
  func noteEnds(
    of piece: PackedSequences, from first: Int = 0, in states: inout [[RecurrentState<Scalar>]]
  ) {
    let rows = (first..<piece.batchSize).map { Int32(piece.finalStateRow(of: $0)) }
    states.replaceRows(from: first, with: layers.map { $0.map { $0.state(rows: rows) } })
  }

  /// Adds gradients of the states in which a piece's sequences leave it; more are there of sequences
  /// that are over.
  mutating func addEndGradient(
    _ gradient: [[RecurrentState<Scalar>]], _ piece: PackedSequences
  ) {
    let rows = (0..<piece.batchSize).map { Int32(piece.finalStateRow(of: $0)) }
    for level in layers.indices {
      for index in layers[level].indices {
        let state = gradient[level][index].prefix(piece.batchSize)
        Kernels.best.scatterAdd(
          state.hidden, to: rows, of: &layers[level][index].hiddenGradient)
        guard state.cell.columnCount > 0 else { continue }
        Kernels.best.scatterAdd(state.cell, to: rows, of: &layers[level][index].cellGradient)
      }
    }
  }

  /// The gradients of the states before the first step.
  func initialGradient(_ sequences: PackedSequences) -> [[RecurrentState<Scalar>]] {
    let rows = Array(0..<Int32(sequences.batchSize))
    return layers.map {
      $0.map { layer in
        RecurrentState(
          hidden: layer.hiddenGradient.rows(rows),
          cell: layer.cell.columnCount > 0
            ? layer.cellGradient.rows(rows) : Matrix(rowCount: rows.count, columnCount: 0))
      }
    }
  }
}

extension Array {
  /// Puts states of all layers in the place of those from a packed sequence on.
  mutating func replaceRows<Scalar: MatrixScalar>(from first: Int, with states: Self)
  where Element == [RecurrentState<Scalar>] {
    for level in indices {
      for index in self[level].indices {
        self[level][index].hidden.replaceRows(from: first, with: states[level][index].hidden)
        self[level][index].cell.replaceRows(from: first, with: states[level][index].cell)
      }
    }
  }
}

extension RecurrentStack {
  /// Stops where the layers cannot be run piece by piece.
  func requirePieces() {
    precondition(
      !isBidirectional && batchNormalizations.isEmpty,
      "only layers in one direction, without batch normalization, can be computed in pieces; these "
        + "are \(isBidirectional ? "bidirectional" : "in one direction"), with "
        + "\(batchNormalizations.count) normalizations")
  }
}
