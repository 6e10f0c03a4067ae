public import SentiTensor

/// The order in which a batch of sequences of different lengths is computed: packed, without padding.
///
/// Sequences are sorted longest first and laid out time-major. At step t only those that are long
/// enough take part; since they are the first ones, the batch shrinks and nothing is ever computed
/// for padding:
///
///     lengths 3 1 2   sorted  a a a      rows   a0 c0 b0 | a1 c1 | a2
///                             c c
///                             b
///
/// A *position* is a row of that layout. A *state row* is a row of a layer's states: the initial
/// states of all sequences come first, then the state after each position.
public struct PackedSequences: Hashable, Sendable {
  /// The lengths, longest first.
  public let lengths: [Int]

  /// For each packed sequence, its index in the caller's list; equal lengths keep their order.
  public let order: [Int]

  /// The number of sequences that have step t.
  public let stepSizes: [Int]

  /// The position of the first token of step t.
  public let stepOffsets: [Int]

  /// Packs sequences by their lengths.
  ///
  /// - Parameter lengths: The number of time steps of each sequence; zero is allowed.
  /// - Complexity: O(B log B + T).
  public init(lengths: [Int]) {
    precondition(lengths.allSatisfy { $0 >= 0 }, "negative length in \(lengths)")
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let sorted = order.map { lengths[$0] }
    var (sizes, offsets, total, alive) = ([Int](), [Int](), 0, sorted.count)
    for step in 0..<(sorted.first ?? 0) {
      while sorted[alive - 1] <= step { alive -= 1 }
      sizes.append(alive)
      offsets.append(total)
      total += alive
    }
    self.order = order
    self.lengths = sorted
    stepSizes = sizes
    stepOffsets = offsets
  }

  /// For each of the caller's sequences its place in the packed order.
  package var places: [Int32] {
    var places = [Int32](repeating: 0, count: batchSize)
    for (place, index) in order.enumerated() { places[index] = Int32(place) }
    return places
  }

  /// The number of sequences, B.
  public var batchSize: Int { lengths.count }

  /// The number of time steps of the longest sequence, T.
  public var timeStepCount: Int { stepSizes.count }

  /// The number of tokens of all sequences, N.
  public var tokenCount: Int { (stepOffsets.last ?? 0) + (stepSizes.last ?? 0) }

  /// The number of state rows, B + N.
  public var stateRowCount: Int { batchSize + tokenCount }

  /// The position of a token.
  ///
  /// - Parameters:
  ///   - step: The time step, below the sequence's length.
  ///   - sequence: The packed sequence.
  /// - Returns: The row of the packed layout.
  public func position(step: Int, sequence: Int) -> Int { stepOffsets[step] + sequence }

  /// The state row in which a packed sequence ends; its initial state where it has no steps.
  ///
  /// - Parameter sequence: The packed sequence.
  /// - Returns: The row of a layer's states.
  public func finalStateRow(of sequence: Int) -> Int {
    let length = lengths[sequence]
    return length == 0 ? sequence : batchSize + position(step: length - 1, sequence: sequence)
  }

  /// For each position, the position of the same token when every sequence runs backwards.
  ///
  /// Applying it twice changes nothing.
  public var reversedPositions: [Int32] {
    var positions = [Int32](repeating: 0, count: tokenCount)
    for (step, size) in stepSizes.enumerated() {
      for sequence in 0..<size {
        let mirrored = position(step: lengths[sequence] - 1 - step, sequence: sequence)
        positions[position(step: step, sequence: sequence)] = Int32(mirrored)
      }
    }
    return positions
  }

  /// For each position, the state row before it.
  public var previousStateRows: [Int32] {
    var rows = [Int32](repeating: 0, count: tokenCount)
    for (step, size) in stepSizes.enumerated() {
      let previous = step == 0 ? 0 : batchSize + stepOffsets[step - 1]
      for sequence in 0..<size { rows[stepOffsets[step] + sequence] = Int32(previous + sequence) }
    }
    return rows
  }

  /// For each position, its packed sequence.
  public var sequenceRows: [Int32] { stepSizes.flatMap { 0..<Int32($0) } }

  /// Lays out one value a token in packed order.
  ///
  /// - Parameter sequences: The caller's sequences, of the lengths given at creation.
  /// - Returns: One value a position.
  @specialized(where Element == Int32)
  public func packed<Element>(_ sequences: [[Element]]) -> [Element] {
    precondition(
      order.indices.allSatisfy { sequences[order[$0]].count == lengths[$0] },
      "sequences of lengths \(sequences.map(\.count)), in packed order expected \(lengths)")
    return stepSizes.indices.flatMap { step in
      (0..<stepSizes[step]).map { sequences[order[$0]][step] }
    }
  }
}

extension Matrix {
  /// The rows in the caller's order, where they are now in packed order.
  ///
  /// - Parameter sequences: The packed order.
  /// - Returns: The same rows in the order that was packed.
  public func unpacked(_ sequences: PackedSequences) -> Matrix {
    precondition(
      rowCount == sequences.batchSize, "\(rowCount) rows for \(sequences.batchSize) sequences")
    var rows = [Int32](repeating: 0, count: rowCount)
    for (packed, index) in sequences.order.enumerated() { rows[index] = Int32(packed) }
    return self.rows(rows)
  }
}
