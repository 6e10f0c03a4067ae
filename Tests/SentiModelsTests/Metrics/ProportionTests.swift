import SentiModels
import Testing

@Suite("Proportion")
struct ProportionTests {
  /// Newcombe 1998 has 81 of 263 (0.2553 to 0.3662) and others; the rest are computed by hand.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
    (1, 29, 0.0061, 0.1718), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1),
  ])
  func theIntervalIsWilsons(_ count: Int, _ total: Int, _ lower: Double, _ upper: Double) {
    let interval = Proportion(count, of: total).interval
    #expect(abs(interval.lowerBound - lower) < 5e-5 && abs(interval.upperBound - upper) < 5e-5)
  }

  @Test func theIntervalMirrorsThatOfTheRest() {
    let (some, rest) = (Proportion(3, of: 40).interval, Proportion(37, of: 40).interval)
    #expect(abs(some.lowerBound - (1 - rest.upperBound)) < 1e-12)
    #expect(abs(some.upperBound - (1 - rest.lowerBound)) < 1e-12)
  }

  @Test func ofNothingNothingIsKnown() {
    #expect(Proportion(0, of: 0).fraction == nil)
    #expect(Proportion(0, of: 0).interval == 0...1)
    #expect(Proportion(3, of: 4).fraction == 0.75)
  }

  @Test(arguments: [(-1, 2), (3, 2)])
  func aCountOutsideOfTheTotalIsTheCallersMistake(_ count: Int, _ total: Int) async {
    await #expect(processExitsWith: .failure) { [count, total] in
      _ = Proportion(count, of: total)
    }
  }
}
