public import SentiTensor

/// The parameters of a recurrent cell: two matrices and two biases, gate after gate, and what some
/// cells have beside them.
///
/// Gate order and names are PyTorch's where PyTorch has the cell; see <doc:GatesInOrder>.
public struct GateParameters: Hashable, Sendable {
  static let inputWeightsKey = "weight_ih"
  static let recurrentWeightsKey = "weight_hh"
  static let inputBiasKey = "bias_ih"
  static let recurrentBiasKey = "bias_hh"
  static let peepholesKey = "weight_ch"

  /// The input-to-gates matrix, `[G·H, I]`.
  public let inputWeights: ParameterSlot

  /// The hidden-to-gates matrix, `[G·H, H]`.
  public let recurrentWeights: ParameterSlot

  /// The bias on the input side, `[G·H]`.
  public let inputBias: ParameterSlot

  /// The bias on the recurrent side, `[G·H]`.
  public let recurrentBias: ParameterSlot

  /// The weights from the cell state to the input, forget and output gate, `[3·H]`, of an LSTM with
  /// peepholes.
  public let peepholes: ParameterSlot?

  /// The gains of a cell with layer normalization.
  public let normalization: LayerNormalizationParameters?

  /// Reserves the parameters of a cell.
  ///
  /// - Parameters:
  ///   - gateCount: The number of gates, G.
  ///   - inputSize: The width of the input, I.
  ///   - hiddenSize: The number of hidden units, H.
  ///   - prefix: What the names begin with, such as `encoder.`.
  ///   - suffix: What the names end with, such as `_l0_reverse`.
  ///   - hasPeepholes: Whether gates see the cell state.
  ///   - isNormalized: Whether sums are normalized inside of the cell.
  ///   - layout: The model's layout.
  /// - Precondition: Not both peepholes and normalization, which no cell has together.
  public init(
    gateCount: Int, inputSize: Int, hiddenSize: Int, prefix: String, suffix: String,
    hasPeepholes: Bool = false, isNormalized: Bool = false, layout: inout ParameterLayout
  ) {
    precondition(!hasPeepholes || !isNormalized, "peepholes of a cell with layer normalization")
    let rows = gateCount * hiddenSize
    func name(_ key: String) -> String { prefix + key + suffix }
    inputWeights = layout.add(name(Self.inputWeightsKey), shape: [rows, inputSize])
    recurrentWeights = layout.add(name(Self.recurrentWeightsKey), shape: [rows, hiddenSize])
    inputBias = layout.add(name(Self.inputBiasKey), shape: [rows])
    recurrentBias = layout.add(name(Self.recurrentBiasKey), shape: [rows])
    peepholes =
      hasPeepholes ? layout.add(name(Self.peepholesKey), shape: [3 * hiddenSize]) : nil
    normalization =
      isNormalized
      ? LayerNormalizationParameters(
        gateCount: gateCount, hiddenSize: hiddenSize, name: name, layout: &layout) : nil
  }
}

/// The gains of layer normalization inside of a cell; the cell's own biases are its biases.
///
/// See <doc:LayerNormalization>.
public struct LayerNormalizationParameters: Hashable, Sendable {
  static let inputGainKey = "norm_ih"
  static let recurrentGainKey = "norm_hh"
  static let cellGainKey = "norm_c"
  static let cellBiasKey = "norm_c_bias"

  /// The gain of the product with the input, `[G·H]`.
  public let inputGain: ParameterSlot

  /// The gain of the product with the state, `[G·H]`.
  public let recurrentGain: ParameterSlot

  /// The gain of the cell state on its way out, `[H]`, of an LSTM.
  public let cellGain: ParameterSlot?

  /// The bias of the cell state on its way out, `[H]`, of an LSTM.
  public let cellBias: ParameterSlot?

  init(
    gateCount: Int, hiddenSize: Int, name: (String) -> String, layout: inout ParameterLayout
  ) {
    let (rows, hasCellState) = (gateCount * hiddenSize, gateCount == 4)
    inputGain = layout.add(name(Self.inputGainKey), shape: [rows])
    recurrentGain = layout.add(name(Self.recurrentGainKey), shape: [rows])
    cellGain = hasCellState ? layout.add(name(Self.cellGainKey), shape: [hiddenSize]) : nil
    cellBias = hasCellState ? layout.add(name(Self.cellBiasKey), shape: [hiddenSize]) : nil
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

  /// Fills the input weights by Glorot's rule and the recurrent ones orthogonally, gate by gate;
  /// gains are one, and peepholes zero, so that a fresh cell is one without.
  func initializeWeights<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    let slots = self.parameters
    for gate in 0..<gateCount {
      let rows = gate * hiddenSize..<(gate + 1) * hiddenSize
      parameters.initialize(slots.inputWeights, .glorotUniform, rows: rows, using: &generator)
      parameters.initialize(slots.recurrentWeights, .orthogonal, rows: rows, using: &generator)
    }
    if let peepholes = slots.peepholes {
      parameters.initialize(peepholes, .zeros, using: &generator)
    }
    initializeGains(&parameters, using: &generator)
  }

  /// Gains of layer normalization begin at one, and the cell state's bias at zero.
  func initializeGains<Scalar: MatrixScalar>(
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
  /// ``SimpleRNNCell`` with leaky ReLU.
  case rnnLeakyReLU = "rnn-leaky-relu"
  /// ``SimpleRNNCell`` with the logistic sigmoid.
  case rnnSigmoid = "rnn-sigmoid"
  /// ``SimpleRNNCell`` with the hard sigmoid.
  case rnnHardSigmoid = "rnn-hard-sigmoid"
  /// ``SimpleRNNCell`` with softsign.
  case rnnSoftsign = "rnn-softsign"
  /// ``SimpleRNNCell`` with the hyperbolic tangent and layer normalization.
  case rnnLayerNorm = "rnn-layer-norm"
  /// ``GRUCell``.
  case gru
  /// ``GRUCell`` with ``ResetPlacement/beforeProduct``.
  case gruResetBefore = "gru-reset-before-product"
  /// ``GRUCell`` with layer normalization.
  case gruLayerNorm = "gru-layer-norm"
  /// ``GRUCell`` with ``ResetPlacement/beforeProduct`` and layer normalization.
  case gruResetBeforeLayerNorm = "gru-reset-before-product-layer-norm"
  /// ``LSTMCell``.
  case lstm
  /// ``LSTMCell`` with peepholes.
  case lstmPeephole = "lstm-peephole"
  /// ``LSTMCell`` with layer normalization.
  case lstmLayerNorm = "lstm-layer-norm"

  /// Whether there are gates, which simple cells lack.
  public var hasGates: Bool {
    switch self {
    case .gru, .gruResetBefore, .gruLayerNorm, .gruResetBeforeLayerNorm: true
    case .lstm, .lstmPeephole, .lstmLayerNorm: true
    default: false
    }
  }

  /// Whether sums are normalized inside of the cell.
  private var isNormalized: Bool {
    switch self {
    case .rnnLayerNorm, .gruLayerNorm, .gruResetBeforeLayerNorm, .lstmLayerNorm: true
    default: false
    }
  }

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
    func gates(_ gateCount: Int) -> GateParameters {
      GateParameters(
        gateCount: gateCount, inputSize: inputSize, hiddenSize: hiddenSize, prefix: prefix,
        suffix: suffix, hasPeepholes: self == .lstmPeephole,
        isNormalized: isNormalized, layout: &layout)
    }
    switch self {
    case .rnn, .rnnLayerNorm: return SimpleRNNCell(parameters: gates(1), activation: .tanh)
    case .rnnReLU: return SimpleRNNCell(parameters: gates(1), activation: .relu)
    case .rnnELU: return SimpleRNNCell(parameters: gates(1), activation: .elu)
    case .rnnLeakyReLU: return SimpleRNNCell(parameters: gates(1), activation: .leakyReLU)
    case .rnnSigmoid: return SimpleRNNCell(parameters: gates(1), activation: .sigmoid)
    case .rnnHardSigmoid: return SimpleRNNCell(parameters: gates(1), activation: .hardSigmoid)
    case .rnnSoftsign: return SimpleRNNCell(parameters: gates(1), activation: .softsign)
    case .gru, .gruLayerNorm: return GRUCell(parameters: gates(3))
    case .gruResetBefore, .gruResetBeforeLayerNorm:
      return GRUCell(parameters: gates(3), resetPlacement: .beforeProduct)
    case .lstm, .lstmPeephole, .lstmLayerNorm: return LSTMCell(parameters: gates(4))
    }
  }
}
