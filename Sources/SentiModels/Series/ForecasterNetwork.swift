public import SentiRNN
public import SentiTensor

/// A net that reads a window of a series and corrects a simple forecast of what follows.
///
///     window -> [N, I] -> [N, H] -> last state and last numbers [B, H + lags] -> [B, horizon·Q]
///
/// The output is added, times the window's deviation, to the base forecast. The output layer begins at
/// zero, so that an untrained net forecasts exactly the base.
public struct ForecasterNetwork: Sendable {
  /// The net's shape.
  public let configuration: ForecasterConfiguration
  /// Where the parameters are.
  public let layout: ParameterLayout
  /// The vectors of the series; nil where they have none.
  public let embedding: Embedding?
  /// The recurrent layers.
  public let encoder: RecurrentStack
  /// The layer from the state and the last numbers to all quantiles of all steps.
  public let head: Dense

  static let encoderPrefix = "encoder."
  static let headPrefix = "head."
  static let embeddingPrefix = "series."

  /// Lays out a net.
  ///
  /// - Parameter configuration: The net's shape.
  /// - Precondition: Window, horizon and season are above 0, and no more lags are read than the window
  ///   has.
  public init(_ configuration: ForecasterConfiguration) {
    precondition(
      configuration.windowSize > 0 && configuration.horizon > 0 && configuration.season > 0
        && (0...configuration.windowSize).contains(configuration.lagCount),
      "\(configuration)")
    var layout = ParameterLayout()
    embedding =
      configuration.embedsSeries
      ? Embedding(
        vocabularySize: configuration.seriesCount, embeddingSize: configuration.embeddingSize,
        prefix: Self.embeddingPrefix, layout: &layout)
      : nil
    encoder = RecurrentStack(
      StackConfiguration(
        configuration.cell, inputSize: configuration.inputSize,
        hiddenSize: configuration.hiddenSize, layerCount: configuration.layerCount),
      prefix: Self.encoderPrefix, layout: &layout)
    head = Dense(
      inputSize: configuration.hiddenSize + configuration.lagCount,
      outputSize: configuration.outputSize, prefix: Self.headPrefix, layout: &layout)
    self.configuration = configuration
    self.layout = layout
  }

  /// Fresh parameters; those of the output layer are 0.
  ///
  /// - Parameter seed: The seed of the initial weights.
  /// - Returns: Parameters that follow from the seed alone.
  public func initialParameters<Scalar: MatrixScalar>(seed: UInt64) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    embedding?.initialize(&parameters, using: &generator)
    encoder.initialize(&parameters, using: &generator)
    return parameters
  }

  /// The parameters in the kernels' order.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var stack: StackWeights<Scalar>
    var head: Dense.Weights<Scalar>
  }

  /// Packs the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - isForTraining: Whether there will be a backward pass.
  /// - Returns: The packed parameters.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool
  ) -> Weights<Scalar> {
    Weights(
      stack: encoder.weights(parameters, isForTraining: isForTraining),
      head: head.weights(parameters, isForTraining: isForTraining))
  }
}
