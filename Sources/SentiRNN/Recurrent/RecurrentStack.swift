public import SentiTensor

/// Recurrent layers on top of each other, in one or both directions.
///
/// A layer reads the outputs of the one below, both directions side by side; between layers there
/// may be residual connections, batch normalization and dropout. Parameter names are PyTorch's:
/// `weight_ih_l0`, `weight_hh_l1_reverse`, and so on.
public struct RecurrentStack: Sendable {
  /// The layers, lowest first; each holds one or two directions.
  public let layers: [[RecurrentLayer]]

  /// The width of the lowest layer's input, I.
  public let inputSize: Int

  /// The number of hidden units of each direction, H.
  public let hiddenSize: Int

  /// Whether a layer reads, beside what the layer below gave, also what that one read, where both are
  /// equally wide.
  ///
  /// - SeeAlso: He et al. 2016, <https://arxiv.org/abs/1512.03385>; between recurrent layers: Wu et
  ///   al. 2016, <https://arxiv.org/abs/1609.08144>.
  public let isResidual: Bool

  /// The normalization of each layer's outputs but the highest's; empty where there is none.
  public let batchNormalizations: [BatchNormalization]

  /// Whether every layer also reads backwards.
  public var isBidirectional: Bool { layers[0].count == 2 }

  /// The width of the outputs: H for each direction.
  public var outputSize: Int { layers[0].count * hiddenSize }

  /// Creates a stack and reserves its parameters.
  ///
  /// - Parameters:
  ///   - kind: The cell of every layer.
  ///   - inputSize: The width of the input, I.
  ///   - hiddenSize: The number of hidden units of each direction, H.
  ///   - layerCount: The number of layers, L, at least 1.
  ///   - isBidirectional: Whether every layer also reads backwards.
  ///   - isResidual: Whether a layer also reads what the layer below read, where widths are equal.
  ///   - normalizesBatches: Whether there is batch normalization between layers.
  ///   - prefix: What parameter names begin with, such as `encoder.`.
  ///   - layout: The model's layout.
  public init(
    _ kind: CellKind, inputSize: Int, hiddenSize: Int, layerCount: Int = 1,
    isBidirectional: Bool = false, isResidual: Bool = false, normalizesBatches: Bool = false,
    prefix: String, layout: inout ParameterLayout
  ) {
    precondition(layerCount > 0, "a stack cannot have \(layerCount) layers")
    let directions: [RecurrentLayer.Direction] =
      isBidirectional ? [.forward, .reverse] : [.forward]
    var layers: [[RecurrentLayer]] = []
    for level in 0..<layerCount {
      layers.append(
        directions.map { direction in
          let cell = kind.cell(
            inputSize: level == 0 ? inputSize : directions.count * hiddenSize,
            hiddenSize: hiddenSize, prefix: prefix,
            suffix: "_l\(level)" + (direction == .reverse ? "_reverse" : ""), layout: &layout)
          return RecurrentLayer(cell, direction: direction)
        })
    }
    self.layers = layers
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.isResidual = isResidual
    batchNormalizations = (1..<(normalizesBatches ? layerCount : 1)).map { level in
      BatchNormalization(
        width: directions.count * hiddenSize, prefix: "\(prefix)batch_norm_l\(level - 1).",
        layout: &layout)
    }
  }

  /// The layers of one direction as a stack of their own that reads first token first.
  ///
  /// Such a stack can be run piece by piece with carried states. It exists where no layer needs both
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
    layers = stack.layers.map { [RecurrentLayer($0[index].cell)] }
    inputSize = stack.inputSize
    hiddenSize = stack.hiddenSize
    isResidual = stack.isResidual
    batchNormalizations = stack.batchNormalizations
  }

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

  /// The weights of all cells in the kernels' order.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether `backward` will be called.
  ///   - precision: How the matrices are rounded; full for training.
  ///   - kernels: The kernels that will read them.
  /// - Returns: Packed weights, lowest layer first, one for each direction.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision = .full,
    kernels: Kernels<Scalar> = .best
  ) -> [[RecurrentWeights<Scalar>]] {
    weights(parameters, isForTraining: isForTraining, precision: precision, kernels: kernels) { _ in
      nil
    }
  }

  /// The weights of all cells for training, with recurrent weights dropped: the same ones at every
  /// time step and for every sequence of a batch.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - dropout: What is dropped of each recurrent matrix.
  ///   - generator: The source of randomness.
  ///   - kernels: The kernels that will read them.
  /// - Returns: Packed weights, lowest layer first, one for each direction; made anew for each batch.
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, droppingRecurrent dropout: Dropout,
    using generator: inout SeededGenerator, kernels: Kernels<Scalar> = .best
  ) -> [[RecurrentWeights<Scalar>]] {
    weights(parameters, isForTraining: true, precision: .full, kernels: kernels) { slot in
      guard dropout.rate > 0 else { return nil }
      return dropout.mask(count: slot.range.count, using: &generator)
    }
  }

  private func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision,
    kernels: Kernels<Scalar>, recurrentMask: (ParameterSlot) -> [Scalar]?
  ) -> [[RecurrentWeights<Scalar>]] {
    layers.enumerated().map { level, directions in
      directions.map {
        var weights = RecurrentWeights(
          $0.cell, parameters, isForTraining: isForTraining, precision: precision,
          recurrentMask: recurrentMask($0.cell.parameters.recurrentWeights), kernels: kernels)
        if level > 0 && !batchNormalizations.isEmpty {
          weights.inputNormalization = batchNormalizations[level - 1].weights(parameters)
        }
        return weights
      }
    }
  }

  /// States of all layers and directions, all zeros.
  ///
  /// - Parameter batchSize: The number of sequences, B.
  /// - Returns: States, lowest layer first, one for each direction.
  public func zeroStates<Scalar: MatrixScalar>(batchSize: Int) -> [[RecurrentState<Scalar>]] {
    layers.map { $0.map { $0.zeroState(batchSize: batchSize) } }
  }

  /// The states before the first step: those given, or zeros.
  func states<Scalar: MatrixScalar>(
    _ given: [[RecurrentState<Scalar>]]?, _ sequences: PackedSequences
  ) -> [[RecurrentState<Scalar>]] {
    guard let given else { return zeroStates(batchSize: sequences.batchSize) }
    precondition(
      given.map(\.count) == layers.map(\.count)
        && given.joined().allSatisfy { $0.hidden.rowCount == sequences.batchSize },
      "states \(given.map { $0.map { [$0.hidden.rowCount, $0.hidden.columnCount] } }) for "
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

  /// Runs all layers; the states stay in the workspace.
  ///
  /// - Parameters:
  ///   - input: The distinct inputs, `[D, I]`.
  ///   - inputRows: For each position its row of `input`, `[N]`; nil: row n for position n.
  ///   - sequences: The lengths.
  ///   - initialStates: The states before the first step; zeros where nil.
  ///   - weights: The packed weights.
  ///   - keepsActivations: Whether `backward` will follow.
  ///   - workspace: Scratch; receives the states.
  public func forward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, inputRows: [Int32]?, sequences: PackedSequences,
    initialStates: [[RecurrentState<Scalar>]]? = nil, weights: [[RecurrentWeights<Scalar>]],
    keepsActivations: Bool, workspace: inout StackWorkspace<Scalar>
  ) {
    run(
      input, [], inputRows, sequences, initialStates, weights, keepsActivations: keepsActivations,
      &workspace)
  }

  /// Runs all layers on inputs of which some come back in many batches and were projected before.
  ///
  /// The states have the bits that they have without a table.
  ///
  /// - Parameters:
  ///   - tabulated: The T inputs that were projected before.
  ///   - input: The other distinct inputs, `[D, I]`.
  ///   - inputRows: For each position its row of `tabulated`, and from T on of `input`, `[N]`.
  ///   - sequences: The lengths.
  ///   - initialStates: The states before the first step; zeros where nil.
  ///   - weights: The packed weights that the table was made with.
  ///   - workspace: Scratch; receives the states.
  /// - Precondition: The stack is not residual: its inputs may be added to the first layer's outputs.
  public func forward<Scalar: MatrixScalar>(
    _ tabulated: TabulatedInputs<Scalar>, _ input: Matrix<Scalar>, inputRows: [Int32],
    sequences: PackedSequences, initialStates: [[RecurrentState<Scalar>]]? = nil,
    weights: [[RecurrentWeights<Scalar>]], workspace: inout StackWorkspace<Scalar>
  ) {
    precondition(!isResidual, "tabulated inputs of residual layers")
    run(
      input, tabulated.projections, inputRows, sequences, initialStates, weights,
      keepsActivations: false, &workspace)
  }

  /// Runs all layers on inputs of which other threads read some too.
  ///
  /// - Parameters:
  ///   - inputs: The distinct inputs of all threads, projected, `[D, I]`.
  ///   - inputRows: For each position its input, `[N]`.
  ///   - sequences: The lengths.
  ///   - weights: The packed weights.
  ///   - keepsActivations: Whether `backward` will follow.
  ///   - workspace: Scratch of this thread; receives the states.
  public func forward<Scalar: MatrixScalar>(
    _ inputs: SharedInputs<Scalar>, inputRows: [Int32], sequences: PackedSequences,
    weights: [[RecurrentWeights<Scalar>]], keepsActivations: Bool,
    workspace: inout StackWorkspace<Scalar>
  ) {
    let none = Matrix<Scalar>(rowCount: 0, columnCount: inputSize)
    run(
      none, inputs.projections, inputRows, sequences, nil, weights,
      keepsActivations: keepsActivations, adding: inputs.input, &workspace)
  }

  /// Runs all layers on inputs that have a table for each direction, or none; a residual stack adds
  /// `addends` in their place where they are not there.
  private func run<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ tables: [Matrix<Scalar>], _ inputRows: [Int32]?,
    _ sequences: PackedSequences, _ initialStates: [[RecurrentState<Scalar>]]?,
    _ weights: [[RecurrentWeights<Scalar>]], keepsActivations: Bool,
    adding addends: Matrix<Scalar>? = nil, _ workspace: inout StackWorkspace<Scalar>
  ) {
    let states = states(initialStates, sequences)
    check(workspace.masks, sequences)
    for level in layers.indices {
      if level > 0 {
        join(
          level - 1, addends ?? input, inputRows, sequences, weights,
          keepsActivations: keepsActivations, &workspace)
      }
      for (index, layer) in layers[level].enumerated() {
        layer.forward(
          level == 0 ? input : workspace.merged[level - 1],
          tabulated: level == 0 && !tables.isEmpty ? tables[index] : nil,
          inputRows: level == 0 ? inputRows : nil, sequences: sequences,
          initialState: states[level][index], weights: weights[level][index],
          keepsActivations: keepsActivations, workspace: &workspace.layers[level][index])
      }
    }
  }

  /// Propagates the gradient of the top layer's states to parameters and inputs.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given, `[D, I]`.
  ///   - sequences: The lengths.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of `input`, `[D, I]`, added.
  ///   - workspace: What `forward` left, with the top layer's gradients filled in after
  ///     ``StackWorkspace/resetGradients()``.
  public func backward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, sequences: PackedSequences, weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>,
    workspace: inout StackWorkspace<Scalar>
  ) {
    runBackward(
      input, sequences, weights, &gradients, &inputGradient, common: 0..<0,
      own: 0..<input.rowCount, &workspace)
  }

  /// Propagates the gradient of the top layer's states to all that is not shared, and to the inputs
  /// that no other thread reads; what is common gets its gradient from
  /// ``SharedInputs/backward(from:weights:gradients:threadCount:)``.
  ///
  /// - Parameters:
  ///   - inputs: What `forward` was given.
  ///   - share: Which of ``SharedInputs/owned`` only this thread reads.
  ///   - sequences: The lengths.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - workspace: What `forward` left, with the top layer's gradients filled in after
  ///     ``StackWorkspace/resetGradients()``.
  /// - Precondition: The stack is not residual: its inputs may be added to the first layer's outputs.
  public func backward<Scalar: MatrixScalar>(
    _ inputs: SharedInputs<Scalar>, share: Int, sequences: PackedSequences,
    weights: [[RecurrentWeights<Scalar>]], gradients: inout Parameters<Scalar>,
    workspace: inout StackWorkspace<Scalar>
  ) {
    precondition(!isResidual, "shared inputs of residual layers")
    let (common, own) = (inputs.common, inputs.own(share))
    var gradient = Matrix<Scalar>(rowCount: 0, columnCount: inputSize)
    swap(&gradient, &workspace.ownInputGradient)
    gradient.resizeToZeros(rowCount: own.count)
    runBackward(
      inputs.input, sequences, weights, &gradients, &gradient, common: common, own: own, &workspace)
    swap(&gradient, &workspace.ownInputGradient)
  }

  private func runBackward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ sequences: PackedSequences, _ weights: [[RecurrentWeights<Scalar>]],
    _ gradients: inout Parameters<Scalar>, _ inputGradient: inout Matrix<Scalar>,
    common: Range<Int>, own: Range<Int>, _ workspace: inout StackWorkspace<Scalar>
  ) {
    for level in layers.indices.reversed() {
      for (index, layer) in layers[level].enumerated() {
        if level == 0 {
          layer.runBackward(
            input, sequences, weights[0][index], &gradients, &inputGradient, common: common,
            own: own, &workspace.layers[0][index])
        } else {
          layer.backward(
            workspace.merged[level - 1], sequences: sequences, weights: weights[level][index],
            gradients: &gradients, inputGradient: &workspace.mergedGradients[level - 1],
            workspace: &workspace.layers[level][index])
        }
      }
      if level > 0 {
        joinBackward(
          level - 1, input, sequences, weights, &gradients, &inputGradient, &workspace)
      }
    }
  }
}
