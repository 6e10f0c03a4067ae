public import SentiTensor

/// A stack that takes one step at a time with rows that come from each other, as hypotheses of a beam
/// search.
///
/// Each row of a step goes on from a row of the step before. Several may go on from the same one: its
/// state is then multiplied by the recurrent weights once for all of them. A row's states have the
/// same bits whatever it shares, and whichever rows are beside it.
///
///     var stepper = StackStepper(stack, state: state)
///     let outputs = stepper.step(StackInput(inputs), beamIndices: [0, 0, 2], weights: weights)
public struct StackStepper<Scalar: MatrixScalar>: Sendable {
  /// The states after the last step.
  public private(set) var state: StackState<Scalar>

  private var workspaces: [RecurrentWorkspace<Scalar>]

  /// Prepares the first step.
  ///
  /// - Parameters:
  ///   - stack: Layers in one direction, with nothing between them.
  ///   - state: The states before the first step.
  public init(_ stack: RecurrentStack, state: StackState<Scalar>) {
    precondition(
      !stack.isBidirectional && !stack.isResidual && stack.batchNormalizations.isEmpty
        && state.layers.count == stack.layers.count,
      "\(state.layers.count) states for \(stack.layers.count) layers to be taken step by step")
    workspaces = stack.layers.map { RecurrentWorkspace($0[0]) }
    self.state = state
  }

  /// Packs the weights of a stack for steps of rows that share states.
  ///
  /// - Parameters:
  ///   - stack: The stack.
  ///   - parameters: The model's arena.
  ///   - precision: How the matrices are quantized.
  ///   - inputColumns: The inputs of the lowest layer that will be given; all where nil.
  /// - Returns: The packed weights.
  public static func weights(
    _ stack: RecurrentStack, _ parameters: Parameters<Scalar>, precision: WeightPrecision = .full,
    inputColumns: Range<Int>? = nil
  ) -> StackWeights<Scalar> {
    var packing = WeightPacking<Scalar>(isForTraining: false)
    packing.precision = precision
    packing.sharesStates = true
    return StackWeights(
      layers: stack.layers.enumerated().map { level, directions in
        packing.inputColumns = level == 0 ? inputColumns : nil
        return [RecurrentWeights(directions[0].cell, parameters, packing: packing)]
      })
  }

  /// The input part of the lowest layer's gates, which depends on nothing but the input.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[R, I]`.
  ///   - weights: The packed weights.
  /// - Returns: What a step reads as an input that was projected before, `[R, G·H]`.
  public mutating func project(
    _ input: Matrix<Scalar>, weights: StackWeights<Scalar>
  ) -> Matrix<Scalar> {
    weights[0][0].project(input, rows: 0..<input.rowCount, into: &workspaces[0])
    return workspaces[0].buffers.takeProjection()
  }

  /// Takes a step.
  ///
  /// - Parameters:
  ///   - input: The input of each row.
  ///   - beamIndices: For each row the row of the step before that it goes on from, `[R]`; repeats are
  ///     allowed.
  ///   - weights: The packed weights.
  /// - Returns: The outputs of the highest layer, `[R, H]`.
  @specialized(where Scalar == Float)
  public mutating func step(
    _ input: StackInput<Scalar>, beamIndices: [Int32], weights: StackWeights<Scalar>
  ) -> Matrix<Scalar> {
    let count = beamIndices.count
    let range = StepRange(rowCount: count, previousRow: 0, row: count, position: 0)
    let rowsAfter = (Int32(count)..<Int32(2 * count)).map(\.self)
    if let projection = input.projections.first {
      workspaces[0].buffers.cachedProjection = projection
    }
    defer { if !input.projections.isEmpty { workspaces[0].buffers.dropCachedProjection() } }
    for level in workspaces.indices {
      let weights = weights[level][0]
      workspaces[level].prepareStep(from: state[level][0], beamIndices: beamIndices)
      if level > 0 {
        weights.project(state[level - 1][0].hidden, rows: 0..<count, into: &workspaces[level])
      } else if input.projections.isEmpty {
        weights.project(
          input.rows, rows: 0..<input.rows.rowCount, adding: input.partialProducts,
          into: &workspaces[0])
      }
      workspaces[level].buffers.projectionRows = level == 0 ? input.indices : nil
      weights.stepForward(range, &workspaces[level])
      state[level][0] = workspaces[level].state(rows: rowsAfter)
    }
    return state[workspaces.count - 1][0].hidden
  }
}
