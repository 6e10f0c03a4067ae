import Testing

@testable import SentiModels

@Suite("Chart scale")
struct ChartScaleTests {
  @Test(arguments: [
    ([0.0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1.0]), ([3, 97], [0, 20, 40, 60, 80, 100]),
    ([-0.9, 0.4], [-1, -0.5, 0, 0.5]), ([1_200, 1_240], [1_200, 1_210, 1_220, 1_230, 1_240]),
  ])
  func marksAreRoundNumbers(_ values: [Double], _ ticks: [Double]) {
    let scale = ChartScale(values)
    #expect(scale.ticks.count == ticks.count)
    #expect(zip(scale.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-9 }, "\(scale.ticks)")
    #expect(values.allSatisfy { scale.range.contains($0) })
  }

  @Test func labelsHaveTheDigitsOfTheStep() {
    #expect(ChartScale([0, 1]).label(0.2) == "0.2")
    #expect(ChartScale([0, 100]).label(20) == "20")
    #expect(ChartScale([-0.02, 0.02]).label(-0.01) == "\u{2212}0.01")
    #expect(ChartScale([-1, 1]).label(-0.0) == "0.0")
    #expect(ChartScale([-1, 1]).label(-0.04) == "0.0")
  }

  @Test(arguments: [[], [.nan], [0.5, 0.5], [.infinity, 2]] as [[Double]])
  func valuesWithoutARangeHaveOne(_ values: [Double]) {
    let scale = ChartScale(values)
    #expect(scale.range.upperBound > scale.range.lowerBound && !scale.ticks.isEmpty)
    #expect(scale.position(7).isFinite)
  }

  @Test func aGivenRangeStays() {
    let scale = ChartScale([0.3], given: 0...1)
    #expect(scale.range == 0...1 && scale.position(0.25) == 0.25)
    #expect(scale.position(-3) == 0 && scale.position(3) == 1)
  }
}
