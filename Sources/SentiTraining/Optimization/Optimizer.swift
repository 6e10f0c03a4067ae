public import SentiTensor

/// What one step of an optimizer goes by beside the gradients.
public struct OptimizerStep: Sendable {
  /// The learning rate of this step.
  public var learningRate: Double
  /// What gradients are multiplied by first, from ``GradientClipping``.
  public var gradientScale = 1.0
  /// What scaled gradients are then cut to, element by element; nil: not at all.
  public var gradientLimit: Double?
  /// What the rate is multiplied by, for each parameter of the layout; nil: 1.
  public var rateFactors: [Double]?
  /// Whether rows that got no gradient since it was last set to zero are left alone, and so are their
  /// moments; else they are updated by a gradient of zero.
  public var isLazy = false

  /// A step without clipping, at one rate for all parameters.
  ///
  /// - Parameter learningRate: The learning rate of this step.
  public init(learningRate: Double) { self.learningRate = learningRate }
}

/// An optimizer: its rule and the moments that it keeps, laid out like the parameters.
public struct Optimizer<Scalar: MatrixScalar>: Sendable {
  /// The rule.
  public let rule: OptimizerRule

  /// The number of updates so far.
  public internal(set) var stepCount = 0

  /// The number of updates so far that each parameter took part in, in the layout's order.
  ///
  /// Those in which it was frozen do not count. What a rule does to young moments goes by these numbers,
  /// as in PyTorch.
  public internal(set) var updateCounts: [Int]

  let layout: ParameterLayout
  var arenas: UpdateArenas<Scalar>
  var average: WeightAverage<Scalar>

  /// Creates an optimizer that has seen nothing.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - layout: The parameters' layout.
  ///   - averagingDecay: The decay of the moving average of the parameters; nil: none is kept,
  ///     unless the rule has one of its own.
  public init(_ rule: OptimizerRule, layout: ParameterLayout, averagingDecay: Double? = nil) {
    self.rule = rule
    self.layout = layout
    updateCounts = [Int](repeating: 0, count: layout.slots.count)
    let averaging = rule.averaging ?? averagingDecay.map { .exponential(decay: $0) }
    average = WeightAverage(averaging, layout: layout)
    let moments = rule.pass(learningRate: 0, step: 0).rule.moments
    func zeros(_ isNeeded: Bool) -> AlignedArray<Scalar> {
      AlignedArray(zeros: isNeeded ? layout.elementCount : 0)
    }
    arenas = UpdateArenas(
      firstMoments: zeros(moments.first), secondMoments: zeros(moments.second),
      average: zeros(averaging != nil))
  }

  /// The first moments: Adam's mean gradient, or a velocity; empty where the rule keeps none.
  ///
  /// - Complexity: O(parameters).
  public var firstMoments: [Scalar] { arenas.firstMoments.elements }

  /// The second moments: mean squares; empty where the rule keeps none.
  ///
  /// - Complexity: O(parameters).
  public var secondMoments: [Scalar] { arenas.secondMoments.elements }

  /// Goes on where an optimizer of the same rule and layout, without an average, had stopped.
  ///
  /// - Parameters:
  ///   - stepCount: The number of its updates.
  ///   - updateCounts: Those that each parameter took part in; nil: all.
  ///   - firstMoments: Its first moments.
  ///   - secondMoments: Its second moments.
  public mutating func restore(
    stepCount: Int, updateCounts: [Int]? = nil, firstMoments: [Scalar], secondMoments: [Scalar]
  ) {
    let updateCounts = updateCounts ?? layout.slots.map { _ in stepCount }
    precondition(
      updateCounts.count == layout.slots.count,
      "\(updateCounts.count) counts of updates for \(layout.slots.count) parameters")
    precondition(
      firstMoments.count == arenas.firstMoments.count
        && secondMoments.count == arenas.secondMoments.count,
      "\(firstMoments.count) and \(secondMoments.count) moments for "
        + "\(arenas.firstMoments.count) and \(arenas.secondMoments.count)")
    (self.stepCount, self.updateCounts) = (stepCount, updateCounts)
    arenas = UpdateArenas(
      firstMoments: AlignedArray(firstMoments), secondMoments: AlignedArray(secondMoments),
      average: arenas.average)
  }

  /// The moving average of the parameters, where one is kept.
  ///
  /// - Parameter parameters: The parameters as the last update left them.
  /// - Returns: The average after all updates so far.
  /// - Complexity: O(parameters).
  public func average(of parameters: Parameters<Scalar>) -> Parameters<Scalar>? {
    var average = average
    return average.current(arenas.average, parameters, stepCount: stepCount)
  }

  /// Updates the parameters by one step, without clipping, at one rate for all of them.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - gradients: Their gradients, laid out alike.
  ///   - learningRate: The learning rate of this step.
  public mutating func update(
    _ parameters: inout Parameters<Scalar>, _ gradients: Parameters<Scalar>, learningRate: Double
  ) {
    update(&parameters, by: gradients, OptimizerStep(learningRate: learningRate))
  }

  /// Updates the parameters by one step.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - gradients: Their gradients, laid out alike.
  ///   - step: The learning rate, and what becomes of gradients before.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(rows that are updated), one pass.
  public mutating func update(
    _ parameters: inout Parameters<Scalar>, by gradients: Parameters<Scalar>,
    _ step: OptimizerStep, threadCount: Int = 1
  ) {
    precondition(
      parameters.layout == layout && gradients.layout == layout,
      "parameters \(parameters.layout) and gradients \(gradients.layout) beside moments \(layout)")
    precondition(
      step.rateFactors.map { $0.count == layout.slots.count } ?? true,
      "\(step.rateFactors?.count ?? 0) factors for \(layout.slots.count) parameters")
    let passes = layout.slots.map { slot in
      var pass = rule.pass(
        learningRate: step.learningRate * (step.rateFactors?[slot.index] ?? 1),
        step: updateCounts[slot.index])
      pass.gradientScale = step.gradientScale
      pass.gradientLimit = step.gradientLimit ?? .infinity
      return pass
    }
    var blocks: [ArenaBlock] = []
    for slot in layout.slots where !gradients.isFrozen(slot) {
      for rows in step.isLazy ? gradients.touchedRows(of: slot) : [slot.rows] {
        blocks += average.blocks(rows, of: slot, settings: slot.index, step: stepCount)
      }
      updateCounts[slot.index] += 1
    }
    let update = ArenaUpdate(
      blocks, passes, averageKept: average.averaging?.kept(step: stepCount) ?? 1)
    parameters.update(gradients, &arenas, update, threadCount: threadCount)
    stepCount += 1
  }
}
