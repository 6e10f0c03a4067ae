public import SentiTensor

/// What a sequence is summed up by once it was read.
public enum Pooling: String, CaseIterable, Codable, Sendable {
  /// The state after the last step.
  case last
  /// The greatest value of each unit over time.
  case max
  /// The mean of each unit over time.
  case mean
}

/// Pools a layer's states over time: the last, the maximum, the mean, or several side by side.
///
/// Works on one direction of a layer, step by step, so that a text of any length can be pooled in
/// pieces: ``start(batchSize:)`` once, ``add(_:_:)`` for every piece, ``features(_:)`` at the end.
/// ``backward(_:_:_:piece:to:)`` then takes the pieces in any order.
///
/// - SeeAlso: concatenated pooling: Howard and Ruder 2018, <https://arxiv.org/abs/1801.06146>.
public struct TemporalPooling<Scalar: MatrixScalar>: Sendable {
  /// What the states are pooled by.
  public let kinds: Set<Pooling>

  private var best: Matrix<Scalar>
  /// The state row of each maximum, in the piece that has it; -1: there is none.
  private var bestRows: [Int32] = []
  private var bestPieces: [Int32] = []
  private var lastPieces: [Int] = []
  private var pieceCount = 0
  private var sum: Matrix<Scalar>
  private var last: Matrix<Scalar>
  private var counts: [Int] = []
  private let kernels = Kernels<Scalar>.best

  /// Creates a pooling for states of a width.
  ///
  /// - Parameters:
  ///   - hiddenSize: The number of hidden units, H.
  ///   - kinds: What the states are pooled by; no others are computed.
  public init(hiddenSize: Int, kinds: some Sequence<Pooling> = Pooling.allCases) {
    self.kinds = Set(kinds)
    best = Matrix(rowCount: 0, columnCount: hiddenSize)
    sum = best
    last = best
  }

  /// Forgets everything and makes room for a batch.
  ///
  /// - Parameter batchSize: The number of sequences, B.
  public mutating func start(batchSize: Int) {
    if kinds.contains(.max) {
      best.resize(rowCount: batchSize)
      Kernels.fill(&best, with: -.infinity)
      bestRows = [Int32](repeating: -1, count: best.elementCount)
      bestPieces = [Int32](repeating: 0, count: best.elementCount)
    }
    if kinds.contains(.mean) { sum.resizeToZeros(rowCount: batchSize) }
    last.resizeToZeros(rowCount: batchSize)
    counts = [Int](repeating: 0, count: batchSize)
    lastPieces = counts
    pieceCount = 0
  }

  /// Takes in the states of a piece of the sequences.
  ///
  /// - Parameters:
  ///   - hidden: Initial and later hidden states of the piece, `[B + N, H]`.
  ///   - sequences: The piece's lengths; its sequences are the batch's first ones, in order.
  /// - Complexity: O(N·H), without a maximum and a mean O(B·H).
  public mutating func add(_ hidden: Matrix<Scalar>, _ sequences: PackedSequences) {
    let (hasMaximum, hasMean) = (kinds.contains(.max), kinds.contains(.mean))
    // A later piece has rows of its own; only where it exceeds earlier ones do these count.
    let earlierRows = hasMaximum && pieceCount > 0 ? bestRows : []
    if !earlierRows.isEmpty { bestRows = [Int32](repeating: -1, count: earlierRows.count) }
    for step in 0..<sequences.timeStepCount where hasMaximum || hasMean {
      let rows = sequences.stateRows(of: step)
      if hasMaximum { kernels.maximum(&best, places: &bestRows, of: hidden, rows: rows) }
      if hasMean { kernels.addRows(of: hidden, rows: rows, to: &sum) }
    }
    keepMaxima(earlierRows)
    for sequence in 0..<sequences.batchSize {
      counts[sequence] += sequences.lengths[sequence]
      lastPieces[sequence] = pieceCount
    }
    pieceCount += 1
    let finals = (0..<sequences.batchSize).map { Int32(sequences.finalStateRow(of: $0)) }
    last.replaceRows(from: 0, with: hidden.rows(finals))
  }

  /// Keeps the places of maxima that the newest piece does not exceed.
  @specialized(where Scalar == Float)
  private mutating func keepMaxima(_ earlierRows: [Int32]) {
    for index in earlierRows.indices {
      if bestRows[index] < 0 {
        bestRows[index] = earlierRows[index]
      } else {
        bestPieces[index] = Int32(pieceCount)
      }
    }
  }

  /// One pooled vector for each sequence, `[B, H]`; zeros for the maximum and mean of nothing.
  ///
  /// - Parameter pooling: Which one; one of ``kinds``.
  /// - Returns: The pooled vectors, `[B, H]`.
  @specialized(where Scalar == Float)
  public func features(_ pooling: Pooling) -> Matrix<Scalar> {
    check(pooling)
    var pooled: Matrix<Scalar>
    switch pooling {
    case .last: return last
    case .max: pooled = best
    case .mean: pooled = sum
    }
    for (sequence, count) in counts.enumerated() {
      for unit in 0..<pooled.columnCount {
        if count == 0 {
          pooled[sequence, unit] = 0
        } else if pooling == .mean {
          pooled[sequence, unit] /= Scalar(count)
        }
      }
    }
    return pooled
  }

  /// Adds the gradient of pooled vectors to the gradient of the states of a piece.
  ///
  /// - Parameters:
  ///   - pooling: Which pooling the gradient belongs to; one of ``kinds``.
  ///   - gradient: The gradient of the pooled vectors, `[B, H]`.
  ///   - sequences: The piece's lengths, as ``add(_:_:)`` was given them.
  ///   - piece: Which piece, counted from 0 in the order in which they were added.
  ///   - hiddenGradient: The gradient of the piece's states, `[B + N, H]`.
  /// - Complexity: O(N·H) for the mean, else O(B·H).
  @specialized(where Scalar == Float)
  public func backward(
    _ pooling: Pooling, _ gradient: Matrix<Scalar>, _ sequences: PackedSequences, piece: Int = 0,
    to hiddenGradient: inout Matrix<Scalar>
  ) {
    check(pooling)
    switch pooling {
    case .last:
      for sequence in 0..<sequences.batchSize where lastPieces[sequence] == piece {
        kernels.addRows(
          of: gradient, rows: sequence..<sequence + 1, to: &hiddenGradient,
          at: sequences.finalStateRow(of: sequence))
      }
    case .max:
      for sequence in 0..<gradient.rowCount {
        for unit in 0..<gradient.columnCount {
          let index = sequence * gradient.columnCount + unit
          guard bestRows[index] >= 0, bestPieces[index] == piece else { continue }
          hiddenGradient[Int(bestRows[index]), unit] += gradient[sequence, unit]
        }
      }
    case .mean:
      let shares = counts.map { $0 == 0 ? 0 : 1 / Scalar($0) }
      for step in 0..<sequences.timeStepCount {
        let rows = sequences.stateRows(of: step)
        kernels.addRows(
          of: gradient, rows: 0..<rows.count, scaledBy: shares, to: &hiddenGradient,
          at: rows.lowerBound)
      }
    }
  }

  private func check(_ pooling: Pooling) {
    precondition(
      kinds.contains(pooling),
      "pooling by \(pooling) of \(kinds.map(\.rawValue).sorted().joined(separator: ", "))")
  }
}

extension PackedSequences {
  /// The rows of the states after a time step.
  func stateRows(of step: Int) -> Range<Int> {
    batchSize + stepOffsets[step]..<batchSize + stepOffsets[step] + stepSizes[step]
  }
}
