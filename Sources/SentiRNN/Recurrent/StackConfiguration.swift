public import SentiTensor

/// The shape of a stack of recurrent layers.
public struct StackConfiguration: Hashable, Sendable {
  /// The cell of every layer.
  public var cell: CellConfiguration
  /// The width of the lowest layer's input, I.
  public var inputSize: Int
  /// The number of hidden units of each direction, H.
  public var hiddenSize: Int
  /// The number of layers, L, at least 1.
  public var layerCount: Int
  /// Whether every layer also reads backwards.
  public var isBidirectional: Bool
  /// Whether a layer reads, beside what the layer below gave, also what that one read, where both are
  /// equally wide.
  ///
  /// - SeeAlso: He et al. 2016, <https://arxiv.org/abs/1512.03385>; between recurrent layers: Wu et
  ///   al. 2016, <https://arxiv.org/abs/1609.08144>.
  public var isResidual = false
  /// Whether there is batch normalization between layers.
  public var normalizesBatches = false

  /// Describes a stack without residual connections or batch normalization.
  ///
  /// - Parameters:
  ///   - cell: The cell of every layer.
  ///   - inputSize: The width of the lowest layer's input, I.
  ///   - hiddenSize: The number of hidden units of each direction, H.
  ///   - layerCount: The number of layers, L, at least 1.
  ///   - isBidirectional: Whether every layer also reads backwards.
  public init(
    _ cell: CellConfiguration, inputSize: Int, hiddenSize: Int, layerCount: Int = 1,
    isBidirectional: Bool = false
  ) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.isBidirectional = isBidirectional
  }

  /// The order in which the directions of a layer read.
  var directions: [RecurrentLayer.Direction] {
    isBidirectional ? [.forward, .reverse] : [.forward]
  }

  /// The width of a layer's outputs: H for each direction.
  public var outputSize: Int { directions.count * hiddenSize }
}
