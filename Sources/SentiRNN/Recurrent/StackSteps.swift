public import SentiTensor

/// A stack that takes one step at a time with rows that come from each other, as hypotheses of a search.
///
/// Each row of a step goes on from a row of the step before, its parent. Several may have one parent:
/// its state is then multiplied by the recurrent weights once for all of them. A row's states have the
/// same bits whatever it shares, and whichever rows are beside it.
///
///     var steps = StackSteps(stack, states: states)
///     let outputs = steps.take(inputs, parents: [0, 0, 2], weights)
public struct StackSteps<Scalar: MatrixScalar>: Sendable {
  /// The states after the last step, lowest layer first.
  public private(set) var states: [RecurrentState<Scalar>]

  private let layers: [RecurrentLayer]
  private var workspaces: [RecurrentWorkspace<Scalar>]

  /// Prepares the first step.
  ///
  /// - Parameters:
  ///   - stack: Layers in one direction, with nothing between them.
  ///   - states: The states before the first step, lowest layer first.
  public init(_ stack: RecurrentStack, states: [RecurrentState<Scalar>]) {
    precondition(
      !stack.isBidirectional && !stack.isResidual && stack.batchNormalizations.isEmpty
        && states.count == stack.layers.count,
      "\(states.count) states for \(stack.layers.count) layers to be taken step by step")
    layers = stack.layers.map { $0[0] }
    workspaces = layers.map { RecurrentWorkspace($0) }
    self.states = states
  }

  /// Packs the weights of a stack for steps of rows that share states.
  ///
  /// - Parameters:
  ///   - stack: The stack.
  ///   - parameters: The model's arena.
  ///   - precision: How the matrices are rounded.
  ///   - inputColumns: The inputs of the lowest layer that will be given; all where nil.
  /// - Returns: The packed weights, lowest layer first.
  public static func weights(
    _ stack: RecurrentStack, _ parameters: Parameters<Scalar>, precision: WeightPrecision = .full,
    inputColumns: Range<Int>? = nil
  ) -> [RecurrentWeights<Scalar>] {
    stack.layers.enumerated().map { level, directions in
      RecurrentWeights(
        directions[0].cell, parameters, isForTraining: false, precision: precision,
        inputColumns: level == 0 ? inputColumns : nil, sharesStates: true)
    }
  }

  /// The input part of the lowest layer's gates, which depends on nothing but the input.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[R, I]`.
  ///   - weights: The packed weights.
  /// - Returns: What ``take(projected:rows:parents:_:)`` reads, `[R, G·H]`.
  public mutating func project(
    _ input: Matrix<Scalar>, _ weights: [RecurrentWeights<Scalar>]
  ) -> Matrix<Scalar> {
    layers[0].project(input, rows: 0..<input.rowCount, weights[0], &workspaces[0])
    return workspaces[0].buffers.takeProjection()
  }

  /// Takes a step.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[R, I]`, or those of the columns that were packed.
  ///   - products: The products of the other inputs with their weights, in the first columns, `[R, *]`.
  ///   - parents: For each row the row of the step before that it goes on from; repeats are allowed.
  ///   - weights: The packed weights.
  /// - Returns: The outputs of the highest layer, `[R, H]`.
  @specialized(where Scalar == Float)
  public mutating func take(
    _ input: Matrix<Scalar>, adding products: Matrix<Scalar>? = nil, parents: [Int32],
    _ weights: [RecurrentWeights<Scalar>]
  ) -> Matrix<Scalar> {
    prepare(0, parents)
    layers[0].project(
      input, rows: 0..<input.rowCount, adding: products, weights[0], &workspaces[0])
    return climb(parents, rows: nil, weights)
  }

  /// Takes a step with inputs that were projected before.
  ///
  /// - Parameters:
  ///   - projected: Rows that ``project(_:_:)`` gave.
  ///   - rows: For each row of the step its row of `projected`, `[R]`.
  ///   - parents: For each row the row of the step before that it goes on from; repeats are allowed.
  ///   - weights: The packed weights.
  /// - Returns: The outputs of the highest layer, `[R, H]`.
  @specialized(where Scalar == Float)
  public mutating func take(
    projected: Matrix<Scalar>, rows: [Int32], parents: [Int32],
    _ weights: [RecurrentWeights<Scalar>]
  ) -> Matrix<Scalar> {
    prepare(0, parents)
    workspaces[0].buffers.tabulated = projected
    defer { workspaces[0].buffers.dropTabulated() }
    return climb(parents, rows: rows, weights)
  }

  /// Steps from the lowest layer, whose projection is there, to the highest.
  private mutating func climb(
    _ parents: [Int32], rows: [Int32]?, _ weights: [RecurrentWeights<Scalar>]
  ) -> Matrix<Scalar> {
    let count = parents.count
    let place = StepPlace(rowCount: count, previousRow: 0, row: count, position: 0)
    let rowsAfter = (Int32(count)..<Int32(2 * count)).map(\.self)
    for (level, layer) in layers.enumerated() {
      if level > 0 {
        prepare(level, parents)
        layer.project(
          states[level - 1].hidden, rows: 0..<count, weights[level], &workspaces[level])
      }
      workspaces[level].projectionRows = level == 0 ? rows : nil
      layer.stepForward(place, weights[level], &workspaces[level])
      states[level] = workspaces[level].state(rows: rowsAfter)
    }
    return states[states.count - 1].hidden
  }

  /// Lays out the states before a layer's step, each row's and those that rows share.
  private mutating func prepare(_ level: Int, _ parents: [Int32]) {
    workspaces[level].prepareStep(from: states[level], parents: parents)
  }
}
