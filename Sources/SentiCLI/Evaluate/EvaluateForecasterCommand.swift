import ArgumentParser
import SentiModels

/// `senti evaluate forecaster`: how a forecaster does beside methods without a net.
struct EvaluateForecasterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecaster",
    abstract: "Evaluate a forecaster beside naive, smoothing, Theta and autoregression.",
    discussion: """
      \(SeriesOptions.format)

      Forecasts the last times of each series from a rolling origin, each time knowing only what came \
      before, and compares with baselines that were fitted to what comes before the first origin. \
      Prints MAE, RMSE, sMAPE in percent, MASE (by the seasonal naive error on the past), CRPS by \
      quantiles (of a baseline its MAE), the share of numbers within each interval, and the \
      probability p of such a difference by chance (Diebold-Mariano).

      Examples:
        senti evaluate forecaster temps.csv -m temps.safetensors --holdout 329 --horizon 1
        senti evaluate forecaster sales.csv -m sales.safetensors --format json
      """)

  @OptionGroup var series: SeriesOptions
  @OptionGroup var model: GenerationModelOptions

  @Option(help: .count("How many times are forecast from each origin (default: the model's own)."))
  var horizon: Int?

  @Option(
    help: .count(
      "The number of last times that are forecast (default: those that the training left, or a "
        + "tenth of the shortest series)."))
  var holdout: Int?

  @Option(help: .count("The distance of two origins."))
  var stride = 1

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func validate() throws {
    guard (horizon ?? 1) > 0, (holdout ?? 1) > 0, stride > 0 else {
      throw ValidationError("Expected --horizon, --holdout and --stride of 1 or more.")
    }
  }

  func run() throws {
    let forecaster = try Forecaster(contentsOf: model.model)
    let table = try series.table(forecaster.fields)
    let rolling = try rolling(forecaster, table.series)
    let evaluation = try ForecastEvaluation(
      of: forecaster, on: table.series, by: rolling, threadCount: model.threadCount)
    series.warn(evaluation.excluded)
    let report = EvaluationReport(evaluation: evaluation, rolling: rolling)
    try format.print(report.text, json: report.json)
  }

  private func rolling(
    _ forecaster: Forecaster, _ series: [TimeSeries]
  ) throws(Failure) -> RollingOrigin {
    let horizon = horizon ?? forecaster.horizon
    let left = forecaster.heldOutCount
    let tenth = (series.map(\.count).min() ?? 0) / 10
    if holdout == nil && left == 0 {
      Diagnostics.warn(
        "the training left no times (--holdout); those that it saw say too much for the net")
    }
    let count = holdout ?? (left > 0 ? left : max(tenth, horizon))
    guard count >= horizon else {
      throw Failure(
        "expected a horizon of at most the \(count) times of the holdout, found \(horizon)", .usage)
    }
    return RollingOrigin(horizon: horizon, testCount: count, stride: stride)
  }
}

/// An evaluation for people and in JSON.
private struct EvaluationReport {
  let evaluation: ForecastEvaluation
  let rolling: RollingOrigin

  var text: String {
    let header = ["method", "MAE", "RMSE", "sMAPE", "MASE", "CRPS", "p"]
    let rows = evaluation.rows.map { row in
      let scores = row.scores
      return [
        row.method.name, ForecastColumns.short(scores.mae), ForecastColumns.short(scores.rmse),
        Columns.fixed(scores.smape, digits: 2),
        scores.mase.map { Columns.fixed($0, digits: 3) } ?? "",
        ForecastColumns.short(scores.crps ?? scores.mae),
        row.test.map { Columns.fixed($0.probability, digits: 4) } ?? "",
      ]
    }
    let coverage = zip(evaluation.intervals, evaluation.coverage).map {
      "\(ForecastColumns.percent($0)) %: \(Columns.fixed(100 * $1, digits: 1)) %"
    }
    let origins = Columns.grouped(evaluation.originCount)
    return Columns.aligned([header] + rows)
      + "\n\(origins) origins, \(rolling.horizon) times from each; within the interval of "
      + coverage.joined(separator: ", ") + "\n" + verdict + "\n"
  }

  /// Whether the net is better than the best baseline, and by more than chance.
  private var verdict: String {
    guard let best = evaluation.bestBaseline, let test = best.test else { return "" }
    let (net, other) = (evaluation.rows[0].scores.mae, best.scores.mae)
    let figures =
      "an MAE of \(ForecastColumns.short(net)) beside the \(ForecastColumns.short(other)) of "
      + best.method.name
    let difference = Columns.fixed(100 * (1 - net / other), digits: 1)
    let comparison =
      net < other
      ? "the net beats every baseline: \(figures), \(difference) % less"
      : "the net does not beat every baseline: \(figures)"
    let chance = test.isSignificant ? "more than chance" : "which may be chance"
    return "\(comparison), \(chance) (p = \(Columns.fixed(test.probability, digits: 4)))"
  }

  var json: JSONValue {
    let rows = evaluation.rows.map { row in
      JSONValue.object([
        "method": .string(row.method.name),
        "mae": .number(row.scores.mae),
        "rmse": .number(row.scores.rmse),
        "smape": .number(row.scores.smape),
        "mase": row.scores.mase.map { .number($0) } ?? .null,
        "crps": .number(row.scores.crps ?? row.scores.mae),
        "diebold_mariano": row.test.map { .number($0.statistic) } ?? .null,
        "p": row.test.map { .number($0.probability) } ?? .null,
      ])
    }
    let coverage = zip(evaluation.intervals, evaluation.coverage).map {
      JSONValue.object(["interval": .number($0), "coverage": .number($1)])
    }
    return .object([
      "horizon": .integer(rolling.horizon), "holdout": .integer(rolling.testCount),
      "stride": .integer(rolling.stride), "origins": .integer(evaluation.originCount),
      "methods": .array(rows), "intervals": .array(coverage),
    ])
  }
}
