internal import Glibc

/// Measures wall-clock and processor time from the moment of its creation.
package struct Stopwatch {
  private let start = ContinuousClock.now
  private let processorStart = Stopwatch.processorSeconds

  /// Starts measuring.
  package init() {}

  /// The time since the start.
  package var elapsed: Elapsed {
    Elapsed(
      seconds: (ContinuousClock.now - start) / .seconds(1),
      processorSeconds: Self.processorSeconds - processorStart)
  }

  /// The processor time of all threads of this process so far, in seconds.
  private static var processorSeconds: Double {
    var time = timespec()
    precondition(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, "no processor clock")
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// The time that some work took.
package struct Elapsed: Hashable, Sendable {
  /// The wall-clock time, in seconds.
  package var seconds: Double
  /// The processor time of all threads, in seconds.
  package var processorSeconds: Double

  /// How many cores were busy on average.
  package var busyCores: Double { processorSeconds / seconds }
}
