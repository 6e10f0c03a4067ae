import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Calendar features")
struct CalendarFeatureTests {
  @Test(
    arguments: [
      (TimeStep.number(1), []), (.months(1), [.month]), (.months(12), []),
      (.seconds(3600), [.hour, .weekday, .dayOfYear]), (.seconds(86_400), [.weekday, .dayOfYear]),
      (.seconds(7 * 86_400), [.dayOfYear]),
    ] as [(TimeStep, [CalendarFeature])])
  func thoseThatTellTimesApartAreRead(_ step: TimeStep, _ expected: [CalendarFeature]) {
    #expect(CalendarFeature.features(for: step) == expected)
  }

  @Test(
    arguments: [
      (CalendarFeature.hour, "2020-01-01T06:00", 1.0, 0.0), (.hour, "2020-01-01T12:00", 0, -1),
      (.weekday, "2024-01-01", 0, 1), (.month, "2020-04", 1, 0), (.month, "2020-07", 0, -1),
      (.dayOfYear, "2020-01-01", 0, 1), (.dayOfYear, "2020-07-02", 0, -1),
    ] as [(CalendarFeature, String, Double, Double)])
  func areOnACircle(
    _ feature: CalendarFeature, _ text: String, _ sine: Double, _ cosine: Double
  ) throws {
    let found = feature.values(at: try #require(SeriesTime(text)))
    #expect(mismatch(found, [sine, cosine], absolute: 1e-9) == nil)
  }
}
