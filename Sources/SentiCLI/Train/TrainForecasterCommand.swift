import ArgumentParser
import SentiModels
import SentiTraining

/// `senti train forecaster`: makes a net that forecasts series.
struct TrainForecasterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecaster",
    abstract: "Train a forecaster of series of numbers.",
    discussion: """
      \(SeriesOptions.format)

      One net learns from all series. It reads the last times of a series and corrects a naive or \
      seasonal naive forecast; untrained it is that forecast. The last times of each series are held \
      out: by them the best epoch is chosen and the intervals are corrected. With --holdout further \
      times are left for senti evaluate forecaster.

      Columns of --past are read beside the numbers; those of --known also at the times that are \
      forecast, such as holidays and prices: senti forecast takes them from rows without a number \
      behind the last one. Models of less than 1,000 forecasts to learn from are averages of five nets.

      The same series, options, seed and number of threads give the same weights, bit for bit, also \
      when the training was interrupted with Ctrl-C and resumed.

      Examples:
        senti train forecaster temps.csv --time Date --target Temp -o temps.safetensors --horizon 30
        senti train forecaster sales.csv --series store --holdout 24 -o sales.safetensors
      """)

  @OptionGroup var series: SeriesOptions

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: .count("The number of last times of each series that are not looked at."))
  var holdout = 0

  @Option(help: .name("A column of numbers to read beside them; may be given many times."))
  var past: [String] = []

  @Option(
    help: .name(
      "A column of numbers that is also known of the times to forecast; may be given many times."))
  var known: [String] = []

  @OptionGroup(title: "Net") var net: ForecasterNetOptions
  @OptionGroup(title: "Recipe") var recipe: ForecasterRecipeOptions

  @OptionGroup var training: TrainingRun

  func validate() throws {
    guard holdout >= 0 else { throw ValidationError("Expected --holdout of 0 or more.") }
    let columns = past + known
    guard Set(columns).count == columns.count, columns.count <= SeriesFields.covariateLimit else {
      throw ValidationError(
        "Expected at most \(SeriesFields.covariateLimit) different columns of --past and --known.")
    }
    let target = series.target ?? SeriesFields().target
    guard !columns.contains(target) else {
      throw ValidationError(
        "Expected other columns of --past and --known than \(target), which is forecast.")
    }
  }

  func run() throws {
    try training.requireFreeOutputs(output, reading: [series.data])
    let cardTexts = try training.cardTexts()
    var fields = SeriesFields()
    (fields.pastCovariates, fields.knownCovariates) = (past, known)
    let table = try series.table(fields)
    var options = ForecasterTrainingOptions()
    (options.pastCovariates, options.knownCovariates) = (past, known)
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    var model = try ForecasterTraining(
      table.series.map { $0.dropLast(holdout) }, options: options)
    series.warn(model.excluded)
    let shape = model.configuration
    training.note(
      "\(series.data): \(Columns.grouped(model.seriesCount)) series, times \(table.step) apart, "
        + "\(Columns.grouped(model.originCount)) forecasts to learn from, "
        + "\(Columns.grouped(model.validationCount)) held out")
    training.note(
      "reads \(shape.windowSize) times, forecasts \(shape.horizon), corrects \(shape.base.rawValue)"
        + (shape.season > 1 ? ", season \(shape.season)" : "")
        + (shape.memberCount > 1 ? ", \(shape.memberCount) nets" : ""))
    let seconds = try training.finish(&model)
    try finish(model, table.fields, cardTexts, seconds: seconds)
  }

  /// Corrects the intervals of the best epoch, fills in the card and writes the model.
  private func finish(
    _ trained: ForecasterTraining, _ fields: SeriesFields, _ texts: ModelCard, seconds: Double
  ) throws {
    var model = trained.forecaster()
    let figures = model.card.figures
    model.card = texts
    model.card.record(trained, seconds: seconds)
    model.card.figures = figures
    model.fields = fields
    model.heldOutCount = holdout
    training.recordCommand(in: &model.card)
    try model.write(to: output, overwriting: training.force)
    training.note("\(output): written")
  }
}

extension ForecasterTraining: EpochwiseTraining {}

/// What net a forecaster is, and how numbers enter and leave it.
struct ForecasterNetOptions: ParsableArguments {
  @Option(
    help: .count("The number of times that one reading forecasts (default: a season, or 8)."))
  var horizon: Int?

  @Option(
    help: .count("The number of past times that are read (default: three seasons, 24 to 104)."))
  var window: Int?

  @Option(
    help: .count(
      "The number of times of a season (default: 24 of hours, 7 of days, 12 of months)."))
  var season: Int?

  @Option(help: "What the net corrects (default: what has the lower error).")
  var base: ForecastBase?

  @Option(
    help: .name(
      "What numbers are scaled by: mean and deviation of the window, or of the series until then."))
  var scaling = Self.defaults.scaling

  @Option(help: .name("What numbers are turned into; log is log(1 + y)."))
  var transform = Self.defaults.transform

  @Flag(
    inversion: .prefixedNo,
    help: "Read the calendar where times are dates (default: from 100 forecasts to learn from).")
  var calendar: Bool?

  @Option(
    help: .count(
      "The number of last numbers that the output layer reads too (default: a season, 7 or more; none "
        + "below 100 forecasts to learn from)."))
  var lags: Int?

  @Option(
    help: .count("The number of nets to average (default: 5 below 1,000 forecasts, else 1)."))
  var members: Int?

  @Option(help: "The recurrent cell.")
  var cell = Self.defaults.cell

  @Option(help: .size("The number of hidden units."))
  var hiddenSize = Self.defaults.hiddenSize

  @Option(help: .count("The number of recurrent layers."))
  var layers = Self.defaults.layerCount

  @Option(help: .size("The size of a vector for each series; 0: all series are read alike."))
  var embeddingSize = Self.defaults.embeddingSize

  private static var defaults: ForecasterTrainingOptions { ForecasterTrainingOptions() }

  func validate() throws {
    let given = [horizon, window, season].compactMap(\.self)
    guard given.allSatisfy({ $0 > 0 }), (lags ?? 0) >= 0, embeddingSize >= 0,
      (1...100).contains(members ?? 1)
    else {
      throw ValidationError(
        "Expected --horizon, --window and --season of 1 or more, and --members from 1 to 100.")
    }
    let outputs = (horizon ?? 1).multipliedReportingOverflow(by: Self.defaults.levels.count)
    try ValidationError.checkNet(
      sizes: given + [hiddenSize, outputs.overflow ? .max : outputs.partialValue], layers: layers)
  }

  /// Writes the options into a training's.
  func apply(to options: inout ForecasterTrainingOptions) {
    options.horizon = horizon
    options.windowSize = window
    options.season = season
    options.base = base
    options.scaling = scaling
    options.transform = transform
    options.readsCalendar = calendar
    options.lagCount = lags
    options.memberCount = members
    options.cell = cell
    options.hiddenSize = hiddenSize
    options.layerCount = layers
    options.embeddingSize = embeddingSize
  }
}

/// The defaults of `senti train forecaster`.
enum ForecasterDefaults: TrainingDefaults {
  static var settings: TrainingSettings { ForecasterTrainingOptions().settings }
  static var batch: String { "times, read by all windows," }
  static var examples: String { "windows" }
  static var lazyHelp: String { "Update only the vectors of series in the batch." }
}

/// How a forecaster is trained.
struct ForecasterRecipeOptions: ParsableArguments {
  @OptionGroup var steps: StepOptions<ForecasterDefaults>

  @Option(
    help: .count(
      "The number of forecasts of a window, each one time later (default: 1 to 8, by the data)."))
  var outputs: Int?

  @Option(help: .fraction("The dropout rate before the output layer; one mask a window."))
  var outputDropout = Self.defaults.dropout

  @Option(help: .fraction("The fraction of held-out times of each series."))
  var validationShare = Self.defaults.validationFraction

  @Option(help: .count("The epochs without improvement until early stopping (default: none)."))
  var patience: Int?

  private static var defaults: ForecasterTrainingOptions { ForecasterTrainingOptions() }

  func validate() throws {
    guard (outputs ?? 1) > 0, (patience ?? 1) > 0 else {
      throw ValidationError("Expected --outputs and --patience of 1 or more.")
    }
    try ValidationError.checkShares([outputDropout])
    guard (0..<1).contains(validationShare) else {
      throw ValidationError("Expected --validation-share from 0 to below 1.")
    }
  }

  /// Writes the options into a training's.
  func apply(to options: inout ForecasterTrainingOptions, threadCount: Int) {
    steps.apply(to: &options.settings, threadCount: threadCount)
    options.outputCount = outputs
    if steps.batchTokens != nil { options.minimumStepCount = nil }
    options.dropout = outputDropout
    options.validationFraction = validationShare
    options.patience = patience
  }
}
