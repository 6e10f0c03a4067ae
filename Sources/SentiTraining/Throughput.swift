/// The throughput of a training since it was started or resumed, and the time that is left.
struct Throughput {
  let totalTokens: Int
  private let start = ContinuousClock.now
  private var tokens = 0

  init(totalTokens: Int) { self.totalTokens = totalTokens }

  mutating func add(_ count: Int) { tokens += count }

  var tokensPerSecond: Double {
    let elapsed = ContinuousClock.now - start
    return Double(tokens) / max(1e-9, elapsed / .seconds(1))
  }

  func secondsLeft(epochTokens: Int, epochsLeft: Int) -> Double {
    (Double(epochsLeft) * Double(totalTokens) - Double(epochTokens)) / max(1, tokensPerSecond)
  }
}
