public import SentiTensor

/// Recurrent layers on top of each other, in one or both directions.
///
/// A layer reads the outputs of the one below, both directions side by side; between layers there
/// may be residual connections, batch normalization and dropout. Parameter names are PyTorch's:
/// `weight_ih_l0`, `weight_hh_l1_reverse`, and so on.
///
///     let stack = RecurrentStack(
///       StackConfiguration(.gru, inputSize: 128, hiddenSize: 256, isBidirectional: true),
///       prefix: "encoder.", layout: &layout)
///     let weights = stack.weights(parameters, isForTraining: true)
///     stack.forward(input, over: sequences, weights: weights, mode: .training, workspace: &workspace)
///     stack.backward(
///       input, over: sequences, weights: weights, gradients: &gradients, workspace: &workspace)
public struct RecurrentStack: Sendable {
  /// The stack's shape.
  public let configuration: StackConfiguration

  /// The layers, lowest first; each holds one or two directions.
  public let layers: [[RecurrentLayer]]

  /// The normalization of each layer's outputs but the highest's; empty where there is none.
  public let batchNormalizations: [BatchNormalization]

  /// The width of the lowest layer's input, I.
  public var inputSize: Int { configuration.inputSize }

  /// The number of hidden units of each direction, H.
  public var hiddenSize: Int { configuration.hiddenSize }

  /// Whether every layer also reads backwards.
  public var isBidirectional: Bool { configuration.isBidirectional }

  /// Whether a layer also reads what the layer below read.
  public var isResidual: Bool { configuration.isResidual }

  /// The width of the outputs: H for each direction.
  public var outputSize: Int { configuration.outputSize }

  /// Creates a stack and reserves its parameters.
  ///
  /// - Parameters:
  ///   - configuration: The stack's shape.
  ///   - prefix: What parameter names begin with, such as `encoder.`.
  ///   - layout: The model's layout.
  public init(
    _ configuration: StackConfiguration, prefix: String, layout: inout ParameterLayout
  ) {
    let shape = configuration
    precondition(shape.layerCount > 0, "a stack cannot have \(shape.layerCount) layers")
    var layers: [[RecurrentLayer]] = []
    for level in 0..<shape.layerCount {
      layers.append(
        shape.directions.map { direction in
          let cell = RecurrentCell(
            shape.cell, inputSize: level == 0 ? shape.inputSize : shape.outputSize,
            hiddenSize: shape.hiddenSize, prefix: prefix,
            suffix: "_l\(level)" + (direction == .reverse ? "_reverse" : ""), layout: &layout)
          return RecurrentLayer(cell, direction: direction)
        })
    }
    self.configuration = configuration
    self.layers = layers
    batchNormalizations = (1..<(shape.normalizesBatches ? shape.layerCount : 1)).map { level in
      BatchNormalization(
        width: shape.outputSize, prefix: "\(prefix)batch_norm_l\(level - 1).", layout: &layout)
    }
  }

  // MARK: Streams

  /// The layers of one direction as a stack of their own that reads first token first.
  ///
  /// Such a stack can be run chunk by chunk with carried states. It exists where no layer needs both
  /// directions of the layer below: in one direction, or with one layer.
  ///
  /// - Parameter index: The direction, 0 or 1; for 1 the caller reverses the sequences.
  /// - Returns: The stack of that direction.
  public func stream(_ index: Int) -> RecurrentStack {
    precondition(canStream, "a stack of \(layers.count) bidirectional layers cannot be streamed")
    return RecurrentStack(streaming: index, of: self)
  }

  /// Whether ``stream(_:)`` exists.
  public var canStream: Bool { layers.count == 1 || !isBidirectional }

  private init(streaming index: Int, of stack: RecurrentStack) {
    var shape = stack.configuration
    shape.isBidirectional = false
    configuration = shape
    layers = stack.layers.map { [RecurrentLayer($0[index].cell)] }
    batchNormalizations = stack.batchNormalizations
  }

  // MARK: Parameters

  /// Fills the parameters of every cell before training.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    for layer in layers.joined() { layer.cell.initialize(&parameters, using: &generator) }
    for normalization in batchNormalizations {
      normalization.initialize(&parameters, using: &generator)
    }
  }

  /// Sets the biases of all cells' gates so that fresh memories last up to a number of steps.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena, already filled by ``initialize(_:using:)``.
  ///   - maxTimescale: The number of steps over which the task must remember, at least 3.
  ///   - generator: The source of randomness.
  /// - SeeAlso: ``RecurrentCell/initializeChronoBiases(_:maxTimescale:using:)``.
  public func initializeChronoBiases<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, maxTimescale: Int,
    using generator: inout SeededGenerator
  ) {
    for layer in layers.joined() {
      layer.cell.initializeChronoBiases(
        &parameters, maxTimescale: maxTimescale, using: &generator)
    }
  }

  /// The weights of all cells in the kernels' order.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether `backward` will be called.
  ///   - precision: How the matrices are quantized; full for training.
  ///   - kernels: The kernels that will read them.
  /// - Returns: The packed weights.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision = .full,
    kernels: Kernels<Scalar> = .best
  ) -> StackWeights<Scalar> {
    var packing = WeightPacking<Scalar>(isForTraining: isForTraining)
    packing.precision = precision
    packing.kernels = kernels
    return weights(parameters) { RecurrentWeights($0, parameters, packing: packing) }
  }

  /// The weights of all cells for training, with recurrent weights dropped: the same ones at every
  /// time step and for every sequence of a batch.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - dropout: What is dropped of each recurrent matrix.
  ///   - generator: The source of randomness.
  ///   - kernels: The kernels that will read them.
  /// - Returns: The packed weights; made anew for each batch.
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, weightDropout dropout: Dropout,
    using generator: inout SeededGenerator, kernels: Kernels<Scalar> = .best
  ) -> StackWeights<Scalar> {
    var packing = WeightPacking<Scalar>(isForTraining: true)
    packing.kernels = kernels
    return weights(parameters) { cell in
      let count = cell.parameters.recurrentWeights.range.count
      let mask: [Scalar]? = dropout.rate > 0 ? dropout.mask(count: count, using: &generator) : nil
      return RecurrentWeights(cell, parameters, packing: packing, recurrentMask: mask)
    }
  }

  private func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, pack: (RecurrentCell) -> RecurrentWeights<Scalar>
  ) -> StackWeights<Scalar> {
    StackWeights(
      layers: layers.map { $0.map { pack($0.cell) } },
      batchNormalizations: batchNormalizations.map { $0.weights(parameters) })
  }

  // MARK: States

  /// States of all layers and directions, all zeros.
  ///
  /// - Parameter batchSize: The number of sequences, B.
  /// - Returns: The states.
  public func zeroState<Scalar: MatrixScalar>(batchSize: Int) -> StackState<Scalar> {
    StackState(layers: layers.map { $0.map { $0.zeroState(batchSize: batchSize) } })
  }

  /// The state before the first step: the one given, or zeros.
  func state<Scalar: MatrixScalar>(
    _ given: StackState<Scalar>?, _ sequences: PackedSequences
  ) -> StackState<Scalar> {
    guard let given else { return zeroState(batchSize: sequences.batchSize) }
    let states = given.layers
    precondition(
      states.map(\.count) == layers.map(\.count)
        && states.joined().allSatisfy { $0.hidden.rowCount == sequences.batchSize },
      "states \(states.map { $0.map { [$0.hidden.rowCount, $0.hidden.columnCount] } }) for "
        + "\(layers.map(\.count)) layers of [\(sequences.batchSize), \(hiddenSize)]")
    return given
  }

  /// Stops where masks are not for these layers and sequences.
  func check<Scalar: MatrixScalar>(_ masks: [Matrix<Scalar>], _ sequences: PackedSequences) {
    let isRight = masks.allSatisfy {
      $0.rowCount == sequences.batchSize && $0.columnCount == outputSize
    }
    precondition(
      masks.isEmpty || (masks.count == layers.count - 1 && isRight),
      "masks \(masks.map { [$0.rowCount, $0.columnCount] }) for \(layers.count - 1) layers of "
        + "[\(sequences.batchSize), \(outputSize)]")
  }

  // MARK: Forward and backward

  /// Runs all layers; the states stay in the workspace.
  ///
  /// - Parameters:
  ///   - input: What the lowest layer reads.
  ///   - sequences: The lengths.
  ///   - state: The state before the first step; zeros where nil.
  ///   - weights: The packed weights.
  ///   - mode: Whether `backward` will follow.
  ///   - workspace: Scratch of this thread; receives the states.
  /// - Precondition: Of a residual stack no input comes from a ``CachedProjection``.
  public func forward<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences,
    from state: StackState<Scalar>? = nil, weights: StackWeights<Scalar>, mode: PassMode,
    workspace: inout StackWorkspace<Scalar>
  ) {
    precondition(!isResidual || !input.isCached, "cached inputs of residual layers")
    let state = self.state(state, sequences)
    check(workspace.masks, sequences)
    for level in layers.indices {
      if level > 0 {
        connect(level - 1, input, over: sequences, weights: weights, mode: mode, &workspace)
      }
      let read = level == 0 ? input : StackInput(workspace.merged[level - 1])
      for (index, layer) in layers[level].enumerated() {
        layer.forward(
          read.direction(index), over: sequences, from: state[level][index],
          weights: weights[level][index], mode: mode, workspace: &workspace.layers[level][index])
      }
    }
  }

  /// Propagates the gradient of the top layer's states to parameters and inputs.
  ///
  /// The gradient of the inputs is then the workspace's ``StackWorkspace/inputGradient``; of a batch that
  /// threads divide, those that several read get theirs from
  /// ``BatchProjection/backward(from:weights:gradients:threadCount:)``.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given.
  ///   - sequences: The lengths.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - workspace: What `forward` left, with the top layer's gradients filled in after
  ///     ``StackWorkspace/resetGradients()``.
  /// - Precondition: A residual stack's input is not that of several threads, which may be added to the
  ///   first layer's outputs.
  public func backward<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>, workspace: inout StackWorkspace<Scalar>
  ) {
    precondition(!isResidual || input.projections.isEmpty, "shared inputs of residual layers")
    workspace.inputGradient.resizeToZeros(rowCount: input.own.count)
    for level in layers.indices.reversed() {
      for (index, layer) in layers[level].enumerated() {
        if level == 0 {
          layer.backward(
            input, over: sequences, weights: weights[0][index], gradients: &gradients,
            inputGradient: &workspace.inputGradient, workspace: &workspace.layers[0][index])
        } else {
          layer.backward(
            StackInput(workspace.merged[level - 1]), over: sequences,
            weights: weights[level][index], gradients: &gradients,
            inputGradient: &workspace.mergedGradients[level - 1],
            workspace: &workspace.layers[level][index])
        }
      }
      if level > 0 {
        connectBackward(
          level - 1, input, over: sequences, weights: weights, gradients: &gradients, &workspace)
      }
    }
  }
}

extension StackWorkspace {
  /// Creates an empty workspace.
  ///
  /// - Parameter stack: The stack that it is for.
  public init(_ stack: RecurrentStack) {
    self.init(
      stack.configuration, layers: stack.layers.map { $0.map(RecurrentWorkspace.init) })
  }
}
