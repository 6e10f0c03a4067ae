internal import CPeak
internal import Measurement

/// What one thread of this machine reaches at best in fused multiply-adds.
enum MachinePeak {
  /// Floating-point operations a second, the best of many short runs.
  static func operationsPerSecond(seconds: Double) -> Double {
    let total = Stopwatch()
    var best = 0.0
    while total.elapsed.seconds < seconds {
      let stopwatch = Stopwatch()
      var result: Float = 0
      let operations = CPeak_run(1_000_000, &result)
      precondition(result.isFinite, "the loop computed \(result)")
      best = max(best, Double(operations) / stopwatch.elapsed.seconds)
    }
    return best
  }
}
