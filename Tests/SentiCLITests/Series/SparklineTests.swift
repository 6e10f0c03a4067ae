import SentiModels
import SentiTestSupport
import Testing

@testable import SentiCLI

@Suite("Sparklines")
struct SparklineTests {
  @Test func barsAreAsHighAsTheirNumbers() {
    #expect(
      Sparkline.text([0, 1, nil, 7], forecast: [3.5, 8], columnCount: 20)
        == "\u{2581}\u{2582} \u{2588}|\u{2584}\u{2588}")
    #expect(Sparkline.text([5], forecast: [5], columnCount: 9) == "\u{2585}|\u{2585}")
  }

  @Test func theLastNumbersAndTheFirstForecastsAreDrawn() {
    let drawn = Sparkline.text(
      (0..<50).map { Double($0) }, forecast: (0..<50).map { Double($0) }, columnCount: 20)
    #expect(drawn.count == 20 && drawn.split(separator: "|").map(\.count) == [9, 10])
  }

  @Test func numbersAreShort() {
    #expect(ForecastColumns.short(12345.6) == "12346" && ForecastColumns.short(123.45) == "123.5")
    #expect(ForecastColumns.short(1.234) == "1.23" && ForecastColumns.short(-0.01234) == "-0.0123")
    #expect(ForecastColumns.percent(0.8) == "80" && ForecastColumns.percent(0.975) == "97.5")
  }
}
