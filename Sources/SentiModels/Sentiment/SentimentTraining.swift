internal import Foundation
public import SentiCorpora
public import SentiRNN
public import SentiTensor
public import SentiText
public import SentiTraining

/// What decides the classifier that a training ends with, apart from its texts.
public struct SentimentTrainingOptions: Hashable, Codable, Sendable {
  /// How often a word must occur to get a number of its own; 2 leaves typing errors out.
  public var minimumCount = 2
  /// The most words in the vocabulary, special ones included.
  public var maximumVocabularySize = 30_000
  /// How texts are normalized, as `Normalization` writes it.
  public var normalization = Normalization.reviews.description
  /// The width of a word vector.
  public var embeddingSize = 128
  /// The recurrent cell.
  public var cell = CellKind.gru
  /// The number of hidden units of each direction.
  public var hiddenSize = 256
  /// The number of recurrent layers.
  public var layerCount = 1
  /// Whether every layer also reads backwards.
  public var isBidirectional = false
  /// What a text is summed up by.
  public var pooling: [Pooling] = [.last, .max, .mean]
  /// What keeps the net from learning its texts by heart.
  public var regularization = SentimentRegularization()
  /// How the net is trained.
  public var settings = TrainingSettings()

  /// Creates the default options.
  public init() {}
}

/// What an epoch came to.
public struct EpochRecord: Hashable, Codable, Sendable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The mean loss of a training text, or of a token that is written, in nats, with dropout.
  public var trainingLoss: Double
  /// The share of training texts, or of tokens that are written, that were right, with dropout.
  public var trainingAccuracy: Double
  /// The mean loss of a validation text, in nats; absent where none are held out.
  public var validationLoss: Double?
  /// The share of validation texts that are classified rightly; absent where none are held out.
  public var validationAccuracy: Double?
  /// The BLEU of what is written of the validation sources, in percent; absent where nothing is
  /// written.
  public var validationBLEU: Double?
  /// Real tokens that were trained on.
  public var tokens: Int
  /// The time of the epoch's training in this run, in seconds.
  public var seconds: Double

  /// Whether the epoch did better on the validation texts: by BLEU where texts are written, else by
  /// accuracy, then by loss; true where there are none.
  ///
  /// - Parameter other: An earlier epoch.
  /// - Returns: Whether it did better.
  func isBetter(than other: EpochRecord) -> Bool {
    guard let accuracy = validationAccuracy, let loss = validationLoss,
      let otherAccuracy = other.validationAccuracy, let otherLoss = other.validationLoss
    else { return true }
    return (validationBLEU ?? 0, accuracy, -loss)
      > (other.validationBLEU ?? 0, otherAccuracy, -otherLoss)
  }

  /// The names in JSON.
  enum CodingKeys: String, CodingKey {
    case epoch, tokens, seconds
    case trainingLoss = "training_loss"
    case trainingAccuracy = "training_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case validationBLEU = "validation_bleu"
  }
}

/// Trains a ``SentimentClassifier``: vocabulary, net, best epoch, calibration.
///
///     var training = try SentimentTraining(held.training, validation: held.validation, options)
///     while !training.isFinished {
///       guard let record = try training.runEpoch(report: { _ in true }) else { break }
///       print(record)
///     }
///     let classifier = training.classifier()
///
/// After every epoch the net is judged by the validation texts, and the parameters of the best epoch
/// are kept. The result follows from texts, options and thread count alone, also across
/// interruptions; see ``checkpoint`` and ``resume(from:)``.
public struct SentimentTraining: Sendable {
  /// The options.
  public let options: SentimentTrainingOptions
  /// The labels, in the order of the net's classes.
  public let labels: [String]
  /// What every epoch came to.
  public private(set) var history: [EpochRecord] = []

  private let pipeline: TextPipeline
  let network: SentimentNetwork
  private let examples: [SentimentExample]
  private let validation: [SentimentExample]
  private(set) var trainer: Trainer<SentimentTask>
  private var best: Parameters<Float>?

  /// Builds the vocabulary, numbers the texts and lays out the net.
  ///
  /// - Parameters:
  ///   - texts: The texts to learn from; every one has a label of `labels`.
  ///   - validation: The texts to judge epochs by; may be empty.
  ///   - labels: The labels, from least to most favourable.
  ///   - options: The options.
  /// - Throws: ``TrainingError/noExamples`` or `ICUError`.
  public init(
    _ texts: [LabelledText], validation: [LabelledText], labels: [String],
    options: SentimentTrainingOptions
  ) throws {
    guard !texts.isEmpty else { throw TrainingError.noExamples }
    guard let normalization = Normalization(description: options.normalization) else {
      preconditionFailure("normalization \(options.normalization)")
    }
    var builder = try VocabularyBuilder(normalization: normalization)
    for text in texts { builder.add(text.text) }
    let vocabulary = builder.vocabulary(
      minimumCount: options.minimumCount, maximumSize: options.maximumVocabularySize)
    let pipeline = try TextPipeline(vocabulary: vocabulary)
    var configuration = SentimentConfiguration(vocabularySize: vocabulary.count)
    configuration.classCount = labels.count
    configuration.embeddingSize = options.embeddingSize
    configuration.cell = options.cell
    configuration.hiddenSize = options.hiddenSize
    configuration.layerCount = options.layerCount
    configuration.isBidirectional = options.isBidirectional
    configuration.pooling = options.pooling
    let network = SentimentNetwork(configuration)
    self.options = options
    self.labels = labels
    self.pipeline = pipeline
    self.network = network
    examples = Self.examples(texts, labels, pipeline)
    self.validation = Self.examples(validation, labels, pipeline)
    let task = SentimentTask(
      network, regularization: options.regularization,
      unknownToken: Int32(vocabulary.unknownID.rawValue))
    let parameters: Parameters<Float> = network.initialParameters(seed: options.settings.seed)
    trainer = Trainer(
      task, settings: options.settings,
      state: TrainingState(parameters: parameters, settings: options.settings))
  }

  /// Whether all epochs are done.
  public var isFinished: Bool { trainer.isFinished }

  /// The number of real tokens in the training texts.
  public var tokenCount: Int { examples.reduce(0) { $0 + $1.tokens.count } }

  /// The vocabulary that was built of the training texts.
  public var vocabulary: Vocabulary { pipeline.vocabulary }

  /// Trains to the end of the epoch, then judges it.
  ///
  /// - Parameter report: Called after every batch; where it answers false, the training stops there.
  /// - Returns: What the epoch came to, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where a loss or gradient is not finite; a `CancellationError`.
  public mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord? {
    let start = ContinuousClock.now
    guard let tally = try trainer.runEpoch(examples, report: report) else { return nil }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let parameters = trainer.state.bestParameters
    let judged = judge(parameters)
    if let judged { trainer.judgeLastEpoch(loss: judged.loss) }
    let record = EpochRecord(
      epoch: trainer.state.epoch, trainingLoss: tally.meanLoss, trainingAccuracy: tally.accuracy,
      validationLoss: judged?.loss, validationAccuracy: judged?.accuracy,
      tokens: tally.tokenCount, seconds: seconds)
    history.append(record)
    if bestEpoch == record.epoch { best = parameters }
    return record
  }

  /// Starts anew from other parameters than random ones.
  mutating func restart(from parameters: Parameters<Float>) {
    precondition(history.isEmpty, "\(history.count) epochs were trained already")
    trainer = Trainer(
      trainer.model, settings: options.settings,
      state: TrainingState(parameters: parameters, settings: options.settings))
  }

  /// The epoch whose parameters are kept, counted from 1: the best one, or the last one where no
  /// texts are held out; nil before the first.
  public var bestEpoch: Int? {
    history.reduce(nil as EpochRecord?) { best, record in
      best.map { record.isBetter(than: $0) } ?? true ? record : best
    }?.epoch
  }

  /// The classifier of the best epoch so far, calibrated on the validation texts.
  ///
  /// Its weights are rounded to the type in which they will be stored, so that figures measured on
  /// it hold for the file.
  ///
  /// - Parameter storedType: The type of the stored weights.
  /// - Returns: The classifier.
  public func classifier(
    storedAs storedType: SafetensorsArchive.ElementType = .float16
  ) -> SentimentClassifier {
    var classifier = classifier(
      with: (best ?? trainer.state.bestParameters).rounded(to: storedType))
    if !validation.isEmpty {
      let logits = classifier.logits(
        forTokens: validation.map(\.tokens), threadCount: options.settings.threadCount)
      classifier.temperature = Calibration.temperature(
        logits: logits, classes: validation.map(\.label))
    }
    return classifier
  }

  /// The validation texts as a classifier scores them.
  ///
  /// - Parameter classifier: A classifier of this training.
  /// - Returns: Right classes and probabilities, in the order of the texts.
  public func validationExamples(_ classifier: SentimentClassifier) -> ScoredExamples {
    let predictions = classifier.predictions(
      forTokens: validation.map(\.tokens), threadCount: options.settings.threadCount)
    var examples = ScoredExamples(labels: labels)
    for (example, prediction) in zip(validation, predictions) {
      examples.append(trueLabel: example.label, probabilities: prediction.probabilities)
    }
    return examples
  }

  private func classifier(with parameters: Parameters<Float>) -> SentimentClassifier {
    SentimentClassifier(
      labels: labels, pipeline: pipeline, network: network, parameters: parameters)
  }

  private func judge(_ parameters: Parameters<Float>) -> (loss: Double, accuracy: Double)? {
    Evaluation(of: validationExamples(classifier(with: parameters))).map {
      ($0.logLoss, $0.accuracy)
    }
  }

  private static func examples(
    _ texts: [LabelledText], _ labels: [String], _ pipeline: TextPipeline
  ) -> [SentimentExample] {
    texts.map { text in
      guard let label = text.label.flatMap(labels.firstIndex) else {
        preconditionFailure("\(text.origin): label \(text.label ?? "none") is none of \(labels)")
      }
      return SentimentExample(tokens: pipeline.tokenIDs(Array(text.text.utf8)[...]), label: label)
    }
  }
}

// MARK: Checkpoints

extension SentimentTraining {
  private enum Note {
    static let history = "history"
    static let options = "options"
    static let vocabulary = "vocabulary"
  }

  /// Everything that is needed to go on to the very same classifier.
  public var checkpoint: TrainingCheckpoint {
    TrainingCheckpoint(
      settings: options.settings, state: trainer.state, best: best,
      notes: [
        Note.history: SentimentClassifier.encoded(history),
        Note.options: SentimentClassifier.encoded(options),
        Note.vocabulary: vocabularyFingerprint,
      ])
  }

  /// Goes on from a checkpoint.
  ///
  /// - Parameter path: A file that ``checkpoint`` was written to.
  /// - Throws: `ArchiveError`, where the file is damaged, or
  ///   ``TrainingError/checkpointMismatch(path:what:expected:found:)``, where it came about with
  ///   other texts or options.
  public mutating func resume(from path: String) throws {
    let checkpoint = try TrainingCheckpoint(contentsOf: path, layout: network.layout)
    func require(_ what: String, _ name: String, _ expected: String) throws {
      let found = checkpoint.notes[name] ?? "nothing"
      guard found == expected else {
        throw TrainingError.checkpointMismatch(
          path: path, what: what, expected: expected, found: found)
      }
    }
    try require("set of texts", Note.vocabulary, vocabularyFingerprint)
    try require("set of options", Note.options, SentimentClassifier.encoded(options))
    let written = checkpoint.notes[Note.history] ?? ""
    do { history = try JSONDecoder().decode([EpochRecord].self, from: Data(written.utf8)) } catch {
      throw ArchiveError.unexpectedMetadata(
        path: path, key: Note.history, expected: "the records of epochs", found: written)
    }
    best = checkpoint.best
    trainer = Trainer(trainer.model, settings: options.settings, state: checkpoint.state)
  }

  /// What tells two sets of training texts apart.
  private var vocabularyFingerprint: String {
    let header = pipeline.vocabulary.header
    let heldOut = validation.reduce(0) { $0 + $1.tokens.count }
    return "\(header.textCount) texts, \(tokenCount) tokens, \(examples.count) examples, "
      + "\(validation.count) held out with \(heldOut) tokens, "
      + "checksum \(String(header.corpusChecksum, radix: 16))"
  }
}
