public import SentiTensor

/// An activation as a layer of its own, element by element.
extension Activation {
  /// Replaces every element of a matrix by what the activation makes of it.
  ///
  /// - Parameter matrix: The inputs; afterwards the outputs.
  /// - Complexity: O(elements); no allocation.
  public func apply<Scalar: MatrixScalar>(to matrix: inout Matrix<Scalar>) {
    Kernels<Scalar>.best.activate(&matrix, self)
  }

  /// Turns the gradient of the outputs into that of the inputs.
  ///
  /// All derivatives can be had from the output alone; at a corner the one below it is taken, as in
  /// PyTorch.
  ///
  /// - Parameters:
  ///   - gradient: The gradient of the outputs; afterwards that of the inputs.
  ///   - outputs: What ``apply(to:)`` gave.
  /// - Complexity: O(elements); no allocation.
  public func backward<Scalar: MatrixScalar>(
    _ gradient: inout Matrix<Scalar>, outputs: Matrix<Scalar>
  ) {
    Kernels<Scalar>.best.activateBackward(&gradient, outputs: outputs, self)
  }
}
