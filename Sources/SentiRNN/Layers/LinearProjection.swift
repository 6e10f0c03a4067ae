internal import SentiTensor

/// A product with a weight matrix and no bias: `y = x · Wᵀ`.
struct LinearProjection: Hashable, Sendable {
  /// The weights, `[O, I]`.
  let weights: ParameterSlot

  /// The packed weights.
  struct Weights<Scalar: MatrixScalar>: Sendable {
    var forward: PackedMatrix<Scalar>
    var backward: PackedMatrix<Scalar>
  }

  func weights<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> Weights<Scalar> {
    var packed = Weights<Scalar>(
      forward: PackedMatrix(depth: weights.columnCount, columnCount: weights.rowCount),
      backward: PackedMatrix(depth: weights.rowCount, columnCount: weights.columnCount))
    packed.forward.pack(parameters, weights)
    packed.backward.packTransposed(parameters, weights)
    return packed
  }

  /// The outputs, `[B, O]`.
  func forward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ packed: Weights<Scalar>
  ) -> Matrix<Scalar> {
    Self.product(input, packed.forward)
  }

  /// Adds the gradient of the weights, and answers that of the inputs, `[B, I]`.
  func backward<Scalar: MatrixScalar>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, _ packed: Weights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) -> Matrix<Scalar> {
    var scratch = AlignedArray<Scalar>(zeros: 0)
    packed.backward.kernels.multiplyTransposed(
      MatrixBlock(outputGradient), GatheredRows(input), into: &gradients, weights, scratch: &scratch
    )
    return Self.product(outputGradient, packed.backward)
  }

  private static func product<Scalar: MatrixScalar>(
    _ left: Matrix<Scalar>, _ right: PackedMatrix<Scalar>
  ) -> Matrix<Scalar> {
    var product = Matrix<Scalar>(rowCount: left.rowCount, columnCount: right.columnCount)
    right.kernels.multiply(MatrixBlock(left), by: right, into: &product)
    return product
  }
}
