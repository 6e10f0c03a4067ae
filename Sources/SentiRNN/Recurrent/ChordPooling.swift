public import SentiTensor

/// Pools the states of a batch whose first sequence is the reference of all others, and goes back by chords.
///
/// For each sequence there are its own pooled states and those of as many steps of the reference. Going back
/// is exact as ``RecurrentStack/chordProducts(_:over:weights:workspace:)`` is: last state and mean are
/// linear, and the change of a maximum over time, with s its place in the reference and t in the sequence, is
///
///     h[t] - h0[s] = (1 - w) (h[s] - h0[s]) + w (h[t] - h0[t]),    0 <= w <= 1
///
/// where such a w always exists: h[s] is at most h[t], and h0[t] at most h0[s].
///
///     pooling.start(sequences)
///     for chunk in chunks { pooling.add(hidden, chunk) }        // forward
///     for chunk in chunks { pooling.addOthers(hidden, chunk) }  // the same states again
///     for chunk in chunks { pooling.backward(gradients, chunk, to: &hiddenGradient) }
public struct ChordPooling<Scalar: MatrixScalar>: Sendable {
  /// What the states are pooled by.
  public let kinds: Set<Pooling>

  private let hiddenSize: Int
  private let kernels = Kernels<Scalar>.best
  private var sequences = PackedSequences(lengths: [])
  /// Of each sequence, and of the reference up to the same length, `[B, H]` each.
  private var own: Values
  private var reference: Values
  /// The state of each sequence at the reference's maximum, and that of the reference at its own, `[B, H]`.
  private var atReferenceMaximum: Matrix<Scalar>
  private var referenceAtMaximum: Matrix<Scalar>

  private struct Values: Sendable {
    var maximum: Matrix<Scalar>
    /// The time steps of the maxima; -1: there is none.
    var steps: [Int32] = []
    var sum: Matrix<Scalar>
    var last: Matrix<Scalar>

    init(batchSize: Int, hiddenSize: Int) {
      maximum = Matrix(rowCount: batchSize, columnCount: hiddenSize)
      sum = maximum
      last = maximum
      steps = [Int32](repeating: -1, count: maximum.elementCount)
    }
  }

  /// Creates a pooling for states of a width.
  ///
  /// - Parameters:
  ///   - hiddenSize: The number of hidden units, H.
  ///   - kinds: What the states are pooled by.
  public init(hiddenSize: Int, kinds: some Sequence<Pooling> = Pooling.allCases) {
    self.kinds = Set(kinds)
    self.hiddenSize = hiddenSize
    own = Values(batchSize: 0, hiddenSize: hiddenSize)
    reference = own
    atReferenceMaximum = own.maximum
    referenceAtMaximum = own.maximum
  }

  /// Forgets everything and makes room for a batch.
  ///
  /// - Parameter sequences: The lengths of the batch, the first of which is the reference's.
  public mutating func start(_ sequences: PackedSequences) {
    self.sequences = sequences
    own = Values(batchSize: sequences.batchSize, hiddenSize: hiddenSize)
    reference = own
    Kernels.fill(&own.maximum, with: -.infinity)
    atReferenceMaximum = reference.maximum
    referenceAtMaximum = reference.maximum
  }

  // MARK: Forward

  /// Takes in the states of the next chunk.
  ///
  /// - Parameters:
  ///   - hidden: Initial and later hidden states of the chunk, `[B + N, H]`.
  ///   - chunk: The chunk.
  /// - Complexity: O(N·H).
  public mutating func add(_ hidden: Matrix<Scalar>, _ chunk: TimeChunk) {
    var places = [Int32](repeating: -1, count: own.steps.count)
    let steps = chunk.stepsOfStateRows
    for (step, time) in chunk.steps.enumerated() {
      let rows = chunk.sequences.stateRows(of: step)
      kernels.maximum(&own.maximum, places: &places, of: hidden, rows: rows)
      kernels.addRows(of: hidden, rows: rows, to: &own.sum)
      let next = time + 1 < sequences.timeStepCount ? sequences.stepSizes[time + 1] : 0
      for ended in next..<rows.count {
        own.last.replaceRow(ended, with: hidden.row(rows.lowerBound + ended))
        note(places, steps, of: ended)
        note(places, steps, of: 0)
        copyReference(to: ended, last: hidden.row(rows.lowerBound))
      }
    }
    for row in 0..<chunk.sequences.batchSize { note(places, steps, of: row) }
  }

  /// Turns the newest places of a sequence's maxima into time steps.
  private mutating func note(_ places: [Int32], _ steps: [Int32], of row: Int) {
    for index in row * hiddenSize..<(row + 1) * hiddenSize where places[index] >= 0 {
      own.steps[index] = steps[Int(places[index])]
    }
  }

  /// Keeps what the reference is pooled to after as many steps as a sequence has.
  private mutating func copyReference(to row: Int, last: [Scalar]) {
    reference.maximum.replaceRow(row, with: own.maximum.row(0))
    reference.sum.replaceRow(row, with: own.sum.row(0))
    reference.last.replaceRow(row, with: last)
    reference.steps.replaceSubrange(
      row * hiddenSize..<(row + 1) * hiddenSize, with: own.steps[0..<hiddenSize])
  }

  /// The pooled states, `[B, H]`, of each sequence and of the reference up to its length; zeros of no steps.
  ///
  /// - Parameter pooling: Which one; one of ``kinds``.
  /// - Returns: Both, in packed order.
  public func features(_ pooling: Pooling) -> (own: Matrix<Scalar>, reference: Matrix<Scalar>) {
    (features(pooling, own), features(pooling, reference))
  }

  @specialized(where Scalar == Float)
  private func features(_ pooling: Pooling, _ values: Values) -> Matrix<Scalar> {
    var pooled: Matrix<Scalar>
    switch pooling {
    case .last: return values.last
    case .max: pooled = values.maximum
    case .mean: pooled = values.sum
    }
    for (sequence, count) in sequences.lengths.enumerated() where count == 0 || pooling == .mean {
      for unit in 0..<hiddenSize {
        pooled[sequence, unit] = count == 0 ? 0 : pooled[sequence, unit] / Scalar(count)
      }
    }
    return pooled
  }

  // MARK: Backward

  /// Looks up the states that a change of maxima needs, of a chunk whose states are there.
  ///
  /// - Parameters:
  ///   - hidden: Initial and later hidden states of the chunk, `[B + N, H]`.
  ///   - chunk: The chunk.
  /// - Complexity: O(B·H).
  @specialized(where Scalar == Float)
  public mutating func addOthers(_ hidden: Matrix<Scalar>, _ chunk: TimeChunk) {
    guard kinds.contains(.max) else { return }
    for row in 0..<chunk.sequences.batchSize {
      for unit in 0..<hiddenSize {
        let index = row * hiddenSize + unit
        if let state = chunk.stateRow(at: reference.steps[index], of: row) {
          atReferenceMaximum[row, unit] = hidden[state, unit]
        }
        if let state = chunk.stateRow(at: own.steps[index], of: 0) {
          referenceAtMaximum[row, unit] = hidden[state, unit]
        }
      }
    }
  }

  /// Adds the gradient of pooled states, by chords, to the gradient of the states of a chunk.
  ///
  /// - Parameters:
  ///   - pooling: Which pooling the gradient belongs to; one of ``kinds``.
  ///   - gradient: The gradient of the pooled states, `[B, H]`.
  ///   - chunk: The chunk.
  ///   - hiddenGradient: The gradient of the chunk's states, `[B + N, H]`.
  /// - Complexity: O(N·H) for the mean, else O(B·H).
  public func backward(
    _ pooling: Pooling, _ gradient: Matrix<Scalar>, _ chunk: TimeChunk,
    to hiddenGradient: inout Matrix<Scalar>
  ) {
    switch pooling {
    case .last:
      for row in 0..<chunk.sequences.batchSize {
        guard let state = chunk.stateRow(at: Int32(sequences.lengths[row] - 1), of: row) else {
          continue
        }
        kernels.addRows(of: gradient, rows: row..<row + 1, to: &hiddenGradient, at: state)
      }
    case .max: maximumBackward(gradient, chunk, to: &hiddenGradient)
    case .mean:
      let scales = sequences.lengths.map { $0 == 0 ? 0 : 1 / Scalar($0) }
      for step in chunk.steps.indices {
        let rows = chunk.sequences.stateRows(of: step - chunk.steps.lowerBound)
        kernels.addRows(
          of: gradient, rows: 0..<rows.count, scaledBy: scales, to: &hiddenGradient,
          at: rows.lowerBound)
      }
    }
  }

  @specialized(where Scalar == Float)
  private func maximumBackward(
    _ gradient: Matrix<Scalar>, _ chunk: TimeChunk, to hiddenGradient: inout Matrix<Scalar>
  ) {
    for row in 0..<chunk.sequences.batchSize {
      for unit in 0..<hiddenSize {
        let index = row * hiddenSize + unit
        let weight = ownWeight(row, unit)
        if let state = chunk.stateRow(at: own.steps[index], of: row) {
          hiddenGradient[state, unit] += weight * gradient[row, unit]
        }
        if let state = chunk.stateRow(at: reference.steps[index], of: row) {
          hiddenGradient[state, unit] += (1 - weight) * gradient[row, unit]
        }
      }
    }
  }

  /// How much of a maximum's change is that of the state at the sequence's own maximum.
  private func ownWeight(_ row: Int, _ unit: Int) -> Scalar {
    let index = row * hiddenSize + unit
    guard own.steps[index] != reference.steps[index] else { return 1 }
    let (maximum, first) = (own.maximum[row, unit], reference.maximum[row, unit])
    let low = atReferenceMaximum[row, unit] - first
    let high = maximum - referenceAtMaximum[row, unit]
    guard high > low else { return 1 }
    return min(1, max(0, (maximum - first - low) / (high - low)))
  }
}

extension TimeChunk {
  /// The state row of a sequence after a time step of the whole batch; nil where it is not in the chunk.
  fileprivate func stateRow(at step: Int32, of sequence: Int) -> Int? {
    guard steps.contains(Int(step)) else { return nil }
    return sequences.batchSize
      + sequences.position(step: Int(step) - steps.lowerBound, sequence: sequence)
  }

  /// For each state row the time step of the whole batch that it is after.
  fileprivate var stepsOfStateRows: [Int32] {
    [Int32](repeating: -1, count: sequences.batchSize)
      + zip(steps, sequences.stepSizes).flatMap { step, size in
        [Int32](repeating: Int32(step), count: size)
      }
  }
}
