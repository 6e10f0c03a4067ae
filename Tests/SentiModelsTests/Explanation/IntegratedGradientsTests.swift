import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Integrated gradients")
struct IntegratedGradientsTests {
  typealias Configurations = InputGradientNetworkTests

  static let logOdds = LogOdds(label: 1, temperature: 0.8)

  static func attribution(
    _ configuration: SentimentConfiguration, _ tokens: [Int32]
  ) -> Attribution {
    let problem = InputGradientNetworkTests.Problem(configuration, batchSize: 1, tokenCount: 1)
    return IntegratedGradients(problem.net, unknownToken: 1)
      .attribution(of: logOdds, to: tokens)
  }

  /// The log-odds of a text as the net scores it.
  static func value(_ configuration: SentimentConfiguration, _ tokens: [Int32]) -> Double {
    let problem = InputGradientNetworkTests.Problem(configuration, batchSize: 1, tokenCount: 1)
    var workspace = SentimentNetwork.ScoringWorkspace<Double>(problem.network)
    let logits = problem.network.logits(
      [tokens], parameters: problem.parameters,
      weights: problem.network.weights(problem.parameters, isForTraining: false),
      workspace: &workspace)
    return logOdds.value(logits.row(0))
  }

  @Test(arguments: Configurations.configurations)
  func contributionsSumToTheDifference(_ configuration: SentimentConfiguration) {
    let tokens: [Int32] = [3, 6, 2, 4, 4, 5, 0, 1, 2]
    let attribution = Self.attribution(configuration, tokens)
    #expect(attribution.difference == Self.value(configuration, tokens))
    #expect(attribution.baseline == Self.value(configuration, tokens.map { _ in 1 }))
    let change = attribution.difference - attribution.baseline
    #expect(attribution.gap.magnitude <= max(0.01 * change.magnitude, 0.001))
    #expect(attribution.contributions.count == tokens.count)
    #expect(attribution.contributions[7] == 0)
  }

  /// Longer than a chunk, and than what is looked up at once.
  @Test(arguments: [Configurations.configurations[0], Configurations.configurations[1]])
  func longTextsSumToTheDifference(_ configuration: SentimentConfiguration) {
    let tokens = (0..<1100).map { Int32($0 * 5 % 7) }
    let attribution = Self.attribution(configuration, tokens)
    let change = attribution.difference - attribution.baseline
    #expect(attribution.gap.magnitude <= max(0.01 * change.magnitude, 0.001))
    #expect(attribution.difference == Self.value(configuration, tokens))
  }

  /// Where the first steps do, there are no more.
  @Test func stepsAreHalvedUntilTheSumIsRight() {
    #expect(IntegratedGradients<Double>.stepCounts == 4...256)
    let configuration = SentimentNetworkTests.configuration(.gru)
    #expect(Self.attribution(configuration, [1, 1]).stepCount == 4)
    let counts = (0..<40).map { seed in
      Self.attribution(configuration, (0..<9).map { Int32(($0 * 5 + seed) % 7) }).stepCount
    }
    #expect(Set(counts).count > 1 && Set(counts).isSubset(of: [4, 8, 16, 32, 64, 128]))
    // The trapezoidal rule leaves a quarter of the gap with twice the steps, others leave half.
    #expect(counts.sorted()[20] <= 32)
  }

  @Test(arguments: Configurations.configurations)
  func unknownWordsContributeNothing(_ configuration: SentimentConfiguration) {
    let attribution = Self.attribution(configuration, [1, 1, 1])
    #expect(attribution.contributions == [0, 0, 0])
    #expect(attribution.difference == attribution.baseline && attribution.gap == 0)
  }

  @Test(arguments: Configurations.configurations)
  func ofNoWordsNothingIsLeft(_ configuration: SentimentConfiguration) {
    let attribution = Self.attribution(configuration, [])
    #expect(attribution.contributions.isEmpty)
    #expect(attribution.difference == Self.value(configuration, []))
    #expect(attribution.difference == attribution.baseline && attribution.gap == 0)
  }

  /// A net whose states jump right behind the path's beginning: no step is small enough, and the gap
  /// says so.
  @Test func aJumpLeavesAGap() throws {
    let steep = try Self.opinionated(inputWeight: 1e6)
    let explanation = steep.explanation(of: "great film")
    #expect(explanation.stepCount == 256 && !explanation.isComplete)
    #expect(explanation.gap.magnitude > 0.01)
    let soft = try Self.opinionated(inputWeight: 0.5).explanation(of: "great film")
    #expect(soft.isComplete && soft.stepCount < 256)
  }

  /// Weights whose sums overflow give no numbers, and soon.
  @Test func whatIsNotFiniteEnds() throws {
    let explanation = try Self.opinionated(inputWeight: 1, outputWeight: .infinity)
      .explanation(of: "great film")
    #expect(!explanation.isFinite && explanation.stepCount == 4)
  }

  @Test func toleranceIsAHundredthOrAThousandthOfALogit() {
    #expect(Attribution.tolerance(-3) == 0.03)
    #expect(Attribution.tolerance(0.01) == 0.001)
  }

  static func opinionated(
    inputWeight: Float, outputWeight: Float = 3
  ) throws -> SentimentClassifier {
    let model = try TestModels.opinionated()
    let parameters = Parameters<Float>(layout: model.network.layout) { slot in
      switch slot.name {
      case "output.weight": [-outputWeight, outputWeight]
      case let name where name.contains("weight_ih"): [inputWeight]
      default: model.parameters[slot]
      }
    }
    return SentimentClassifier(
      labels: model.labels, pipeline: model.pipeline, network: model.network,
      parameters: parameters)
  }
}
