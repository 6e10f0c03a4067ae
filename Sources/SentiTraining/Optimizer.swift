import Glibc
public import SentiTensor

/// The rule that turns gradients into an update of the parameters.
public enum OptimizerRule: Hashable, Codable, Sendable {
  /// Stochastic gradient descent with momentum, Nesterov's where asked: v = m·v + g, p -= lr·v.
  case sgd(momentum: Double = 0, isNesterov: Bool = false)

  /// Adam: Kingma and Ba 2015, <https://arxiv.org/abs/1412.6980>; the paper's defaults.
  case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)

  /// Adam with decoupled weight decay: Loshchilov and Hutter 2019,
  /// <https://arxiv.org/abs/1711.05101>; PyTorch's default decay.
  case adamW(
    firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01)
}

/// An optimizer: its rule and the moments that it keeps, laid out like the parameters.
public struct Optimizer<Scalar: MatrixScalar>: Sendable {
  /// The rule.
  public let rule: OptimizerRule

  /// The number of updates so far.
  public private(set) var stepCount: Int

  /// The first moments, or the velocity of gradient descent.
  public private(set) var firstMoments: Parameters<Scalar>

  /// The second moments; an empty arena where the rule keeps none.
  public private(set) var secondMoments: Parameters<Scalar>

  /// Creates an optimizer that has seen nothing.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - layout: The parameters' layout.
  public init(_ rule: OptimizerRule, layout: ParameterLayout) {
    let firstMoments = Parameters<Scalar>(layout: layout)
    var secondLayout = layout
    if case .sgd = rule { secondLayout = ParameterLayout() }
    self.init(
      rule, stepCount: 0, firstMoments: firstMoments,
      secondMoments: Parameters(layout: secondLayout))
  }

  /// Restores an optimizer from a checkpoint.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - stepCount: The number of updates so far.
  ///   - firstMoments: The first moments.
  ///   - secondMoments: The second moments; an empty arena for gradient descent.
  public init(
    _ rule: OptimizerRule, stepCount: Int, firstMoments: Parameters<Scalar>,
    secondMoments: Parameters<Scalar>
  ) {
    self.rule = rule
    self.stepCount = stepCount
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
  }

  /// Updates the parameters by one step.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - gradients: Their gradients, laid out alike.
  ///   - learningRate: The rate of this step.
  ///   - gradientScale: What gradients are multiplied by first, from ``GradientClipping``.
  /// - Complexity: O(parameters), one pass.
  public mutating func update(
    _ parameters: inout Parameters<Scalar>, _ gradients: Parameters<Scalar>, learningRate: Double,
    gradientScale: Double = 1
  ) {
    precondition(
      parameters.layout == gradients.layout && parameters.layout == firstMoments.layout,
      "parameters, gradients and moments of different layouts")
    stepCount += 1
    switch rule {
    case .sgd(let momentum, let isNesterov):
      descend(&parameters, gradients, learningRate, gradientScale, momentum, isNesterov)
    case .adam(let first, let second, let epsilon):
      adapt(&parameters, gradients, learningRate, gradientScale, (first, second, epsilon), 0)
    case .adamW(let first, let second, let epsilon, let decay):
      adapt(&parameters, gradients, learningRate, gradientScale, (first, second, epsilon), decay)
    }
  }

  private mutating func descend(
    _ parameters: inout Parameters<Scalar>, _ gradients: Parameters<Scalar>,
    _ learningRate: Double, _ gradientScale: Double, _ momentum: Double, _ isNesterov: Bool
  ) {
    let kernels = Kernels<Scalar>.best
    firstMoments.combine(kernels, scaledBy: momentum, gradients, scaledBy: gradientScale)
    let reach = isNesterov ? momentum : 1
    parameters.combine(kernels, scaledBy: 1, firstMoments, scaledBy: -learningRate * reach)
    if isNesterov {
      parameters.combine(kernels, scaledBy: 1, gradients, scaledBy: -learningRate * gradientScale)
    }
  }

  private mutating func adapt(
    _ parameters: inout Parameters<Scalar>, _ gradients: Parameters<Scalar>,
    _ learningRate: Double, _ gradientScale: Double,
    _ settings: (first: Double, second: Double, epsilon: Double), _ weightDecay: Double
  ) {
    let pass = AdamPass(
      learningRate: learningRate / (1 - power(settings.first)), firstDecay: settings.first,
      secondDecay: settings.second, secondScale: 1 / (1 - power(settings.second)),
      epsilon: settings.epsilon, weightShrink: 1 - learningRate * weightDecay,
      gradientScale: gradientScale)
    parameters.adam(gradients, &firstMoments, &secondMoments, pass)
  }

  private func power(_ base: Double) -> Double { pow(base, Double(stepCount)) }
}
