/// Where the reset gate of a GRU is applied.
public enum ResetPlacement: Hashable, Sendable {
  /// To the recurrent product: PyTorch, cuDNN, ONNX with `linear_before_reset` 1.
  case afterProduct
  /// To the state, before the product: the paper, ONNX with `linear_before_reset` 0.
  case beforeProduct
}

/// The equations of a recurrent cell: its kind, and what may differ within the kind.
///
/// It answers every question about gates and states, so that nobody needs a cell to ask:
///
///     CellConfiguration.lstm.hasCellState                   // true
///     CellConfiguration.gru(isNormalized: true).gateCount   // 3
///
/// Its name in files, on the command line and in messages is ``name``, such as `gru-layer-norm`.
///
/// **Simple** (Elman 1990, <https://doi.org/10.1207/s15516709cog1402_1>):
///
///     h' = activation(W·x + b + U·h + c)
///
/// **GRU**, gates in the order `reset, update, candidate` (Cho et al. 2014,
/// <https://arxiv.org/abs/1406.1078>):
///
///     r  = sigmoid(Wr·x + br + Ur·h + cr)        reset
///     z  = sigmoid(Wz·x + bz + Uz·h + cz)        update
///     n  = tanh(Wn·x + bn + r * (Un·h + cn))     candidate
///     h' = (1 - z) * n + z * h
///
/// With ``ResetPlacement/beforeProduct`` the candidate is `tanh(Wn·x + bn + Un·(r * h) + cn)`, which
/// takes two products a step where the other form takes one.
///
/// **LSTM**, gates in the order `input, forget, candidate, output` (Hochreiter and Schmidhuber 1997,
/// <https://doi.org/10.1162/neco.1997.9.8.1735>; Gers et al. 2000,
/// <https://doi.org/10.1162/089976600300015015>):
///
///     i  = sigmoid(Wi·x + bi + Ui·h + ci)     input
///     f  = sigmoid(Wf·x + bf + Uf·h + cf)     forget
///     g  = tanh(Wg·x + bg + Ug·h + cg)        candidate
///     o  = sigmoid(Wo·x + bo + Uo·h + co)     output
///     c' = f * c + i * g
///     h' = o * tanh(c')
///
/// With peepholes, `p * c` is added inside of the input and forget gate and `p * c'` inside of the
/// output gate, each unit seeing its own cell state (Gers et al. 2002,
/// <https://jmlr.org/papers/v3/gers02a.html>).
///
/// With layer normalization both products are normalized, each for itself, before the biases are added
/// (Ba et al. 2016, <https://arxiv.org/abs/1607.06450>).
public struct CellConfiguration: Hashable, Sendable {
  /// The families of recurrent cells.
  public enum Kind: Hashable, Sendable {
    /// One activation, no gates.
    case simple
    /// The gated recurrent unit.
    case gru
    /// Long short-term memory with a forget gate.
    case lstm
  }

  /// The family.
  public let kind: Kind

  /// The nonlinearity of a simple cell; tanh in the others.
  public let activation: Activation

  /// Where the reset gate of a GRU is applied; after the product, as in PyTorch, unless told.
  public let resetPlacement: ResetPlacement

  /// Whether sums are normalized inside of the cell.
  public let isNormalized: Bool

  /// Whether an LSTM's gates see the cell state.
  public let hasPeepholes: Bool

  private init(
    _ kind: Kind, activation: Activation = .tanh, resetPlacement: ResetPlacement = .afterProduct,
    isNormalized: Bool, hasPeepholes: Bool = false
  ) {
    self.kind = kind
    self.activation = activation
    self.resetPlacement = resetPlacement
    self.isNormalized = isNormalized
    self.hasPeepholes = hasPeepholes
  }

  /// The simple cell with the hyperbolic tangent.
  public static let rnn = CellConfiguration(.simple, isNormalized: false)

  /// The gated recurrent unit as PyTorch has it.
  public static let gru = CellConfiguration(.gru, isNormalized: false)

  /// Long short-term memory as PyTorch has it.
  public static let lstm = CellConfiguration(.lstm, isNormalized: false)

  /// A simple cell.
  ///
  /// - Parameters:
  ///   - activation: The nonlinearity.
  ///   - isNormalized: Whether sums are normalized.
  /// - Returns: The configuration.
  public static func rnn(_ activation: Activation = .tanh, isNormalized: Bool = false) -> Self {
    CellConfiguration(.simple, activation: activation, isNormalized: isNormalized)
  }

  /// A gated recurrent unit.
  ///
  /// - Parameters:
  ///   - resetPlacement: Where the reset gate is applied.
  ///   - isNormalized: Whether sums are normalized.
  /// - Returns: The configuration.
  public static func gru(
    resetPlacement: ResetPlacement = .afterProduct, isNormalized: Bool = false
  ) -> Self {
    CellConfiguration(.gru, resetPlacement: resetPlacement, isNormalized: isNormalized)
  }

  /// Long short-term memory.
  ///
  /// - Parameters:
  ///   - hasPeepholes: Whether gates see the cell state.
  ///   - isNormalized: Whether sums are normalized.
  /// - Returns: The configuration.
  /// - Precondition: Not both, which no cell has together.
  public static func lstm(hasPeepholes: Bool = false, isNormalized: Bool = false) -> Self {
    precondition(!hasPeepholes || !isNormalized, "peepholes of a cell with layer normalization")
    return CellConfiguration(.lstm, isNormalized: isNormalized, hasPeepholes: hasPeepholes)
  }

  // MARK: Gates and states

  /// The number of gates, G; 1 for a cell without any.
  public var gateCount: Int {
    switch kind {
    case .simple: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  /// Whether there are gates, which simple cells lack.
  public var hasGates: Bool { kind != .simple }

  /// Whether a cell state runs beside the hidden state.
  public var hasCellState: Bool { kind == .lstm }

  /// Whether a reset gate is applied to the recurrent product.
  public var resetsAfterProduct: Bool { kind == .gru && resetPlacement == .afterProduct }

  /// Whether a reset gate is applied to the state, before its product.
  public var resetsBeforeProduct: Bool { kind == .gru && resetPlacement == .beforeProduct }

  /// How many values a hidden unit keeps for the backward pass beside its states.
  package var cachedValueCount: Int { hasGates ? 4 : 0 }

  /// The first gates, whose two biases are one sum and have one gradient: all, but for a candidate
  /// whose recurrent bias lies inside of the reset gate.
  package var jointBiasGateCount: Int { resetsAfterProduct ? 2 : gateCount }

  /// Whether the gates' gradients differ on the recurrent side: behind a reset gate, and where sums are
  /// normalized.
  package var separatesRecurrentGradient: Bool { resetsAfterProduct || isNormalized }

  /// Whether a backward pass can take the slopes of chords: of gates whose sums are not normalized, and with
  /// one product a step.
  package var hasChords: Bool { hasGates && !isNormalized && !resetsBeforeProduct }

  /// The blocks of gates' columns that are normalized together: all of an LSTM's; of a GRU reset and
  /// update, and the candidate for itself.
  package func normalizedBlocks(hiddenSize: Int) -> [Range<Int>] {
    let (first, last) = (2 * hiddenSize, gateCount * hiddenSize)
    return kind == .gru ? [0..<first, first..<last] : [0..<last]
  }
}

// MARK: - Names

extension CellConfiguration: CaseIterable, Codable, CustomStringConvertible {
  /// The cells that have a name: those that files and the command line know.
  public static let allCases: [CellConfiguration] =
    Activation.allCases.map { rnn($0) } + [
      .rnn(isNormalized: true),
      .gru, .gru(resetPlacement: .beforeProduct), .gru(isNormalized: true),
      .gru(resetPlacement: .beforeProduct, isNormalized: true),
      .lstm, .lstm(hasPeepholes: true), .lstm(isNormalized: true),
    ]

  /// The name in files and on the command line: the kind, and what differs from its plain form.
  public var name: String {
    var parts: [String] =
      switch kind {
      case .simple: activation == .tanh ? ["rnn"] : ["rnn", activation.rawValue]
      case .gru: ["gru"]
      case .lstm: ["lstm"]
      }
    if resetsBeforeProduct { parts.append("reset-before-product") }
    if hasPeepholes { parts.append("peephole") }
    if isNormalized { parts.append("layer-norm") }
    return parts.joined(separator: "-")
  }

  /// The cell with a name, if there is one.
  ///
  /// - Parameter name: One of the names of ``allCases``.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The cell's name.
  public var description: String { name }

  /// Reads a cell's name.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: A `DecodingError`, where no cell has the name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let found = Self(name: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no recurrent cell is named \(name)")
    }
    self = found
  }

  /// Writes the cell's name.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
