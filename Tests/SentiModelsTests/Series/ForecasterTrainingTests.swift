import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Forecaster: training")
struct ForecasterTrainingTests {
  @Test func learnsAWaveThatTheBaseDoesNotKnow() throws {
    let series = SeriesProblem.wave(160)
    let training = try SeriesProblem.trained(
      [series.dropLast(20)], SeriesProblem.options(epochs: 30))
    #expect(training.configuration.base == .naive && training.configuration.season == 1)
    let evaluation = try ForecastEvaluation(
      of: training.forecaster(), on: [series], by: RollingOrigin(horizon: 3, testCount: 20))
    let naive = try #require(evaluation.rows.first { $0.method == .baseline(.naive) })
    #expect(evaluation.rows[0].scores.mae < naive.scores.mae / 3)
    #expect(naive.test?.isSignificant == true)
    #expect(evaluation.originCount == 18 && evaluation.rows[0].scores.count == 54)
  }

  @Test func theSameSeedGivesTheSameModelAlsoWhenInterrupted() throws {
    let series = [SeriesProblem.monthly(60), SeriesProblem.monthly(50, seed: 2, id: "b")]
    var options = SeriesProblem.options(epochs: 3)
    options.dropout = 0.2
    options.embeddingSize = 2
    options.settings.averagingDecay = 0.9
    let whole = try SeriesProblem.trained(series, options)
    var first = try ForecasterTraining(series, options: options)
    #expect(try first.runEpoch { _ in true } != nil)
    #expect(try first.runEpoch { $0.batch < 2 } == nil)
    let folder = try TemporaryFolder()
    try first.checkpoint.write(to: folder["c"])
    var second = try ForecasterTraining(series, options: options)
    try second.resume(from: folder["c"])
    while !second.isFinished { _ = try second.runEpoch { _ in true } }
    #expect(second.forecaster().parameters.values == whole.forecaster().parameters.values)
    #expect(second.forecaster().correction == whole.forecaster().correction)
    #expect(second.history.map(\.validationLoss) == whole.history.map(\.validationLoss))
    var other = try ForecasterTraining([series[0]], options: options)
    #expect(throws: TrainingError.self) { try other.resume(from: folder["c"]) }
    options.dropout = 0.3
    other = try ForecasterTraining(series, options: options)
    #expect(throws: TrainingError.self) { try other.resume(from: folder["c"]) }
  }

  @Test func theShapeFollowsFromTheTimes() throws {
    var options = SeriesProblem.options(epochs: 1)
    options.horizon = nil
    options.windowSize = nil
    options.lagCount = nil
    let series = SeriesProblem.monthly(200)
    let shape = try ForecasterTraining([series], options: options).configuration
    #expect(shape.season == 12 && shape.horizon == 12 && shape.windowSize == 36)
    #expect(shape.lagCount == 12 && shape.calendar == [.month])
    // The pattern of four months comes back after twelve.
    #expect(shape.base == .seasonalNaive)
    options.readsCalendar = false
    options.season = 4
    let other = try ForecasterTraining([series], options: options).configuration
    #expect(other.calendar.isEmpty && other.horizon == 4 && other.lagCount == 7)
  }

  /// Few windows are many small batches of one output each.
  @Test func fewWindowsAreManySteps() throws {
    var options = SeriesProblem.options(epochs: 1)
    options.outputCount = nil
    options.minimumStepCount = 10
    options.settings.tokenBudget = 1000
    var training = try ForecasterTraining([SeriesProblem.wave(60)], options: options)
    #expect(training.options.settings.tokenBudget == 46 * 8 / 10)
    var stepCount = 0
    _ = try training.runEpoch {
      stepCount = $0.batchCount
      return true
    }
    #expect(stepCount >= 10)
    #expect(options.outputCount(originCount: 2999) == 2)
    #expect(options.outputCount(originCount: 99_999) == 8)
  }

  @Test func theLastTimesAreHeldOut() throws {
    let series = SeriesProblem.wave(50)
    var options = SeriesProblem.options(epochs: 1)
    options.validationFraction = 0.2
    let training = try ForecasterTraining([series], options: options)
    // Forecasts from 8 to 39 on are learned, those from 40 to 49 on measured.
    #expect(training.originCount == 32 && training.validationCount == 10)
    options.validationFraction = 0
    let all = try SeriesProblem.trained([series], options)
    #expect(all.originCount == 42 && all.validationCount == 0)
    #expect(all.history[0].validationLoss == nil && all.bestEpoch == 1)
  }

  /// Numbers that are held out do not change a weight.
  @Test func heldOutTimesAreNotLearnedFrom() throws {
    var options = SeriesProblem.options(epochs: 1)
    options.base = .naive
    let series = SeriesProblem.wave(60)
    let changed = TimeSeries(
      id: "", axis: series.axis, values: series.values.dropLast(6) + [9, -9, 9, -9, 9, -9])
    let (one, other) = (
      try SeriesProblem.trained([series], options), try SeriesProblem.trained([changed], options)
    )
    #expect(one.forecaster().parameters.values == other.forecaster().parameters.values)
    #expect(one.history[0].validationLoss != other.history[0].validationLoss)
  }

  @Test func stopsEarly() throws {
    var options = SeriesProblem.options(epochs: 50)
    options.patience = 2
    options.settings.learningRate = 0
    let training = try SeriesProblem.trained([SeriesProblem.monthly(60)], options)
    #expect(training.history.count == 3 && training.bestEpoch == 1)
  }

  @Test func fewForecastsToLearnFromAreAnEnsembleWithoutCalendar() throws {
    var options = ForecasterTrainingOptions()
    let few = try ForecasterTraining([SeriesProblem.monthly(100)], options: options).configuration
    #expect(few.memberCount == 5 && few.lagCount == 0 && few.calendar.isEmpty)
    let more = try ForecasterTraining([SeriesProblem.monthly(300)], options: options).configuration
    #expect(more.memberCount == 5 && more.lagCount == 12 && more.calendar == [.month])
    let many = try ForecasterTraining([SeriesProblem.monthly(1300)], options: options).configuration
    #expect(many.memberCount == 1)
    options.memberCount = 2
    options.readsCalendar = true
    options.lagCount = 3
    let asked = try ForecasterTraining([SeriesProblem.monthly(100)], options: options).configuration
    #expect(asked.memberCount == 2 && asked.lagCount == 3 && asked.calendar == [.month])
  }

  @Test func seriesThatTeachNothingAreLeftOut() throws {
    let axis = SeriesProblem.monthly(1).axis
    let flat = TimeSeries(id: "flat", axis: axis, values: [Double?](repeating: 2, count: 40))
    let short = SeriesProblem.monthly(9, id: "short")
    let training = try ForecasterTraining(
      [flat, SeriesProblem.monthly(40), short], options: SeriesProblem.options(epochs: 1))
    #expect(training.seriesCount == 1)
    #expect(
      training.excluded.map(\.description) == [
        "series flat: expected numbers that differ, found only equal ones",
        "series short: expected at least 14 times, found 9",
      ])
    #expect(throws: SeriesError.constant(series: "flat")) {
      try ForecasterTraining([flat], options: SeriesProblem.options(epochs: 1))
    }
    #expect(throws: TrainingError.noExamples) {
      try ForecasterTraining([], options: SeriesProblem.options(epochs: 1))
    }
    #expect(throws: SeriesError.self) {
      try ForecasterTraining(
        [SeriesProblem.monthly(40), SeriesProblem.wave(40)],
        options: SeriesProblem.options(epochs: 1))
    }
  }

  /// One net learns from all series; vectors tell those apart that follow other rules.
  @Test func manySeriesAreOneModel() throws {
    let axis = SeriesProblem.wave(1).axis
    var generator = SeededGenerator(seed: 1)
    let steps = (0..<80).map { _ in generator.normal() }
    let series = [1.0, -1].map { sign in
      let values = steps.enumerated().map { sign * (5 * Double($0) + $1) }
      return TimeSeries(id: "\(sign)", axis: axis, values: values)
    }
    var options = SeriesProblem.options(epochs: 2, horizon: 1)
    options.embeddingSize = 3
    let training = try SeriesProblem.trained(series, options)
    #expect(training.configuration.seriesCount == 2)
    #expect(training.forecaster().seriesIDs == ["1.0", "-1.0"])
  }
}
