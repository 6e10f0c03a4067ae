extension ModelCard {
  /// Notes what a training of a forecaster was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: ForecasterTraining, seconds: Double) {
    let (options, shape) = (training.options, training.configuration)
    record(options.settings, bestEpoch: training.bestEpoch, seconds: seconds)
    recipe["base"] = shape.base.rawValue
    recipe["outputs"] = options.outputCount.map { "\($0)" }
    recipe["scaling"] = shape.scaling.rawValue
    recipe["season"] = "\(shape.season)"
    recipe["state_dropout"] = "\(options.dropout)"
    recipe["transform"] = shape.transform.rawValue
    recipe["validation_fraction"] = "\(options.validationFraction)"
    recipe["window"] = "\(shape.windowSize)"
  }
}
