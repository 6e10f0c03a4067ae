public import SentiTensor

/// A recurrent cell of a model: its equations, and where its parameters are in the model's arena.
///
/// A cell knows its gates; a ``RecurrentLayer`` knows time. It holds no numbers: a forward pass takes
/// them packed, as ``RecurrentWeights``.
///
///     var layout = ParameterLayout()
///     let cell = RecurrentCell(
///       .gru, inputSize: 128, hiddenSize: 256, prefix: "encoder.", suffix: "_l0", layout: &layout)
public struct RecurrentCell: Hashable, Sendable {
  /// The equations.
  public let configuration: CellConfiguration

  /// Where the parameters are.
  public let parameters: GateParameters

  /// The width of the input, I.
  public var inputSize: Int { parameters.inputWeights.columnCount }

  /// The number of hidden units, H.
  public var hiddenSize: Int { parameters.recurrentWeights.columnCount }

  /// The width of all gates, G·H.
  var gatesWidth: Int { parameters.inputWeights.rowCount }

  /// The forget gate's bias before training; 1 lets a fresh LSTM remember.
  ///
  /// - SeeAlso: Jozefowicz et al. 2015, <https://proceedings.mlr.press/v37/jozefowicz15.html>.
  public static let initialForgetBias = 1.0

  /// Reserves the parameters of a cell.
  ///
  /// - Parameters:
  ///   - configuration: The equations.
  ///   - inputSize: The width of the input, I.
  ///   - hiddenSize: The number of hidden units, H.
  ///   - prefix: What parameter names begin with, such as `encoder.`.
  ///   - suffix: What parameter names end with, such as `_l0_reverse`.
  ///   - layout: The model's layout.
  public init(
    _ configuration: CellConfiguration, inputSize: Int, hiddenSize: Int, prefix: String,
    suffix: String, layout: inout ParameterLayout
  ) {
    self.configuration = configuration
    parameters = GateParameters(
      configuration, inputSize: inputSize, hiddenSize: hiddenSize, name: { prefix + $0 + suffix },
      layout: &layout)
  }

  // MARK: Biases

  /// The biases that are added to the input projection, `[G·H]`: the sum of both, but the input's
  /// alone for a candidate that is reset after its product.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[G·H]`.
  public func projectionBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    var bias = parameters[self.parameters.inputBias]
    let recurrent = parameters[self.parameters.recurrentBias]
    for index in jointBiases { bias[index] += recurrent[index] }
    return bias
  }

  /// The candidate's recurrent bias, `[H]`, where it lies inside of a reset gate.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[H]`; empty where no reset gate comes after a product.
  public func candidateBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    Array(parameters[self.parameters.recurrentBias][jointBiases.upperBound...])
  }

  /// The columns of the gates whose two biases are one sum, and have one gradient.
  var jointBiases: Range<Int> { 0..<configuration.jointBiasGateCount * hiddenSize }

  // MARK: Initial parameters

  /// Fills the parameters before training.
  ///
  /// Gate by gate, input weights by Glorot's rule, He's for ReLU and its leaky form, and recurrent ones
  /// orthogonally; biases and peepholes are zero, but for the forget gate's ``initialForgetBias``, and
  /// gains are one, so that a fresh cell is one without peepholes and with nothing but normal sums.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    initializeWeights(&parameters, using: &generator)
    parameters.initialize(slots.inputBias, .zeros, using: &generator)
    parameters.initialize(slots.recurrentBias, .zeros, using: &generator)
    if let peepholes = slots.peepholes {
      parameters.initialize(peepholes, .zeros, using: &generator)
    }
    initializeGains(&parameters, using: &generator)
    guard configuration.kind == .lstm else { return }
    var bias = [Scalar](repeating: 0, count: gatesWidth)
    for unit in hiddenSize..<2 * hiddenSize { bias[unit] = Scalar(Self.initialForgetBias) }
    parameters[slots.inputBias] = bias
  }

  private func initializeWeights<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    let rule: Initializer =
      switch configuration.activation {
      case .relu, .leakyReLU: .heNormal
      default: .glorotUniform
      }
    for gate in 0..<configuration.gateCount {
      let rows = gate * hiddenSize..<(gate + 1) * hiddenSize
      parameters.initialize(slots.inputWeights, rule, rows: rows, using: &generator)
      parameters.initialize(slots.recurrentWeights, .orthogonal, rows: rows, using: &generator)
    }
  }

  /// Gains of layer normalization begin at one, and the cell state's bias at zero.
  private func initializeGains<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    guard let normalization = self.parameters.normalization else { return }
    for gain in [normalization.inputGain, normalization.recurrentGain, normalization.cellGain] {
      if let gain { parameters.initialize(gain, .constant(1), using: &generator) }
    }
    if let bias = normalization.cellBias {
      parameters.initialize(bias, .zeros, using: &generator)
    }
  }
}
