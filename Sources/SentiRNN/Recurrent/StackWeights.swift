public import SentiTensor

/// The weights of a stack in the kernels' order, made once an update and shared by all threads.
public struct StackWeights<Scalar: MatrixScalar>: Sendable {
  /// The cells' weights, lowest layer first, one for each direction.
  let layers: [[RecurrentWeights<Scalar>]]

  /// The batch normalizations of each layer's outputs but the highest's; empty where there are none.
  var batchNormalizations: [BatchNormalization.Weights<Scalar>] = []

  /// The weights of one layer, one for each direction.
  subscript(level: Int) -> [RecurrentWeights<Scalar>] { layers[level] }

  /// The weights of one direction, for ``RecurrentStack/stream(_:)``.
  ///
  /// - Parameter index: The direction, 0 or 1.
  /// - Returns: The weights of that direction's layers.
  public func direction(_ index: Int) -> StackWeights {
    StackWeights(layers: layers.map { [$0[index]] }, batchNormalizations: batchNormalizations)
  }

  /// The kernels that the weights were packed for.
  var kernels: Kernels<Scalar> { layers[0][0].kernels }
}
