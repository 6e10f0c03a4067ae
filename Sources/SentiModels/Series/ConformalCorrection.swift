/// What the ends of intervals are moved by, so that they hold as often as they say on held-out times.
///
/// An interval's score at a time is how far what came lies outside of it, below 0 inside; both ends are
/// moved outwards by the score's quantile, in scaled distances.
///
/// - SeeAlso: conformalized quantile regression: Romano, Patterson and Candès 2019,
///   <https://arxiv.org/abs/1905.03222>.
struct ConformalCorrection: Hashable, Codable, Sendable {
  /// For each step ahead and each interval, widest first.
  let widths: [[Double]]

  /// With fewer scores of a step than these, those of all steps are taken together.
  private static var fewestScores: Int { 50 }

  /// No correction.
  init(horizon: Int, levels: QuantileLevels) {
    widths = Array(
      repeating: Array(repeating: 0, count: levels.medianIndex), count: horizon)
  }

  /// Fits a correction.
  ///
  /// - Parameters:
  ///   - forecasts: What a net says after windows.
  ///   - actual: For each window and step the scaled distance of what came from the base; nil where it
  ///     is not known.
  ///   - levels: The levels of the quantiles.
  ///   - horizon: The number of steps.
  init(
    _ forecasts: [WindowQuantiles], actual: [[Double?]], levels: QuantileLevels, horizon: Int
  ) {
    let pairs = Array(zip(forecasts, actual))
    let intervals = levels.intervals.enumerated()
    func scores(_ step: Int, _ interval: Int) -> [Double] {
      pairs.compactMap { forecast, actual in
        let distances = forecast.steps[step].distances
        return actual[step].map {
          max(distances[interval] - $0, $0 - distances[levels.count - 1 - interval])
        }
      }
    }
    let pooled = intervals.map { index, probability in
      Self.quantile((0..<horizon).flatMap { scores($0, index) }, probability)
    }
    widths = (0..<horizon).map { step in
      intervals.map { index, probability in
        let own = scores(step, index)
        return own.count < Self.fewestScores ? pooled[index] : Self.quantile(own, probability)
      }
    }
  }

  /// Moves the ends of all intervals of a step; none crosses the median.
  func corrected(_ distances: [Double], step: Int) -> [Double] {
    let (last, median) = (distances.count - 1, distances[distances.count / 2])
    var corrected = distances
    for (index, width) in widths[step].enumerated() {
      corrected[index] = min(distances[index] - width, median)
      corrected[last - index] = max(distances[last - index] + width, median)
    }
    corrected.sort()
    return corrected
  }

  /// The score below which a new one lies with a probability; 0 of none.
  private static func quantile(_ scores: [Double], _ probability: Double) -> Double {
    guard !scores.isEmpty else { return 0 }
    // Of products that are whole numbers but for their rounding, the number itself.
    let rank = (Double(scores.count + 1) * probability - 1e-9).rounded(.up)
    return scores.sorted()[min(scores.count, Int(rank)) - 1]
  }
}
