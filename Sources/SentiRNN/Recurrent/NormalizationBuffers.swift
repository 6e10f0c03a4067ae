internal import SentiTensor

/// Buffers of recurrent sums that are worked on before the gates are applied.
///
/// Layer normalization, a reset gate before its product, and rows that share states need them; they are
/// empty for other cells.
struct NormalizationBuffers<Scalar: MatrixScalar>: Sendable {
  /// The products with the inputs, `[D, G·H]`, before they are normalized.
  var products: Matrix<Scalar>
  /// The products with the states, `[N, G·H]`.
  var sums: Matrix<Scalar>
  /// One step's products with the states after normalization, `[B, G·H]`.
  var normalSums: Matrix<Scalar>
  /// The states before each step times the reset gate, `[N, H]`.
  var gated: Matrix<Scalar>
  /// One step's gradient of ``gated``, `[B, H]`.
  var gatedGradient: Matrix<Scalar>
  /// One step's normalized cell states in tanh, `[B, H]`.
  var tanhCell: Matrix<Scalar>
  /// One step's gradient of the cell states by way of the hidden states, `[B, H]`.
  var cellGradient: Matrix<Scalar>
  /// For each row of a step its state among ``uniqueStates``; nil: every row has its own.
  var stateRows: [Int32]?
  /// The states that rows share, `[D, H]`.
  var uniqueStates: Matrix<Scalar>
  /// Their products, `[D, G·H]`.
  var uniqueSums: Matrix<Scalar>
  var recurrentGains: GainGradient<Scalar>
  var cellGains: GainGradient<Scalar>

  private let configuration: CellConfiguration

  init(_ cell: RecurrentCell) {
    configuration = cell.configuration
    let (gates, size) = (cell.gatesWidth, cell.hiddenSize)
    let none = Matrix<Scalar>(rowCount: 0, columnCount: size)
    products = Matrix(rowCount: 0, columnCount: gates)
    sums = products
    normalSums = products
    uniqueSums = products
    gated = none
    gatedGradient = none
    tanhCell = none
    cellGradient = none
    uniqueStates = none
    recurrentGains = GainGradient(width: configuration.isNormalized ? gates : 0)
    cellGains = GainGradient(width: configuration.isNormalized ? size : 0)
  }

  /// All matrices, for the count of their elements.
  var matrices: [Matrix<Scalar>] {
    [
      products, sums, normalSums, gated, gatedGradient, tanhCell, cellGradient, uniqueStates,
      uniqueSums,
    ]
  }

  mutating func prepare(_ sequences: PackedSequences) {
    let (tokens, batch) = (sequences.tokenCount, sequences.batchSize)
    let resetsBefore = configuration.resetsBeforeProduct
    if configuration.isNormalized || resetsBefore { sums.resize(rowCount: tokens) }
    if resetsBefore {
      gated.resize(rowCount: tokens)
      gatedGradient.resize(rowCount: batch)
    }
    if configuration.isNormalized { normalSums.resize(rowCount: batch) }
  }

  /// Makes room for a single step, and finds the states that its rows share.
  mutating func prepareStep(_ beamIndices: [Int32], of states: Matrix<Scalar>) {
    sums.resize(rowCount: beamIndices.count)
    normalSums.resize(rowCount: beamIndices.count)
    gated.resize(rowCount: beamIndices.count)
    let unique = UniqueTokens(beamIndices, vocabularySize: states.rowCount)
    stateRows = unique.values.count < beamIndices.count ? unique.inverse : nil
    guard stateRows != nil else { return }
    uniqueStates.resize(rowCount: unique.values.count)
    Kernels.gather(unique.values, of: states.storage, into: &uniqueStates)
  }

  /// Moves the gradients of gains and biases to the arena.
  mutating func addGains(to gradients: inout Parameters<Scalar>, _ slots: GateParameters) {
    guard let normalization = slots.normalization else { return }
    gradients.add(recurrentGains.gain.elements, to: normalization.recurrentGain)
    gradients.add(recurrentGains.bias.elements, to: slots.recurrentBias)
    if let gain = normalization.cellGain, let bias = normalization.cellBias {
      gradients.add(cellGains.gain.elements, to: gain)
      gradients.add(cellGains.bias.elements, to: bias)
    }
    recurrentGains = GainGradient(width: recurrentGains.gain.count)
    cellGains = GainGradient(width: cellGains.gain.count)
  }
}
