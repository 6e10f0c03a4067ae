public import SentiRNN
public import SentiTensor

/// Nets that read a window of a series and correct a simple forecast of what follows.
///
///     window -> [N, I] -> [N, H] -> last state and direct numbers [B, H + D] -> [B, horizon·Q]
///
/// The output, the mean of all members', is added, times the window's deviation, to the base forecast. The
/// output layers begin at zero, so that an untrained net forecasts exactly the base.
public struct ForecasterNetwork: Sendable {
  /// The net's shape.
  public let configuration: ForecasterConfiguration
  /// Where the parameters are.
  public let layout: ParameterLayout
  /// The nets whose outputs are averaged, of the same shape.
  public let members: [Member]

  /// One net of the ensemble.
  public struct Member: Sendable {
    /// The vectors of the series; nil where they have none.
    public let embedding: Embedding?
    /// The recurrent layers.
    public let encoder: RecurrentStack
    /// The layer from the state and the direct numbers to all quantiles of all steps.
    public let head: Dense
    static let encoderPrefix = "encoder."
    static let headPrefix = "head."
    static let embeddingPrefix = "series."
  }

  /// Lays out a net.
  ///
  /// - Parameter configuration: The net's shape.
  /// - Precondition: Window, horizon, season and members are above 0, and no more lags are read than the
  ///   window has.
  public init(_ configuration: ForecasterConfiguration) {
    precondition(
      configuration.windowSize > 0 && configuration.horizon > 0 && configuration.season > 0
        && configuration.memberCount > 0
        && (0...configuration.windowSize).contains(configuration.lagCount),
      "\(configuration)")
    var layout = ParameterLayout()
    members = (0..<configuration.memberCount).map { index in
      Member(configuration, prefix: index == 0 ? "" : "member\(index).", layout: &layout)
    }
    self.configuration = configuration
    self.layout = layout
  }

  /// Fresh parameters; those of the output layers are 0.
  ///
  /// - Parameter seed: The seed of the initial weights.
  /// - Returns: Parameters that follow from the seed alone.
  public func initialParameters<Scalar: MatrixScalar>(seed: UInt64) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    for member in members {
      member.embedding?.initialize(&parameters, using: &generator)
      member.encoder.initialize(&parameters, using: &generator)
    }
    return parameters
  }

  /// The parameters of a member in the kernels' order.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var stack: StackWeights<Scalar>
    var head: Dense.Weights<Scalar>
  }

  /// Packs the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - isForTraining: Whether there will be a backward pass.
  /// - Returns: The packed parameters of each member.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool
  ) -> [Weights<Scalar>] {
    members.map { member in
      Weights(
        stack: member.encoder.weights(parameters, isForTraining: isForTraining),
        head: member.head.weights(parameters, isForTraining: isForTraining))
    }
  }
}

extension ForecasterNetwork.Member {
  fileprivate init(
    _ configuration: ForecasterConfiguration, prefix: String, layout: inout ParameterLayout
  ) {
    embedding =
      configuration.embedsSeries
      ? Embedding(
        vocabularySize: configuration.seriesCount, embeddingSize: configuration.embeddingSize,
        prefix: prefix + Self.embeddingPrefix, layout: &layout)
      : nil
    encoder = RecurrentStack(
      StackConfiguration(
        configuration.cell, inputSize: configuration.inputSize,
        hiddenSize: configuration.hiddenSize, layerCount: configuration.layerCount),
      prefix: prefix + Self.encoderPrefix, layout: &layout)
    head = Dense(
      inputSize: configuration.hiddenSize + configuration.directCount,
      outputSize: configuration.outputSize, prefix: prefix + Self.headPrefix, layout: &layout)
  }
}
