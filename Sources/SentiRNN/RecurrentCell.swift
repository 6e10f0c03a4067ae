public import SentiTensor

/// The parameters of a recurrent cell: two matrices and two biases, gate after gate.
///
/// Gate order and names are PyTorch's; see <doc:GateOrder>.
public struct GateParameters: Hashable, Sendable {
  static let inputWeightsKey = "weight_ih"
  static let recurrentWeightsKey = "weight_hh"
  static let inputBiasKey = "bias_ih"
  static let recurrentBiasKey = "bias_hh"

  /// The input-to-gates matrix, `[G·H, I]`.
  public let inputWeights: ParameterSlot

  /// The hidden-to-gates matrix, `[G·H, H]`.
  public let recurrentWeights: ParameterSlot

  /// The bias on the input side, `[G·H]`.
  public let inputBias: ParameterSlot

  /// The bias on the recurrent side, `[G·H]`.
  public let recurrentBias: ParameterSlot

  /// Reserves the parameters of a cell.
  ///
  /// - Parameters:
  ///   - gateCount: The number of gates, G.
  ///   - inputSize: The width of the input, I.
  ///   - hiddenSize: The number of hidden units, H.
  ///   - prefix: What the names begin with, such as `encoder.`.
  ///   - suffix: What the names end with, such as `_l0_reverse`.
  ///   - layout: The model's layout.
  public init(
    gateCount: Int, inputSize: Int, hiddenSize: Int, prefix: String, suffix: String,
    layout: inout ParameterLayout
  ) {
    let rows = gateCount * hiddenSize
    func name(_ key: String) -> String { prefix + key + suffix }
    inputWeights = layout.add(name(Self.inputWeightsKey), shape: [rows, inputSize])
    recurrentWeights = layout.add(name(Self.recurrentWeightsKey), shape: [rows, hiddenSize])
    inputBias = layout.add(name(Self.inputBiasKey), shape: [rows])
    recurrentBias = layout.add(name(Self.recurrentBiasKey), shape: [rows])
  }
}

/// The equations of one recurrent time step.
///
/// A cell knows its gates; a ``RecurrentLayer`` knows time. A cell holds no numbers: it says where
/// its parameters are in the model's arena.
public protocol RecurrentCell: Sendable {
  /// The equations.
  var kind: StepKind { get }

  /// Where the parameters are.
  var parameters: GateParameters { get }

  /// Fills the parameters before training.
  func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator)

  /// The biases that are added to the input projection, `[G·H]`.
  func projectionBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar]

  /// The bias inside of the reset gate, `[H]`; empty where the cell has no such gate.
  func candidateBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar]
}

extension RecurrentCell {
  /// The width of the input, I.
  public var inputSize: Int { parameters.inputWeights.columnCount }

  /// The number of hidden units, H.
  public var hiddenSize: Int { parameters.recurrentWeights.columnCount }

  /// The number of gates, G.
  public var gateCount: Int { kind.gateCount }

  /// Fills the input weights by Glorot's rule and the recurrent ones orthogonally, gate by gate;
  /// biases are zero.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    initializeWeights(&parameters, using: &generator)
    parameters.initialize(self.parameters.inputBias, .zeros, using: &generator)
    parameters.initialize(self.parameters.recurrentBias, .zeros, using: &generator)
  }

  /// Fills the input weights by Glorot's rule and the recurrent ones orthogonally, gate by gate.
  func initializeWeights<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    for gate in 0..<gateCount {
      let rows = gate * hiddenSize..<(gate + 1) * hiddenSize
      parameters.initialize(slots.inputWeights, .glorotUniform, rows: rows, using: &generator)
      parameters.initialize(slots.recurrentWeights, .orthogonal, rows: rows, using: &generator)
    }
  }

  /// The sum of both biases, `[G·H]`.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The bias, `[G·H]`.
  public func projectionBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    let slots = self.parameters
    return zip(parameters[slots.inputBias], parameters[slots.recurrentBias]).map { $0 + $1 }
  }

  /// No bias: only a GRU has one inside of its reset gate.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: An empty array.
  public func candidateBias<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> [Scalar] {
    []
  }
}

/// Which recurrent cell a model uses.
public enum CellKind: String, CaseIterable, Codable, Sendable {
  /// ``SimpleRNNCell`` with the hyperbolic tangent.
  case rnn
  /// ``SimpleRNNCell`` with ReLU.
  case rnnReLU = "rnn-relu"
  /// ``SimpleRNNCell`` with ELU.
  case rnnELU = "rnn-elu"
  /// ``GRUCell``.
  case gru
  /// ``LSTMCell``.
  case lstm

  /// Creates a cell and reserves its parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The width of the input, I.
  ///   - hiddenSize: The number of hidden units, H.
  ///   - prefix: What parameter names begin with.
  ///   - suffix: What parameter names end with.
  ///   - layout: The model's layout.
  /// - Returns: The cell.
  public func cell(
    inputSize: Int, hiddenSize: Int, prefix: String, suffix: String, layout: inout ParameterLayout
  ) -> any RecurrentCell {
    let gateCount =
      switch self {
      case .rnn, .rnnReLU, .rnnELU: 1
      case .gru: 3
      case .lstm: 4
      }
    let parameters = GateParameters(
      gateCount: gateCount, inputSize: inputSize, hiddenSize: hiddenSize, prefix: prefix,
      suffix: suffix, layout: &layout)
    switch self {
    case .rnn: return SimpleRNNCell(parameters: parameters, activation: .tanh)
    case .rnnReLU: return SimpleRNNCell(parameters: parameters, activation: .relu)
    case .rnnELU: return SimpleRNNCell(parameters: parameters, activation: .elu)
    case .gru: return GRUCell(parameters: parameters)
    case .lstm: return LSTMCell(parameters: parameters)
    }
  }
}
