public import SentiTensor

/// Where the reset gate of a GRU is applied.
public enum ResetPlacement: Hashable, Sendable {
  /// To the recurrent product: PyTorch, cuDNN, ONNX with `linear_before_reset` 1.
  case afterProduct
  /// To the state, before the product: the paper, ONNX with `linear_before_reset` 0.
  case beforeProduct
}

/// The gated recurrent unit.
///
///     r  = sigmoid(Wr·x + br + Ur·h + cr)        reset
///     z  = sigmoid(Wz·x + bz + Uz·h + cz)        update
///     n  = tanh(Wn·x + bn + r * (Un·h + cn))     candidate
///     h' = (1 - z) * n + z * h
///
/// With ``ResetPlacement/beforeProduct`` the candidate is `tanh(Wn·x + bn + Un·(r * h) + cn)`, which
/// takes two products a step where the other form takes one. Gate order `reset, update, candidate`;
/// see <doc:GatesInOrder>.
///
/// - SeeAlso: Cho et al. 2014, <https://arxiv.org/abs/1406.1078>.
public struct GRUCell: RecurrentCell, Hashable {
  /// Where the parameters are.
  public let parameters: GateParameters

  /// Where the reset gate is applied.
  public let resetPlacement: ResetPlacement

  /// The equations.
  public var kind: StepKind { resetPlacement == .afterProduct ? .gru : .gruResetBefore }

  /// Creates a cell on reserved parameters.
  ///
  /// - Parameters:
  ///   - parameters: Parameters of three gates.
  ///   - resetPlacement: Where the reset gate is applied; after the product, as in PyTorch.
  public init(parameters: GateParameters, resetPlacement: ResetPlacement = .afterProduct) {
    self.parameters = parameters
    self.resetPlacement = resetPlacement
  }

  /// The sum of both biases, but the input's alone for a candidate that is reset after its product,
  /// `[3·H]`.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[3·H]`.
  public func projectionBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    var bias = parameters[self.parameters.inputBias]
    let recurrent = parameters[self.parameters.recurrentBias]
    let summedGates = resetPlacement == .afterProduct ? 2 : 3
    for index in 0..<summedGates * hiddenSize { bias[index] += recurrent[index] }
    return bias
  }

  /// The candidate's recurrent bias, `[H]`, where it lies inside of the reset gate.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[H]`; empty where the reset gate comes before the product.
  public func candidateBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    guard resetPlacement == .afterProduct else { return [] }
    return Array(parameters[self.parameters.recurrentBias][(2 * hiddenSize)...])
  }
}
