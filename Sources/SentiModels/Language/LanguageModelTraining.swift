internal import Glibc
internal import SentiRNN
public import SentiTensor
internal import SentiText
public import SentiTraining

/// What decides the language model that a training ends with, apart from its texts.
public struct LanguageModelTrainingOptions: Hashable, Codable, Sendable {
  /// How the token ids of texts are made; classifiers can start from models of words alone.
  public var codec = Self.defaultCodec
  /// The shape of the net; its vocabulary is that of the texts.
  public var configuration = LanguageModelConfiguration(vocabularySize: 0)
  /// What keeps the net from overfitting.
  public var regularization = LanguageModelRegularization()
  /// How many wrong words the softmax draws for a window of steps.
  ///
  /// - SeeAlso: Miyato et al. 2017, <https://arxiv.org/abs/1605.07725>, who draw as many.
  public var candidateCount = 1024
  /// The number of steps that gradients reach back; states are carried on beyond them.
  public var windowSize = 100
  /// How the net is trained.
  public var settings = TrainingSettings()

  /// Creates the default options.
  public init() {}

  private static var defaultCodec: TextCodecOptions {
    var codec = TextCodecOptions()
    codec.unit = .words
    codec.minimumCount = 3
    codec.maximumSize = 50_000
    codec.normalization = Normalization.reviews.description
    return codec
  }
}

/// Trains a ``LanguageModel``: vocabulary, net, best epoch.
///
///     var training = try LanguageModelTraining(
///       texts, validation: held, options: LanguageModelTrainingOptions())
///     while !training.isFinished {
///       guard let record = try training.runEpoch(report: { _ in true }) else { break }
///       print(record)
///     }
///     try training.model().write(to: "reviews.safetensors")
///
/// After every epoch the loss of the validation texts is measured by the whole softmax, and the
/// parameters of the best epoch are kept. The result follows from texts, options and thread count
/// alone, also across interruptions; see ``checkpoint`` and ``resume(from:)``.
public struct LanguageModelTraining: Sendable {
  /// The options.
  public let options: LanguageModelTrainingOptions

  /// What turns texts into token ids, learned of the training texts.
  public let codec: TextCodec
  private let network: LanguageModelNetwork
  private let examples: [LanguageModelExample]
  private let validation: [LanguageModelExample]
  private var training: EpochTraining<LanguageModelTask>

  /// Builds the vocabulary, numbers the texts and lays out the net.
  ///
  /// - Parameters:
  ///   - texts: The texts to learn from.
  ///   - validation: The texts to evaluate epochs by; may be empty.
  ///   - options: The options.
  /// - Throws: ``TrainingError/noExamples``, where there is no text or none with a word, or `ICUError`.
  /// - Precondition: The shape is possible.
  public init(
    _ texts: [String], validation: [String], options: LanguageModelTrainingOptions
  ) throws {
    guard !texts.isEmpty else { throw TrainingError.noExamples }
    let codec = try options.codec.codec(of: texts)
    let examples = texts.map { LanguageModelExample($0, codec) }
    let counts = examples.tokenCounts(of: codec.vocabularySize)
    guard counts.contains(where: { $0 > 0 }) else { throw TrainingError.noExamples }
    var options = options
    options.configuration.vocabularySize = codec.vocabularySize
    let network = LanguageModelNetwork(options.configuration, counts: counts)
    self.options = options
    self.codec = codec
    self.network = network
    self.examples = examples
    self.validation = validation.map { LanguageModelExample($0, codec) }
    training = EpochTraining(
      LanguageModelTask(
        network, regularization: options.regularization, candidateCount: options.candidateCount,
        truncation: Truncation(updateInterval: options.windowSize)),
      settings: options.settings,
      parameters: network.initialParameters(seed: options.settings.seed),
      identity: [
        .init("set of texts", value: Self.fingerprint(examples, self.validation)),
        .init("set of options", value: MetadataJSON.encoded(options)),
      ])
  }

  /// The metrics of every epoch.
  public var history: [EpochRecord] { training.history }

  /// The epoch whose parameters are kept, counted from 1; nil before the first.
  public var bestEpoch: Int? { training.bestEpoch }

  /// Whether all epochs are done.
  public var isFinished: Bool { training.trainer.isFinished }

  /// The number of words to learn from, the ends of texts included.
  public var tokenCount: Int { examples.reduce(0) { $0 + $1.predictionCount } }

  /// Trains to the end of the epoch, then measures the loss of the validation texts.
  ///
  /// - Parameter report: Called after every batch; where it answers false, the training stops there.
  /// - Returns: The metrics of the epoch, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where a loss or gradient is not finite; a `CancellationError`.
  public mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord? {
    let (network, validation, threads) = (network, validation, options.settings.threadCount)
    return try training.runEpoch(examples, report: report) { parameters, record in
      guard !validation.isEmpty else { return }
      record.validationLoss =
        network.tally(of: validation, parameters: parameters, threadCount: threads).meanLoss
    }
  }

  /// The model of the best epoch so far.
  ///
  /// - Parameter storedType: The type of the stored weights, to which they are rounded.
  /// - Returns: The model.
  public func model(
    storedAs storedType: SafetensorsArchive.ElementType = .float16
  ) -> LanguageModel {
    var model = LanguageModel(
      codec: codec, network: network,
      parameters: training.bestParameters.rounded(to: storedType))
    let best = bestEpoch.map { history[$0 - 1] }
    if let loss = best?.validationLoss { model.card.figures["validation_perplexity"] = exp(loss) }
    return model
  }

  /// What tells two sets of texts apart.
  private static func fingerprint(
    _ examples: [LanguageModelExample], _ validation: [LanguageModelExample]
  ) -> String {
    func describe(_ examples: [LanguageModelExample]) -> String {
      var hash = Hasher64()
      for example in examples {
        for token in example.tokens { hash.combine(UInt64(bitPattern: Int64(token))) }
        hash.combine(UInt64.max)
      }
      let count = examples.reduce(0) { $0 + $1.tokens.count }
      return
        "\(examples.count) texts with \(count) tokens, checksum \(String(hash.value, radix: 16))"
    }
    return "\(describe(examples)); held out \(describe(validation))"
  }

  // MARK: Checkpoints

  /// Everything that is needed to go on to the very same model.
  public var checkpoint: TrainingCheckpoint { training.checkpoint }

  /// Goes on from a checkpoint.
  ///
  /// - Parameter path: A file that ``checkpoint`` was written to.
  /// - Throws: `ArchiveError`, where the file is damaged, or
  ///   ``TrainingError/checkpointMismatch(path:what:expected:found:)``, where it came about with
  ///   other texts or options.
  public mutating func resume(from path: String) throws { try training.resume(from: path) }
}

extension [LanguageModelExample] {
  /// How often each token is to be predicted, ends of texts included.
  fileprivate func tokenCounts(of vocabularySize: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: vocabularySize)
    for example in self {
      for token in example.tokens { counts[Int(token)] += 1 }
    }
    counts[Int(GenerationTokens().end)] += count
    return counts
  }
}
