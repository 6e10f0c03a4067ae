import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Calibration")
struct CalibrationTests {
  @Test func probabilitiesAreASoftmax() {
    let logits = [Float(0), Float(log(3.0))]
    #expect(
      mismatch(
        Calibration.probabilities(logits, temperature: 1), [0.25, 0.75] as [Double],
        absolute: 1e-7) == nil)
    #expect(Calibration.probabilities([5, 5, 5, 5], temperature: 3) == [0.25, 0.25, 0.25, 0.25])
  }

  /// Half the temperature squares the odds.
  @Test func temperatureIsWhatLogitsAreDividedBy() {
    let logits = [Float(0), Float(log(3.0))]
    let sharp = Calibration.probabilities(logits, temperature: 0.5)
    #expect(mismatch(sharp, [0.1, 0.9] as [Double], absolute: 1e-7) == nil)
    let flat = Calibration.probabilities(logits, temperature: 1e9)
    #expect(mismatch(flat, [0.5, 0.5] as [Double], absolute: 1e-7) == nil)
  }

  @Test func largeLogitsStayFinite() {
    let probabilities = Calibration.probabilities([3e38, -3e38], temperature: 0.1)
    #expect(probabilities == [1, 0])
  }

  /// Texts whose odds are known: of those with a logit of 2, three in four are right, so that the
  /// temperature must make 3 of exp(2 / t).
  @Test func fitsTheTemperatureThatIsRight() {
    let logits = [[Float]](repeating: [2, 0], count: 400)
    let classes = (0..<400).map { $0 % 4 == 0 ? 1 : 0 }
    let temperature = Calibration.temperature(logits: logits, classes: classes)
    #expect(abs(temperature - 2 / log(3.0)) < 1e-4)
  }

  @Test func staysWithinItsBounds() {
    let right = [[Float]](repeating: [1, 0], count: 10)
    #expect(
      abs(Calibration.temperature(logits: right, classes: [Int](repeating: 0, count: 10)) - 0.1)
        < 1e-5)
    #expect(
      abs(Calibration.temperature(logits: right, classes: [Int](repeating: 1, count: 10)) - 10)
        < 1e-4)
    #expect(Calibration.temperature(logits: [], classes: []) == 1)
  }

  @Test func stopsAtAnotherNumberOfClasses() async {
    await #expect(processExitsWith: .failure) {
      _ = Calibration.temperature(logits: [[1, 0]], classes: [])
    }
  }
}
