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

  /// Reserves the parameters of a cell; `name` completes their keys.
  init(
    _ configuration: CellConfiguration, inputSize: Int, hiddenSize: Int,
    name: (String) -> String, layout: inout ParameterLayout
  ) {
    let rows = configuration.gateCount * hiddenSize
    inputWeights = layout.add(name(Self.inputWeightsKey), shape: [rows, inputSize])
    recurrentWeights = layout.add(name(Self.recurrentWeightsKey), shape: [rows, hiddenSize])
    inputBias = layout.add(name(Self.inputBiasKey), shape: [rows])
    recurrentBias = layout.add(name(Self.recurrentBiasKey), shape: [rows])
    peepholes =
      configuration.hasPeepholes
      ? layout.add(name(Self.peepholesKey), shape: [3 * hiddenSize]) : nil
    normalization =
      configuration.isNormalized
      ? LayerNormalizationParameters(
        configuration, hiddenSize: hiddenSize, name: name, layout: &layout) : nil
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
    _ configuration: CellConfiguration, hiddenSize: Int, name: (String) -> String,
    layout: inout ParameterLayout
  ) {
    let rows = configuration.gateCount * hiddenSize
    let hasCellState = configuration.hasCellState
    inputGain = layout.add(name(Self.inputGainKey), shape: [rows])
    recurrentGain = layout.add(name(Self.recurrentGainKey), shape: [rows])
    cellGain = hasCellState ? layout.add(name(Self.cellGainKey), shape: [hiddenSize]) : nil
    cellBias = hasCellState ? layout.add(name(Self.cellBiasKey), shape: [hiddenSize]) : nil
  }
}
