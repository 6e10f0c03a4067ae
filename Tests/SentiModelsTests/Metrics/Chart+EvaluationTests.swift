import SentiModels
import Testing

@Suite("Charts of an evaluation")
struct ChartEvaluationTests {
  /// Of 200 answers with 0.6 to 0.98, each is right as often as 0.5.
  private static var examples: ScoredExamples {
    var examples = ScoredExamples(labels: ["a", "b"])
    for index in 0..<200 {
      let probability = 0.6 + 0.002 * Double(index % 190)
      examples.append(trueLabel: index % 2, probabilities: [probability, 1 - probability])
    }
    return examples
  }

  @Test func reliabilityLiesBelowTheDiagonalWhereAnswersAreTooSure() {
    let chart = Chart(reliabilityOf: [("model", Self.examples)])
    #expect(chart.series.map(\.name) == ["honest", "model"])
    let points = chart.series[1].points
    #expect(points.count == 15 && points.allSatisfy { $0.y < $0.x && $0.interval != nil })
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.x <= $1.x })
    #expect(chart.alternative.hasPrefix("model: calibration error 2"))
  }

  @Test func fewExamplesHaveFewBins() {
    var few = ScoredExamples(labels: ["a", "b"])
    few.append(trueLabel: 0, probabilities: [0.9, 0.1])
    #expect(Chart(reliabilityOf: [("model", few)]).series[1].points.count == 1)
    let none = ScoredExamples(labels: ["a", "b"])
    #expect(Chart(reliabilityOf: [("model", none)]).series[1].points.isEmpty)
  }

  @Test func thePageHasTheConfusionMatrix() throws {
    let evaluation = try #require(Evaluation(of: Self.examples))
    let page = ChartPage(evaluation, of: Self.examples, title: "a.csv")
    #expect(page.title == "a.csv")
    #expect(page.html.contains("<h2>Accuracy against coverage</h2>"))
    #expect(page.html.contains("accuracy is 50.0 % on all texts"))
    #expect(page.html.contains("<th scope=\"col\">answered a</th>"))
    #expect(page.html.contains(">a</th><td>100</td><td>0</td>"))
  }
}
