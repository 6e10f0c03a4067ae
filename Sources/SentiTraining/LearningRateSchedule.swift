import Glibc

/// How the learning rate changes over the steps of a training.
public enum LearningRateSchedule: Hashable, Codable, Sendable {
  /// The same rate throughout.
  case constant
  /// Multiplied by `factor` after every `every` steps.
  case step(every: Int, factor: Double)
  /// Half a cosine down to zero: Loshchilov and Hutter 2017, <https://arxiv.org/abs/1608.03983>.
  case cosine
  /// A straight line down to zero.
  case linear
  /// Up a straight line for a share of the steps, then half a cosine down to zero: Smith and Topin
  /// 2019, <https://arxiv.org/abs/1708.07120>.
  case oneCycle(warmUpShare: Double)

  /// What the peak learning rate is multiplied by.
  ///
  /// - Parameters:
  ///   - step: The step, counted from 0.
  ///   - stepCount: The number of steps of the whole training.
  /// - Returns: A factor in [0, 1].
  public func factor(step: Int, of stepCount: Int) -> Double {
    let progress = Swift.min(1, Double(step) / Double(Swift.max(1, stepCount)))
    switch self {
    case .constant: return 1
    case .step(let every, let factor): return pow(factor, Double(step / Swift.max(1, every)))
    case .cosine: return halfCosine(progress)
    case .linear: return 1 - progress
    case .oneCycle(let share):
      if progress < share { return (Double(step) + 1) / (share * Double(stepCount) + 1) }
      return share < 1 ? halfCosine((progress - share) / (1 - share)) : 0
    }
  }

  private func halfCosine(_ progress: Double) -> Double { (1 + cos(.pi * progress)) / 2 }
}
