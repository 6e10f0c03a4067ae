import SentiModels
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Autoregression")
struct AutoregressionTests {
  @Test func findsWhatMadeTheNumbers() {
    // y_t = 1 + y_{t-1} / 2
    let values: [Double?] = [0, 1, 1.5, 1.75, 1.875, 1.9375]
    let fitted = Autoregression(fittedTo: values, order: 1)
    #expect(mismatch([fitted.constant] + fitted.coefficients, [1, 0.5], absolute: 1e-6) == nil)
    let forecast = fitted.forecast(after: [4], horizon: 2)
    #expect(mismatch(forecast, [3, 2.5], absolute: 1e-6) == nil)
  }

  /// y_t = y_{t-1} - y_{t-2}, which repeats after six steps; rows with a gap are left out.
  @Test func gapsAreNotLearnedFrom() {
    var values = (0..<40).map { Optional([1.0, 2, 1, -1, -2, -1][$0 % 6]) }
    values[17] = nil
    let fitted = Autoregression(fittedTo: values, order: 2)
    #expect(mismatch(fitted.coefficients, [1, -1], absolute: 1e-6) == nil)
  }

  @Test func fewNumbersLowerTheOrder() {
    #expect(Autoregression(fittedTo: [1, 2, 4], order: 7).coefficients.isEmpty)
    let mean = Autoregression(fittedTo: [1, 2, 3], order: 7).forecast(after: [5], horizon: 2)
    #expect(mismatch(mean, [2, 2], absolute: 1e-6) == nil)
    #expect(
      Autoregression(fittedTo: (0..<20).map { Double($0 % 5) }, order: 7).coefficients.count == 6)
    #expect(
      Autoregression.usualOrder(season: 1) == 7 && Autoregression.usualOrder(season: 12) == 12)
  }

  @Test func solvesNormalEquations() {
    let line = LeastSquares.solution([[1, 0], [1, 1], [1, 2], [1, 3]], [1, 3, 5, 7])
    #expect(mismatch(line, [1, 2], absolute: 1e-6) == nil)
    let plane = LeastSquares.solution(
      [[1, 0, 1], [1, 1, 0], [1, 2, 5], [1, 3, 1]], [4, 3, 20, 10])
    #expect(mismatch(plane, [1, 2, 3], absolute: 1e-6) == nil)
  }
}
