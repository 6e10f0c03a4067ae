/// Repeats some work and takes the median, which a disturbance now and then does not move.
package struct Sampling: Sendable {
  /// The time to go on for, in seconds.
  package var seconds: Double
  /// The fewest repetitions that count.
  package var minimumCount: Int
  /// Whether a repetition's time is that of the processor, on all threads.
  package var countsProcessorTime: Bool

  /// Says how long to measure.
  ///
  /// - Parameters:
  ///   - seconds: The time to go on for, in seconds.
  ///   - minimumCount: The fewest repetitions that count, however long they take.
  ///   - countsProcessorTime: Whether a repetition's time is that of the processor.
  package init(seconds: Double, minimumCount: Int = 3, countsProcessorTime: Bool = false) {
    self.seconds = seconds
    self.minimumCount = minimumCount
    self.countsProcessorTime = countsProcessorTime
  }

  /// Runs the work once to warm up, then again and again until the time is over.
  ///
  /// - Parameter work: The work.
  /// - Returns: The time of each repetition but the first, in seconds.
  /// - Throws: What the work throws.
  package func times<Failure>(_ work: () throws(Failure) -> Void) throws(Failure) -> [Double] {
    try work()
    let total = Stopwatch()
    var times: [Double] = []
    while times.count < minimumCount || total.elapsed.seconds < seconds {
      let stopwatch = Stopwatch()
      try work()
      let elapsed = stopwatch.elapsed
      times.append(countsProcessorTime ? elapsed.processorSeconds : elapsed.seconds)
    }
    return times
  }
}

extension [Double] {
  /// The middle one by size; of an even number the mean of both.
  package var median: Double {
    precondition(!isEmpty, "the median of nothing")
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
