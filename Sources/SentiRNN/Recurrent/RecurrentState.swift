public import SentiTensor

/// The state of a layer for every sequence of a batch, in packed order.
public struct RecurrentState<Scalar: MatrixScalar>: Equatable, Sendable {
  /// The hidden states, `[B, H]`.
  public var hidden: Matrix<Scalar>

  /// The cell states, `[B, H]`; no columns where the cell has none.
  public var cell: Matrix<Scalar>

  /// The states of the first sequences.
  ///
  /// - Parameter count: How many, at most B.
  /// - Returns: States of `count` sequences.
  public func prefix(_ count: Int) -> RecurrentState {
    rows(Array(0..<Int32(count)))
  }

  /// The states of some sequences, in the order given.
  ///
  /// - Parameter rows: Packed sequences; repeats are allowed.
  /// - Returns: One state a row.
  public func rows(_ rows: [Int32]) -> RecurrentState {
    RecurrentState(hidden: hidden.rows(rows), cell: cell.rows(rows))
  }
}

/// The states of all layers of a stack for every sequence of a batch, in packed order; or their
/// gradients.
public struct StackState<Scalar: MatrixScalar>: Equatable, Sendable {
  /// The layers' states, lowest layer first, one for each direction.
  public var layers: [[RecurrentState<Scalar>]]

  /// Collects states.
  ///
  /// - Parameter layers: The layers' states, lowest layer first, one for each direction.
  public init(layers: [[RecurrentState<Scalar>]]) { self.layers = layers }

  /// The states of one layer, one for each direction.
  public subscript(level: Int) -> [RecurrentState<Scalar>] {
    get { layers[level] }
    _modify { yield &layers[level] }
  }

  /// The states of the first sequences.
  ///
  /// - Parameter count: How many, at most B.
  /// - Returns: States of `count` sequences.
  public func prefix(_ count: Int) -> StackState {
    StackState(layers: layers.map { $0.map { $0.prefix(count) } })
  }

  /// Puts other states in the place of those from a packed sequence on.
  mutating func replaceRows(from first: Int, with states: StackState) {
    for level in layers.indices {
      for index in layers[level].indices {
        layers[level][index].hidden.replaceRows(from: first, with: states[level][index].hidden)
        layers[level][index].cell.replaceRows(from: first, with: states[level][index].cell)
      }
    }
  }
}
