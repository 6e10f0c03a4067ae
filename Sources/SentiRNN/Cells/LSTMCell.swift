public import SentiTensor

/// Long short-term memory with a forget gate.
///
///     i  = sigmoid(Wi·x + bi + Ui·h + ci)     input
///     f  = sigmoid(Wf·x + bf + Uf·h + cf)     forget
///     g  = tanh(Wg·x + bg + Ug·h + cg)        candidate
///     o  = sigmoid(Wo·x + bo + Uo·h + co)     output
///     c' = f * c + i * g
///     h' = o * tanh(c')
///
/// With peepholes, `p * c` is added inside of the input and forget gate and `p * c'` inside of the
/// output gate, each unit seeing its own cell state. Gate order `input, forget, candidate, output`,
/// as in PyTorch; see <doc:GatesInOrder>.
///
/// - SeeAlso: Hochreiter and Schmidhuber 1997, <https://doi.org/10.1162/neco.1997.9.8.1735>; Gers
///   et al. 2000, <https://doi.org/10.1162/089976600300015015>; peepholes: Gers et al. 2002,
///   <https://jmlr.org/papers/v3/gers02a.html>.
public struct LSTMCell: RecurrentCell, Hashable {
  /// Where the parameters are.
  public let parameters: GateParameters

  /// The forget gate's bias before training; 1 lets a fresh cell remember.
  ///
  /// - SeeAlso: Jozefowicz et al. 2015, <https://proceedings.mlr.press/v37/jozefowicz15.html>.
  public static let initialForgetBias = 1.0

  /// The equations.
  public var kind: StepKind { .lstm }

  /// Creates a cell on reserved parameters.
  ///
  /// - Parameter parameters: Parameters of four gates.
  public init(parameters: GateParameters) {
    self.parameters = parameters
  }

  /// Fills the weights gate by gate, biases with zero and the forget gate's with
  /// ``initialForgetBias``.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    initializeWeights(&parameters, using: &generator)
    var bias = [Scalar](repeating: 0, count: gateCount * hiddenSize)
    for unit in hiddenSize..<2 * hiddenSize { bias[unit] = Scalar(Self.initialForgetBias) }
    parameters[slots.inputBias] = bias
    parameters.initialize(slots.recurrentBias, .zeros, using: &generator)
  }
}
