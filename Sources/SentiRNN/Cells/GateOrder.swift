public import SentiTensor

/// The order in which a format holds the gates of a cell; see <doc:GatesInOrder>.
///
/// All reordering between this package and others is here.
public enum GateOrder: CaseIterable, Sendable {
  /// This package's and PyTorch's: reset, update, candidate; input, forget, candidate, output.
  case pyTorch
  /// ONNX's: update, reset, candidate; input, output, forget, candidate.
  case onnx

  /// For each gate of the format, in its order, the place of that gate in this package's order.
  ///
  /// - Parameter cell: The cell's equations.
  /// - Returns: A permutation of `0..<cell.gateCount`.
  public func gates(of cell: CellConfiguration) -> [Int] {
    switch (self, cell.kind) {
    case (.onnx, .gru): [1, 0, 2]
    case (.onnx, .lstm): [0, 3, 1, 2]
    default: Array(0..<cell.gateCount)
    }
  }

  /// Puts an LSTM's peepholes, which this package holds as input, forget, output, into the format's
  /// order.
  ///
  /// - Parameter values: The elements of 3 blocks of equal size, `[3·H]`.
  /// - Returns: The same blocks; in ONNX as input, output, forget.
  /// - Precondition: The number of elements is a multiple of 3.
  public func reorderedPeepholes<Scalar>(_ values: [Scalar]) -> [Scalar] {
    precondition(values.count.isMultiple(of: 3), "\(values.count) elements for 3 peepholes")
    let size = values.count / 3
    let blocks = self == .onnx ? [0, 2, 1] : [0, 1, 2]
    return blocks.flatMap { values[$0 * size..<($0 + 1) * size] }
  }

  /// Puts a weight matrix or a bias of this package into the format's order.
  ///
  /// - Parameters:
  ///   - values: The elements of G blocks of equal size, `[G·H, …]`.
  ///   - cell: The cell's equations.
  /// - Returns: The same blocks in the format's order.
  /// - Precondition: The number of elements is a multiple of `cell.gateCount`.
  public func reordered<Scalar>(_ values: [Scalar], of cell: CellConfiguration) -> [Scalar] {
    precondition(
      values.count.isMultiple(of: cell.gateCount),
      "\(values.count) elements for \(cell.gateCount) gates")
    let size = values.count / cell.gateCount
    return gates(of: cell).flatMap { values[$0 * size..<($0 + 1) * size] }
  }
}
