import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Forecaster: gradients")
struct ForecasterPassTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var cell = CellConfiguration.gru
    var layerCount = 1
    var scaling = ForecastScaling.window
    var base = ForecastBase.seasonalNaive
    var transform = ValueTransform.none
    var embeddingSize = 0
    var dropout = 0.0
    var memberCount = 1
    var covariates: [Covariate] = []

    var testDescription: String {
      "\(layerCount) \(cell.name) \(scaling) \(base) \(transform) \(embeddingSize) \(dropout) "
        + "\(memberCount) \(covariates.map(\.name))"
    }

    var configuration: ForecasterConfiguration {
      var shape = SeriesProblem.configuration()
      shape.cell = cell
      shape.layerCount = layerCount
      shape.scaling = scaling
      shape.base = base
      shape.transform = transform
      shape.seriesCount = embeddingSize > 0 ? 2 : 0
      shape.embeddingSize = embeddingSize
      shape.memberCount = memberCount
      shape.covariates = covariates
      return shape
    }
  }

  static let series = [
    SeriesProblem.monthly(30), SeriesProblem.monthly(25, seed: 2),
  ].map { SeriesProblem.withCovariates($0) }
  static let covariates = [
    Covariate("past", isKnownAhead: false, of: series, counts: [20, 20]),
    Covariate("known", isKnownAhead: true, of: series, counts: [20, 20]),
  ]
  static let examples = [
    ForecasterExample(series: 0, origin: 9, outputCount: 3, end: 30),
    ForecasterExample(series: 1, origin: 12, outputCount: 1, end: 14),
    ForecasterExample(series: 0, origin: 27, outputCount: 3, end: 30),
  ]

  static func prepared(_ shape: ForecasterConfiguration) -> [PreparedSeries] {
    series.enumerated().map {
      PreparedSeries($1, shape, embeddingIndex: shape.embedsSeries ? Int32($0) : nil)
    }
  }

  @Test(arguments: [
    Case(), Case(cell: .lstm, layerCount: 2, dropout: 0.3), Case(scaling: .series, base: .naive),
    Case(transform: .log, embeddingSize: 2), Case(cell: .lstm, embeddingSize: 3, dropout: 0.2),
    Case(embeddingSize: 2, dropout: 0.2, memberCount: 2, covariates: covariates),
  ])
  func gradientsMatchFiniteDifferences(_ test: Case) {
    let network = ForecasterNetwork(test.configuration)
    let prepared = Self.prepared(test.configuration)
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Double> = generator.parameters(network.layout, deviation: 0.5)
    func run(_ parameters: Parameters<Double>) -> (EpochMetrics, Parameters<Double>) {
      var gradients = Parameters<Double>(layout: network.layout)
      var workspace = StackWorkspace<Double>(network.members[0].encoder)
      var generator = SeededGenerator(seed: 5)
      let batch = ForecasterBatch<Double>(test.configuration, Self.examples, of: prepared)
      var tally = EpochMetrics()
      let weights = network.weights(parameters, isForTraining: true)
      for (member, weights) in zip(network.members, weights) {
        var pass = ForecasterPass(member, over: batch, parameters: parameters)
        pass.drop(Dropout(rate: test.dropout), using: &generator)
        tally.add(
          pass.addGradients(weights, scale: 1, &workspace, gradients: &gradients))
      }
      return (tally, gradients)
    }
    let failure = GradientCheck.failure(
      run(parameters).1.values, at: parameters.values, named: "parameters"
    ) { run(Parameters(layout: network.layout, values: $0)).0.lossSum }
    #expect(failure == nil)
  }

  /// Nine outputs of three times; those at the end, beyond an end or in a gap do not count.
  @Test func everyKnownTimeCountsOnce() {
    let shape = SeriesProblem.configuration()
    let network = ForecasterNetwork(shape)
    let task = ForecasterTask(
      network: network, series: Self.prepared(shape), dropout: Dropout(rate: 0))
    let tally = task.tally(
      of: Self.examples, parameters: network.initialParameters(seed: 1), threadCount: 2)
    // Of the first window 9 to 13 are there; of the second 12 and 13; of the third 27 to 29.
    #expect(Self.examples.map(task.lossTermCount) == [9, 2, 3 + 2 + 1])
    #expect(tally.exampleCount == 17)
    #expect(tally.tokenCount == 8 + 6 + 8)
    #expect(Self.examples.map(task.tokenCount) == [8, 6, 8])
  }

  /// The loss of an untrained net is the pinball loss of the base, whose errors are known.
  @Test func anUntrainedNetIsItsBase() {
    var shape = SeriesProblem.configuration(windowSize: 2, horizon: 1)
    shape.base = .naive
    shape.levels = QuantileLevels([0.5])
    shape.calendar = []
    let network = ForecasterNetwork(shape)
    let series = TimeSeries(
      id: "", axis: TimeAxis(start: SeriesTime(number: 0), step: .number(1)),
      values: [2, 4, 10, nil, 7])
    let task = ForecasterTask(
      network: network, series: [PreparedSeries(series, shape)], dropout: Dropout(rate: 0))
    func loss(_ origin: Int, _ outputs: Int) -> EpochMetrics {
      task.tally(
        of: [ForecasterExample(series: 0, origin: origin, outputCount: outputs, end: 5)],
        parameters: network.initialParameters(seed: 1), threadCount: 1)
    }
    // The window 2, 4 has the deviation 1; 10 is 6 above its last number.
    #expect(loss(2, 1).lossSum == 3 && loss(2, 1).exampleCount == 1)
    // The next output knows 10 and has no target; the one after forecasts 7.
    #expect(loss(2, 3).lossSum == 3 + 1.5 && loss(2, 3).exampleCount == 2)
  }
}
