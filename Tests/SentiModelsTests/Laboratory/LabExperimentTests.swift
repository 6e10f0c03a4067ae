import Foundation
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Laboratory")
struct LabExperimentTests {
  /// Settings whose experiments take some share of the steps.
  private static func settings(_ effort: Double) -> LabSettings {
    var settings = LabSettings()
    settings.effort = effort
    return settings
  }

  @Test(arguments: [
    (0, "0"), (1.234e-7, "1.2e-07"), (9.96, "1.0e+01"), (-250, "-2.5e+02"), (1, "1.0e+00"),
    (4e120, "4.0e+120"), (.infinity, "inf"),
  ])
  func magnitudesHaveTwoDigits(value: Double, expected: String) {
    #expect(LabValue.magnitude(value).text == expected)
  }

  @Test func numbersHaveTheirDigitsAndSign() {
    #expect(LabValue.number(-0.4852, digits: 2).text == "-0.49")
    #expect(LabValue.number(120, digits: 0).text == "120")
  }

  /// A page holds every table and chart, and runs nothing.
  @Test func aPageShowsTablesAndCharts() {
    let report = GradientFlowExperiment(LabSettings()).report
    let html = LabPage(.gradientFlow, report, seed: 1).html
    #expect(html.contains("default-src 'none'") && !html.contains("<script"))
    #expect(html.components(separatedBy: "<svg").count == report.charts.count + 1)
    #expect(html.contains("<td>1.0e+00</td>"))
  }

  @Test func theNeuronByHandIsTheEngines() {
    let steps = NeuronExperiment(LabSettings()).steps
    #expect(steps.count == 8)
    for step in steps { #expect(abs(step.byHand - step.byEngine) < 1e-12) }
    // tanh(0.5 + 0.1), then what remains without any input.
    #expect(abs(steps[0].byHand - 0.5370495669980353) < 1e-12)
    #expect(steps[7].input == 0 && steps[7].byHand != 0)
  }

  @Test func gradientsOfSimpleCellsVanishOrExplode() throws {
    let norms = GradientFlowExperiment(LabSettings()).norms
    func norm(_ name: String, _ stepsBack: Int) throws -> Double {
      let index = try #require(GradientFlowExperiment.subjects.firstIndex { $0.name == name })
      return norms[index][stepsBack]
    }
    #expect(try norm("tanh, half as large", 50) < 1e-6)
    #expect(try norm("tanh, orthogonal", 50) < 1e-2)
    #expect(try norm("ReLU, twice as large", 50) > 1e3)
    #expect(try norm("LSTM, chrono", 50) > 1e-2)
    #expect(try norm("GRU, chrono", 50) > norm("GRU", 50))
  }

  @Test func truncationHidesWhatLiesBeforeItsWindow() throws {
    let found = TruncationExperiment(Self.settings(0.5)).accuracies
    #expect(try #require(found[.full]) > 0.95, "\(found)")
    #expect(try #require(found[.truncated]) < 0.65, "\(found)")
    #expect(try #require(found[.joined]) > 0.8, "\(found)")
  }

  @Test func packingComputesWhatPaddingDoesWithLessWork() {
    let experiment = PaddingExperiment(LabSettings())
    #expect(experiment.difference == 0)
    #expect(experiment.unmaskedDifference > 0.01)
    #expect(experiment.tokenCount * 2 < experiment.paddedCount)
  }

  @Test func whatFollowsTheEndIsIgnored() throws {
    let tokens = EndTokenExperiment(LabSettings()).tokens
    #expect(tokens.prefix(5).map(\.name) == ["a", "b", "c", "d", "<eos>"])
    #expect(tokens.map(\.isKept) == [true, true, true, true] + [Bool](repeating: false, count: 6))
  }

  /// With few steps nobody has solved the problems; the losses are then those of nets that know nothing,
  /// or less.
  @Test(arguments: [MemoryExperiment.Problem.adding, .copy])
  func lossesOfMemoryProblemsStartAtTheBaseline(_ problem: MemoryExperiment.Problem) throws {
    let experiment = MemoryExperiment(problem, Self.settings(0.02))
    #expect(experiment.checkpoints == [2, 4, 6, 8, 10, 12])
    #expect(experiment.curves.map(\.name) == ["tanh", "GRU", "LSTM"])
    for curve in experiment.curves {
      #expect(curve.losses.count == 6 && curve.losses.allSatisfy(\.isFinite))
      #expect(try #require(curve.losses.first) > experiment.baseline)
      #expect(try #require(curve.losses.last) < #require(curve.losses.first))
      #expect(try #require(curve.losses.last) > experiment.baseline / 2)
    }
  }

  @Test func theSimpleCellForgetsTheFirstWords() throws {
    let shares = FadeExperiment(Self.settings(0.4)).shares
    let simple = try #require(shares.first { $0.name == "tanh" }?.values)
    let gated = try #require(shares.first { $0.name == "LSTM" }?.values)
    #expect(simple[0] > 0.8 && gated[0] > 0.8)
    #expect(gated[3] > simple[3])
  }

  @Test func theGatesByHandAreTheEngines() {
    let experiment = GatesExperiment(Self.settings(0.5))
    #expect(experiment.difference < 1e-4)
    // Before the mark the state is kept; the mark lets a bit in.
    let before = experiment.steps[..<GatesExperiment.marked]
    let mark = experiment.steps[GatesExperiment.marked]
    #expect(before.allSatisfy { $0.update > mark.update && $0.change < mark.change })
    #expect(
      experiment.steps.allSatisfy { (0...1).contains($0.reset) && (0...1).contains($0.update) })
  }

  @Test func everyTrickIsTriedAlone() throws {
    let experiment = SpeedupExperiment(Self.settings(0.02))
    #expect(experiment.outcomes.count == SpeedupExperiment.Trick.allCases.count + 2)
    for outcome in experiment.outcomes {
      #expect(outcome.steps.count == 3 && outcome.steps.allSatisfy { $0 <= experiment.limit })
    }
  }

  @Test func everyShapeLearns() throws {
    let few = ShapesExperiment(Self.settings(0.01)).accuracies
    let more = ShapesExperiment(Self.settings(0.15)).accuracies
    for shape in ShapesExperiment.Shape.allCases {
      #expect(try #require(more[shape]) > #require(few[shape]), "\(shape)")
    }
  }

  @Test func theSameSeedGivesTheSameNumbers() {
    let first = EndTokenExperiment(Self.settings(0.05)).report.tables
    #expect(EndTokenExperiment(Self.settings(0.05)).report.tables == first)
    var other = Self.settings(0.05)
    other.seed = 2
    #expect(EndTokenExperiment(other).report.tables != first)
  }

  /// The tutorial runs every experiment.
  @Test func theTutorialNamesEveryExperiment() throws {
    let article = try String(
      contentsOf: Repository.folder.appending(path: "Sources/Senti/Senti.docc/RecurrentNets.md"),
      encoding: .utf8)
    for experiment in LabExperiment.allCases {
      #expect(article.contains("`senti lab \(experiment.rawValue)`"), "\(experiment)")
    }
  }

  @Test func everyTableHasAValueForEachColumn() {
    for experiment in LabExperiment.allCases {
      let report = experiment.run(Self.settings(0.005))
      #expect(!report.tables.isEmpty && !experiment.idea.isEmpty)
      for table in report.tables {
        #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(experiment)")
      }
    }
  }
}
