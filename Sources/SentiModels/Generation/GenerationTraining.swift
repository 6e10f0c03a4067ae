internal import SentiRNN
public import SentiTensor
internal import SentiText
public import SentiTraining

/// Trains a ``GenerationModel``: vocabularies, net, best epoch.
///
///     var training = try GenerationTraining(texts, validation: held, options: .translator)
///     while !training.isFinished {
///       guard let record = try training.runEpoch(report: { _ in true }) else { break }
///       print(record)
///     }
///     let model = training.model()
///
/// After every epoch the validation sources are written of, and the parameters of the epoch with the
/// best BLEU are kept. The result follows from texts, options and thread count alone, also across
/// interruptions; see ``checkpoint`` and ``resume(from:)``.
public struct GenerationTraining: Sendable {
  /// The options.
  public var options: GenerationTrainingOptions { material.options }
  /// The net.
  public var network: GenerationNetwork { material.network }
  /// What turns texts to write into tokens.
  public var targetCodec: TextCodec { material.targetCodec }

  private let material: GenerationMaterial
  private var training: EpochTraining<GenerationTask>

  /// Builds the vocabularies and lays out the net.
  ///
  /// - Parameters:
  ///   - texts: What to learn from: vectors all of one width, or texts all.
  ///   - validation: What to judge epochs by; may be empty.
  ///   - options: The options.
  /// - Throws: ``TrainingError/noExamples`` or `ICUError`.
  public init(
    _ texts: [GenerationText], validation: [GenerationText], options: GenerationTrainingOptions
  ) throws {
    material = try GenerationMaterial(texts, validation, options)
    training = EpochTraining(
      GenerationTask(material.network, regularization: options.regularization),
      settings: options.settings,
      parameters: material.network.initialParameters(seed: options.settings.seed),
      identity: [
        .init("set of texts", value: material.fingerprint),
        .init("set of options", value: MetadataJSON.encoded(options)),
      ])
  }

  /// What every epoch came to.
  public var history: [EpochRecord] { training.history }

  /// The epoch whose parameters are kept, counted from 1; nil before the first.
  public var bestEpoch: Int? { training.bestEpoch }

  /// Whether all epochs are done, or patience has come to its end.
  public var isFinished: Bool {
    training.trainer.isFinished
      || options.patience.map { training.epochsSinceBest >= $0 } ?? false
  }

  /// Trains to the end of the epoch, then judges it.
  ///
  /// - Parameter report: Called after every batch; where it answers false, the training stops there.
  /// - Returns: What the epoch came to, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where a loss or gradient is not finite; a `CancellationError`.
  public mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord? {
    let (epoch, material) = (training.trainer.state.epoch, material)
    var task = training.trainer.model
    task.regularization.scheduledSampling =
      options.regularization.scheduledSampling * Double(epoch)
      / Double(max(1, options.settings.epochCount - 1))
    training.replaceTask(task)
    return try training.runEpoch(material.examples(epoch: epoch), report: report) {
      material.judge($0, &$1)
    }
  }

  /// The model of the best epoch so far, rounded to the type in which it will be stored.
  ///
  /// - Parameter storedType: The type of the stored weights.
  /// - Returns: The model.
  public func model(
    storedAs storedType: SafetensorsArchive.ElementType = .float16
  ) -> GenerationModel {
    material.model(training.bestParameters.rounded(to: storedType))
  }

  /// The BLEU of what a model writes of the validation sources.
  ///
  /// - Parameters:
  ///   - model: A model of this training.
  ///   - search: How to search.
  /// - Returns: The score of all segments; nil where there are none.
  public func bleu(
    _ model: GenerationModel, by search: GenerationOptions = GenerationOptions()
  ) -> BLEU? {
    material.bleu(model, search)
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

/// The texts of a training, and what turns them into examples and judgements.
private struct GenerationMaterial: Sendable {
  let options: GenerationTrainingOptions
  let network: GenerationNetwork
  let sourceCodec: TextCodec?
  let targetCodec: TextCodec
  private let texts: [GenerationText]
  private let validation: [GenerationText]

  init(
    _ texts: [GenerationText], _ validation: [GenerationText], _ options: GenerationTrainingOptions
  ) throws {
    guard let first = texts.first else { throw TrainingError.noExamples }
    let targets = texts.lazy.flatMap(\.targets)
    var vectorSize = 0
    switch first.source {
    case .vector(let vector):
      vectorSize = vector.count
      sourceCodec = nil
      targetCodec = try options.codec.codec(of: targets)
    case .text where options.sharesVocabulary:
      targetCodec = try options.codec.codec(of: [Array(targets), texts.map(\.text)].joined())
      sourceCodec = targetCodec
    case .text:
      targetCodec = try options.codec.codec(of: targets)
      sourceCodec = try options.codec.codec(of: texts.lazy.map(\.text))
    }
    network = GenerationNetwork(
      options.configuration(
        source: sourceCodec?.vocabularySize, target: targetCodec.vocabularySize,
        vectorSize: vectorSize))
    self.options = options
    self.texts = texts
    self.validation = validation
  }

  // MARK: Examples

  /// The examples of an epoch, which differ from epoch to epoch where merges are left out.
  func examples(epoch: Int) -> [GenerationExample] {
    var generator = SeededGenerator(
      seed: options.settings.seed, stream: .subwordDropout(epoch: epoch))
    let dropout = options.regularization.subwordDropout
    return texts.flatMap { examples($0, dropout: dropout, using: &generator) }
  }

  private func examples(
    _ text: GenerationText, dropout: Double, using generator: inout SeededGenerator
  ) -> [GenerationExample] {
    let source: GenerationSource
    switch text.source {
    case .vector(let vector): source = .vector(vector)
    case .text(let text):
      let tokens = sourceCodec?.encode(text, dropout: dropout, using: &generator) ?? []
      source = .tokens(tokens + [GenerationTokens().end])
    }
    return text.targets.map {
      GenerationExample(
        source: source, target: targetCodec.encode($0, dropout: dropout, using: &generator))
    }
  }

  // MARK: Judging

  func model(_ parameters: Parameters<Float>) -> GenerationModel {
    GenerationModel(
      sourceCodec: sourceCodec, targetCodec: targetCodec, network: network, parameters: parameters)
  }

  /// The BLEU of what a model writes of the validation sources; nil where there are none.
  func bleu(_ model: GenerationModel, _ search: GenerationOptions) -> BLEU? {
    guard !validation.isEmpty else { return nil }
    let sources = validation.map { text in
      switch text.source {
      case .vector(let vector): GenerationSource.vector(vector)
      case .text(let text): model.source(for: text)
      }
    }
    let written = model.texts(
      of: sources, options: search, threadCount: options.settings.threadCount)
    // Texts that have no run of four words still tell epochs apart.
    var bleu = BLEU(isLowercased: options.lowercasesBLEU, usesEffectiveOrder: true)
    for (text, source) in zip(written, validation) { bleu.add(text, references: source.targets) }
    return bleu
  }

  /// Completes a record by what parameters come to on the validation texts.
  func judge(_ parameters: Parameters<Float>, _ record: inout EpochRecord) {
    guard !validation.isEmpty else { return }
    var generator = SeededGenerator(seed: 0)
    let examples = validation.flatMap { self.examples($0, dropout: 0, using: &generator) }
    let task = GenerationTask(network, regularization: .none)
    var (metrics, memory) = (EpochMetrics(), GenerationGradients<Float>(task))
    let weights = network.weights(parameters, isForTraining: false)
    for batch in stride(from: 0, to: examples.count, by: GenerationModel.batchSize) {
      let some = examples[batch..<min(examples.count, batch + GenerationModel.batchSize)]
      metrics.add(
        memory.metrics(of: Array(some), parameters: parameters, weights: weights))
    }
    record.validationLoss = metrics.meanLoss
    record.validationAccuracy = metrics.accuracy
    record.validationBLEU = bleu(model(parameters), GenerationOptions())?.score()
  }

  /// What tells two sets of texts apart.
  var fingerprint: String {
    func describe(_ texts: [GenerationText]) -> String {
      let bytes = texts.reduce(0) { sum, text in
        sum + text.targets.reduce(text.text.utf8.count) { $0 + $1.utf8.count }
      }
      return "\(texts.count) sources with \(bytes) bytes of text"
    }
    return "\(describe(texts)), held out \(describe(validation))"
  }
}
