public import SentiTensor

/// The gated recurrent unit, with the reset gate after the recurrent product.
///
///     r  = sigmoid(Wr·x + br + Ur·h + cr)        reset
///     z  = sigmoid(Wz·x + bz + Uz·h + cz)        update
///     n  = tanh(Wn·x + bn + r * (Un·h + cn))     candidate
///     h' = (1 - z) * n + z * h
///
/// This is PyTorch's form, and ONNX's with `linear_before_reset` 1. Gate order `reset, update,
/// candidate`; see <doc:GateOrder>.
///
/// - SeeAlso: Cho et al. 2014, <https://arxiv.org/abs/1406.1078>.
public struct GRUCell: RecurrentCell, Hashable {
  /// Where the parameters are.
  public let parameters: GateParameters

  /// The equations.
  public var kind: StepKind { .gru }

  /// Creates a cell on reserved parameters.
  ///
  /// - Parameter parameters: Parameters of three gates.
  public init(parameters: GateParameters) {
    self.parameters = parameters
  }

  /// The sum of both biases for reset and update, the input's alone for the candidate, `[3·H]`.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[3·H]`.
  public func projectionBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    var bias = parameters[self.parameters.inputBias]
    let recurrent = parameters[self.parameters.recurrentBias]
    for index in 0..<2 * hiddenSize { bias[index] += recurrent[index] }
    return bias
  }

  /// The candidate's recurrent bias, `[H]`.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[H]`.
  public func candidateBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    Array(parameters[self.parameters.recurrentBias][(2 * hiddenSize)...])
  }
}
