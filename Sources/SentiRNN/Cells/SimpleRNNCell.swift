public import SentiTensor

/// The simple recurrent cell of Elman.
///
///     h' = activation(W·x + b + U·h + c)
///
/// Its gradient is multiplied by U at every step, so that it vanishes or explodes over long
/// sequences; see <doc:BackpropagationThroughTime>. With layer normalization both products are
/// normalized, each for itself, before the biases are added; see <doc:LayerNormalization>.
///
/// - SeeAlso: Elman 1990, <https://doi.org/10.1207/s15516709cog1402_1>.
public struct SimpleRNNCell: RecurrentCell, Hashable {
  /// Where the parameters are.
  public let parameters: GateParameters

  /// The nonlinearity.
  public let activation: Activation

  /// The equations.
  public var kind: StepKind { .simple(activation) }

  /// Creates a cell on reserved parameters.
  ///
  /// - Parameters:
  ///   - parameters: Parameters of one gate.
  ///   - activation: The nonlinearity; tanh as in the textbook.
  public init(parameters: GateParameters, activation: Activation = .tanh) {
    self.parameters = parameters
    self.activation = activation
  }

  /// Fills the input weights by Glorot's rule, He's for ReLU and its leaky form, and the recurrent
  /// ones orthogonally.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    let rule: Initializer =
      activation == .relu || activation == .leakyReLU ? .heNormal : .glorotUniform
    parameters.initialize(slots.inputWeights, rule, using: &generator)
    parameters.initialize(slots.recurrentWeights, .orthogonal, using: &generator)
    parameters.initialize(slots.inputBias, .zeros, using: &generator)
    parameters.initialize(slots.recurrentBias, .zeros, using: &generator)
    initializeGains(&parameters, using: &generator)
  }
}
