import SentiTraining
import Testing

@Suite("Learning rate schedule")
struct LearningRateScheduleTests {
  func factors(_ schedule: LearningRateSchedule, of count: Int = 8) -> [Double] {
    (0...count).map { schedule.factor(step: $0, of: count) }
  }

  func expect(
    _ schedule: LearningRateSchedule, of count: Int = 8, _ expected: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = factors(schedule, of: count)
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (factor, wanted) in zip(found, expected) {
      #expect(abs(factor - wanted) < 1e-12, sourceLocation: sourceLocation)
    }
  }

  @Test func constantStays() {
    expect(.constant, [1, 1, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func stepFallsAfterEverySoManySteps() {
    expect(.step(every: 3, factor: 0.5), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
  }

  @Test func linearFallsToZero() {
    expect(.linear, of: 4, [1, 0.75, 0.5, 0.25, 0])
  }

  /// (1 + cos(pi k / 4)) / 2.
  @Test func cosineFallsToZero() {
    let root = 2.0.squareRoot()
    expect(.cosine, of: 4, [1, 0.5 + root / 4, 0.5, 0.5 - root / 4, 0])
  }

  /// Two of eight steps up, 1/3 and 2/3 of the way; then half a cosine over the last six.
  @Test func oneCycleRisesThenFalls() {
    let root = 3.0.squareRoot()
    expect(
      .oneCycle(warmUpShare: 0.25),
      [1 / 3, 2 / 3, 1, 0.5 + root / 4, 0.75, 0.5, 0.25, 0.5 - root / 4, 0])
    expect(.oneCycle(warmUpShare: 0), of: 2, [1, 0.5, 0])
    expect(.oneCycle(warmUpShare: 1), of: 2, [1 / 3, 2 / 3, 0])
  }

  @Test func linearWarmUpRisesThenFalls() {
    let expected: [Double] = [2, 4, 6, 5, 4, 3, 2, 1, 0].map { $0 / 6 }
    expect(.linearWarmUp(share: 0.25), expected)
    expect(.linearWarmUp(share: 1), of: 2, [1 / 3, 2 / 3, 0])
  }

  /// Two of eight steps up from 1/5, six down: 1/5 + 4/5 of the height.
  @Test func slantedTriangularIsSteepThenLong() {
    let heights: [Double] = [0, 3, 6, 5, 4, 3, 2, 1, 0]
    expect(.slantedTriangular(cut: 0.25, ratio: 5), heights.map { 0.2 + 0.8 * $0 / 6 })
    #expect(LearningRateSchedule.slantedTriangular() == .slantedTriangular(cut: 0.1, ratio: 32))
  }

  /// As PyTorch: more than one bad epoch in a row lowers the rate and starts the count anew.
  @Test func plateausLowerTheRate() {
    let schedule = LearningRateSchedule.onPlateau(factor: 0.1, patience: 1, threshold: 0.01)
    let losses = [1.0, 0.995, 1.2, 0.9, 0.9, 0.9, 0.9, 0.9]
    let factors = (0...losses.count).map { count in
      schedule.factor(step: 5, of: 10, epochLosses: Array(losses.prefix(count)))
    }
    for (factor, wanted) in zip(factors, [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001]) {
      #expect(abs(factor - wanted) < 1e-12)
    }
  }

  @Test(arguments: [
    LearningRateSchedule.constant, .step(every: 2, factor: 0.1), .cosine, .linear,
    .oneCycle(warmUpShare: 0.05), .step(every: 0, factor: 0.9), .linearWarmUp(share: 0.3),
    .linearWarmUp(share: 0), .slantedTriangular(), .slantedTriangular(cut: 0), .onPlateau(),
  ])
  func staysBetweenZeroAndOne(_ schedule: LearningRateSchedule) {
    for count in [0, 1, 7, 100] {
      for step in 0...2 * count + 2 {
        #expect((0...1).contains(schedule.factor(step: step, of: count)))
      }
    }
  }
}
