import Glibc
internal import SentiTensor

/// The rule that turns gradients into an update of the parameters.
///
/// Below g is the gradient after clipping and lr the learning rate. Each can be lazy; see
/// <doc:Optimization>.
public enum OptimizerRule: Hashable, Codable, Sendable {
  /// Stochastic gradient descent with momentum: v = m·v + g, p -= lr·v; or Nesterov's, which looks
  /// ahead: p -= lr·(g + m·v). Sutskever et al. 2013, <https://proceedings.mlr.press/v28/sutskever13.html>.
  case sgd(momentum: Double = 0, isNesterov: Bool = false)

  /// RMSProp: the gradient divided by the root of its mean square, then momentum: Hinton 2012,
  /// <https://www.cs.toronto.edu/~hinton/coursera/lecture6/lec6.pdf>; PyTorch's defaults.
  case rmsProp(decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0)

  /// Adam: Kingma and Ba 2015, <https://arxiv.org/abs/1412.6980>; the paper's defaults.
  case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)

  /// Adam with decoupled weight decay: Loshchilov and Hutter 2019,
  /// <https://arxiv.org/abs/1711.05101>; PyTorch's default decay.
  case adamW(
    firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01)

  /// Averaged descent: the rate falls as lr / (1 + decay·lr·t)^power, weights decay by `decay` times
  /// the rate, and the mean of the weights from step `start` on is what counts: Polyak and Juditsky
  /// 1992, <https://doi.org/10.1137/0330046>; PyTorch's defaults, but for its start at a million.
  case averagedSGD(decay: Double = 1e-4, power: Double = 0.75, start: Int = 0)

  /// The average that belongs to the rule.
  var averaging: WeightAveraging? {
    if case .averagedSGD(_, _, let start) = self { .uniform(start: start) } else { nil }
  }

  /// The pass of a step, before clipping.
  ///
  /// - Parameters:
  ///   - rate: The rate of this step.
  ///   - step: The step, counted from 0.
  /// - Returns: The pass.
  func pass(learningRate rate: Double, step: Int) -> UpdatePass {
    switch self {
    case .sgd(let momentum, let isNesterov):
      var pass = UpdatePass(
        momentum == 0 ? .descent : isNesterov ? .nesterov : .momentum, learningRate: rate)
      pass.beta1 = momentum
      return pass
    case .rmsProp(let decay, let epsilon, let momentum):
      var pass = UpdatePass(.rmsProp, learningRate: rate)
      pass.beta1 = momentum
      pass.beta2 = decay
      pass.epsilon = epsilon
      return pass
    case .adam(let beta1, let beta2, let epsilon):
      return Self.adamPass(
        learningRate: rate, step: step, betas: (beta1, beta2), epsilon: epsilon, weightDecay: 0)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      return Self.adamPass(
        learningRate: rate, step: step, betas: (beta1, beta2), epsilon: epsilon,
        weightDecay: weightDecay)
    case .averagedSGD(let decay, let power, _):
      let fallen = rate / pow(1 + decay * rate * Double(step), power)
      var pass = UpdatePass(.descent, learningRate: fallen)
      pass.weightDecayFactor = 1 - fallen * decay
      return pass
    }
  }

  private static func adamPass(
    learningRate rate: Double, step: Int, betas: (first: Double, second: Double), epsilon: Double,
    weightDecay: Double
  ) -> UpdatePass {
    let count = Double(step + 1)
    var pass = UpdatePass(.adam, learningRate: rate / (1 - pow(betas.first, count)))
    pass.beta1 = betas.first
    pass.beta2 = betas.second
    pass.epsilon = epsilon
    pass.secondScale = 1 / (1 - pow(betas.second, count))
    pass.weightDecayFactor = 1 - rate * weightDecay
    return pass
  }
}
