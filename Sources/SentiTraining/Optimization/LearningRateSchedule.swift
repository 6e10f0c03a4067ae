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
  /// Up a straight line for a share of the steps, then a straight line down to zero.
  case linearWarmUp(share: Double)
  /// Up a straight line for a share of the steps, then half a cosine down to zero: Smith and Topin
  /// 2019, <https://arxiv.org/abs/1708.07120>.
  case oneCycle(warmUpShare: Double)
  /// A steep line up from 1/`ratio` for a share of the steps, a long one down to 1/`ratio`: Howard and
  /// Ruder 2018, <https://arxiv.org/abs/1801.06146>; the paper's defaults.
  case slantedTriangular(cut: Double = 0.1, ratio: Double = 32)
  /// Multiplied by `factor` when more than `patience` epochs in a row have not lowered the least loss
  /// by the share `threshold`, as PyTorch's `ReduceLROnPlateau` does; its defaults.
  case onPlateau(factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4)

  /// What the peak learning rate is multiplied by.
  ///
  /// - Parameters:
  ///   - step: The step, counted from 0.
  ///   - stepCount: The number of steps of the whole training.
  ///   - epochLosses: The loss of every epoch that is over.
  /// - Returns: A factor in [0, 1].
  public func factor(step: Int, of stepCount: Int, epochLosses: [Double] = []) -> Double {
    let progress = Swift.min(1, Double(step) / Double(Swift.max(1, stepCount)))
    switch self {
    case .constant: return 1
    case .step(let every, let factor): return pow(factor, Double(step / Swift.max(1, every)))
    case .cosine: return halfCosine(progress)
    case .linear: return 1 - progress
    case .linearWarmUp(let share):
      return warmUp(share, step, stepCount) ?? (share < 1 ? (1 - progress) / (1 - share) : 0)
    case .oneCycle(let share):
      return warmUp(share, step, stepCount)
        ?? (share < 1 ? halfCosine((progress - share) / (1 - share)) : 0)
    case .slantedTriangular(let cut, let ratio):
      let height = progress < cut ? progress / cut : cut < 1 ? (1 - progress) / (1 - cut) : 0
      return (1 + height * (ratio - 1)) / ratio
    case .onPlateau(let factor, let patience, let threshold):
      return plateauFactor(
        epochLosses, factor: factor, patience: patience, threshold: threshold)
    }
  }

  private func halfCosine(_ progress: Double) -> Double { (1 + cos(.pi * progress)) / 2 }

  /// The way up, whose first step is not zero; nil behind it.
  private func warmUp(_ share: Double, _ step: Int, _ stepCount: Int) -> Double? {
    guard Double(step) < share * Double(Swift.max(1, stepCount)) else { return nil }
    return (Double(step) + 1) / (share * Double(stepCount) + 1)
  }

  private func plateauFactor(
    _ losses: [Double], factor: Double, patience: Int, threshold: Double
  ) -> Double {
    var (best, waited, total) = (Double.infinity, 0, 1.0)
    for loss in losses {
      waited = loss < best * (1 - threshold) ? 0 : waited + 1
      if waited == 0 { best = loss }
      if waited > patience { (waited, total) = (0, total * factor) }
    }
    return total
  }
}
