import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Sentiment loss")
struct SentimentLossTests {
  /// An example of weight 3 costs what three of them cost, by its label and by its teacher.
  @Test(arguments: [0, 0.3, 1], [nil, [0.2, 0.3, 0.5]] as [[Double]?])
  func anExampleCountsByItsWeight(_ hardFraction: Double, _ softLabel: [Double]?) {
    var loss = SentimentLoss(classWeights: [1, 2, 0.5])
    loss.distillation.temperature = 2
    loss.distillation.hardFraction = hardFraction
    let logits = Matrix<Double>(rowCount: 1, columnCount: 3, elements: [0.2, -1, 0.7])
    func cost(weight: Double) -> SentimentLoss.Cost<Double> {
      let example = SentimentExample(tokens: [], label: 2, softLabel: softLabel, weight: weight)
      return loss.cost(of: [example], logits: logits, scale: 1, smoothing: 0.1)
    }
    let (one, three) = (cost(weight: 1), cost(weight: 3))
    #expect(one.sum > 0 && abs(three.sum - 3 * one.sum) < 1e-12)
    let expected = one.logitsGradient.elements.map { 3 * $0 }
    #expect(mismatch(three.logitsGradient.elements, expected, absolute: 1e-12) == nil)
  }
}
