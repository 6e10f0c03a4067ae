public import SentiCorpora
public import SentiRNN
public import SentiTensor
public import SentiText
public import SentiTraining

/// What the loss of a label's texts is multiplied by, where some labels are rare or matter more.
public enum LabelWeights: Hashable, Codable, Sendable, CustomStringConvertible {
  /// N / (C·n) for a label of n of all N texts, with C labels: all labels weigh the same in sum.
  case balanced
  /// Weights of labels; those that are not there have 1.
  case given([String: Double])

  /// `balanced`, or labels and weights as the command line takes them.
  public var description: String {
    switch self {
    case .balanced: "balanced"
    case .given(let weights):
      weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
  }

  /// The weight of each class.
  ///
  /// - Parameters:
  ///   - labels: The labels, in the order of the classes.
  ///   - classes: The class of each text.
  /// - Returns: One weight a class.
  func weights(_ labels: [String], _ classes: [Int]) -> [Double] {
    switch self {
    case .balanced:
      let counts = labels.indices.map { label in classes.count { $0 == label } }
      return counts.map { Double(classes.count) / Double(labels.count * max(1, $0)) }
    case .given(let weights):
      precondition(
        Set(weights.keys).isSubset(of: labels)
          && weights.values.allSatisfy { $0 > 0 && $0.isFinite },
        "weights \(weights) of labels \(labels)")
      return labels.map { weights[$0] ?? 1 }
    }
  }
}

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
  public var cell = CellConfiguration.gru
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
  /// What the loss of each label's texts is multiplied by; nil: 1.
  public var labelWeights: LabelWeights?
  /// How soft labels count.
  public var distillation = DistillationOptions()
  /// The number of epochs without a better one after which the training stops early; nil: never.
  public var patience: Int?
  /// How many words a fresh net's gates remember, at least 3, by chrono initialization; nil: a few.
  ///
  /// - SeeAlso: Tallec and Ollivier 2018, <https://arxiv.org/abs/1804.11188>.
  public var longestMemory: Int?
  /// The least number of steps an epoch, for which the token budget of `settings` is lowered where the
  /// texts are few; nil: the token budget stays.
  public var minimumStepCount: Int?
  /// The least number of steps in all, for which few texts are read in more epochs than `settings` says,
  /// at most 20; nil: the number of epochs stays.
  public var minimumUpdateCount: Int?
  /// How the net is trained.
  public var settings = TrainingSettings()

  /// The token budget, no lower than which few texts lower it.
  static let leastTokenBudget = 128

  /// Creates the default options.
  public init() {}

  /// The number of epochs, no higher than which few texts raise it.
  static let mostEpochs = 20

  /// Lowers the token budget, and raises the number of epochs, so that there are as many steps as asked
  /// for.
  mutating func adapt(toTokenCount tokenCount: Int) {
    if let minimumStepCount {
      settings.tokenBudget = min(
        settings.tokenBudget, max(Self.leastTokenBudget, tokenCount / minimumStepCount))
    }
    if let minimumUpdateCount {
      let stepCount = max(1, tokenCount / settings.tokenBudget)
      settings.epochCount = max(
        settings.epochCount, min(Self.mostEpochs, minimumUpdateCount / stepCount))
    }
  }
}

/// Trains a ``SentimentClassifier``: vocabulary, net, best epoch, calibration.
///
///     var training = try SentimentTraining(
///       held.training, validation: held.validation, labels: ["negative", "positive"],
///       options: SentimentTrainingOptions())
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

  private let judge: SentimentJudge
  private let examples: [SentimentExample]
  private var training: EpochTraining<SentimentTask>

  /// Builds the vocabulary, numbers the texts and lays out the net.
  ///
  /// - Parameters:
  ///   - texts: The texts to learn from; every one has a label of `labels`, or a soft label of them.
  ///   - validation: The texts to judge epochs by, with a label each; may be empty.
  ///   - labels: The labels, from least to most favourable.
  ///   - options: The options.
  ///   - vocabulary: The vocabulary to use; nil: one of the training texts.
  /// - Throws: ``TrainingError/noExamples`` or `ICUError`.
  /// - Precondition: Given ``LabelWeights`` are of these labels, above 0 and finite; a cell that is to
  ///   remember has gates.
  public init(
    _ texts: [LabelledText], validation: [LabelledText], labels: [String],
    options: SentimentTrainingOptions, vocabulary: Vocabulary? = nil
  ) throws {
    guard !texts.isEmpty else { throw TrainingError.noExamples }
    let vocabulary = try vocabulary ?? Self.vocabulary(of: texts, options)
    let pipeline = try TextPipeline(vocabulary: vocabulary)
    let network = SentimentNetwork(
      options.configuration(vocabularySize: vocabulary.count, classCount: labels.count))
    examples = Self.examples(texts, labels, pipeline)
    var options = options
    options.adapt(toTokenCount: examples.reduce(0) { $0 + $1.tokens.count })
    self.options = options
    judge = SentimentJudge(
      labels: labels, pipeline: pipeline, network: network,
      examples: Self.examples(validation, labels, pipeline),
      threadCount: options.settings.threadCount)
    let unknownToken = Int32(vocabulary.unknownID.rawValue)
    training = EpochTraining(
      SentimentTask(
        network, regularization: options.regularization, unknownToken: unknownToken,
        loss: SentimentLoss(
          classWeights: options.labelWeights?.weights(labels, examples.map(\.label)),
          distillation: options.distillation)),
      settings: options.settings,
      parameters: network.initialParameters(
        seed: options.settings.seed, longestMemory: options.longestMemory),
      identity: [
        .init(
          "set of texts", note: "vocabulary",
          value: Self.fingerprint(vocabulary.header, examples, judge.examples)),
        .init("set of options", note: "options", value: MetadataJSON.encoded(options)),
      ])
  }

  /// The labels, in the order of the net's classes.
  public var labels: [String] { judge.labels }

  /// What every epoch came to.
  public var history: [EpochRecord] { training.history }

  /// The epoch whose parameters are kept, counted from 1: the best one, or the last one where no
  /// texts are held out; nil before the first.
  public var bestEpoch: Int? { training.bestEpoch }

  /// Whether all epochs are done, or no epoch was better for as many as the patience allows.
  public var isFinished: Bool {
    training.trainer.isFinished
      || options.patience.map { training.epochsSinceBest >= $0 } ?? false
  }

  /// The number of real tokens in the training texts.
  public var tokenCount: Int { examples.reduce(0) { $0 + $1.tokens.count } }

  /// The number of steps of the first epoch.
  ///
  /// - Complexity: O(texts).
  public var stepCount: Int {
    BatchPlan(
      lengths: examples.map(\.tokens.count), tokenBudget: options.settings.tokenBudget,
      exampleLimit: options.settings.batchExampleLimit, seed: options.settings.seed, epoch: 0
    ).batches.count
  }

  /// The vocabulary that was built of the training texts.
  public var vocabulary: Vocabulary { judge.pipeline.vocabulary }

  var network: SentimentNetwork { judge.network }

  /// Trains to the end of the epoch, then judges it.
  ///
  /// - Parameter report: Called after every batch; where it answers false, the training stops there.
  /// - Returns: What the epoch came to, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where a loss, a gradient or an output for a validation text is not
  ///   finite: then the training is over; a `CancellationError`.
  public mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord? {
    let judge = judge
    return try training.runEpoch(examples, report: report) { parameters, record in
      guard let scored = judge.scored(judge.classifier(parameters)) else {
        record.validationLoss = .nan
        return
      }
      guard let evaluation = Evaluation(of: scored) else { return }
      record.validationLoss = evaluation.logLoss
      record.validationAccuracy = evaluation.accuracy
    }
  }

  /// The parameters that the next step starts from.
  var parameters: Parameters<Float> { training.trainer.state.parameters }

  /// Starts anew from other parameters than random ones.
  mutating func restart(from parameters: Parameters<Float>) { training.restart(from: parameters) }

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
    var classifier = judge.classifier(training.bestParameters.rounded(to: storedType))
    if !judge.examples.isEmpty {
      let logits = classifier.logits(
        forTokens: judge.examples.map(\.tokens), threadCount: judge.threadCount)
      classifier.temperature = Calibration.temperature(
        logits: logits, classes: judge.examples.map(\.label))
    }
    return classifier
  }

  /// The validation texts as a classifier scores them.
  ///
  /// - Parameter classifier: A classifier of this training.
  /// - Returns: Right classes and probabilities, in the order of the texts.
  /// - Throws: ``TrainingError/nonFiniteValidation(epoch:)``, where the classifier has no answer for one.
  public func validationExamples(
    _ classifier: SentimentClassifier
  ) throws(TrainingError) -> ScoredExamples {
    guard let scored = judge.scored(classifier) else {
      throw .nonFiniteValidation(epoch: bestEpoch ?? 0)
    }
    return scored
  }

  private static func vocabulary(
    of texts: [LabelledText], _ options: SentimentTrainingOptions
  ) throws -> Vocabulary {
    guard let normalization = Normalization(description: options.normalization) else {
      preconditionFailure("normalization \(options.normalization)")
    }
    var builder = try VocabularyBuilder(normalization: normalization)
    for text in texts { builder.add(text.text) }
    return builder.vocabulary(
      minimumCount: options.minimumCount, maximumSize: options.maximumVocabularySize)
  }

  private static func examples(
    _ texts: [LabelledText], _ labels: [String], _ pipeline: TextPipeline
  ) -> [SentimentExample] {
    texts.map { text in
      let softLabel = text.softLabel.map { soft in
        guard let probabilities = soft.probabilities(of: labels) else {
          preconditionFailure("\(text.origin): soft label \(soft) of \(labels)")
        }
        return probabilities
      }
      guard let label = text.label.flatMap(labels.firstIndex) ?? softLabel?.indexOfMaximum else {
        preconditionFailure("\(text.origin): label \(text.label ?? "none") is none of \(labels)")
      }
      return SentimentExample(
        tokens: pipeline.tokenIDs(Array(text.text.utf8)[...]), label: label, softLabel: softLabel,
        weight: text.weight)
    }
  }

  /// What tells two sets of training texts apart.
  private static func fingerprint(
    _ header: VocabularyHeader, _ examples: [SentimentExample], _ validation: [SentimentExample]
  ) -> String {
    func tokenCount(_ examples: [SentimentExample]) -> Int {
      examples.reduce(0) { $0 + $1.tokens.count }
    }
    var targets = Hasher64()
    for example in examples { targets.combine(example) }
    return "\(header.textCount) texts, \(tokenCount(examples)) tokens, \(examples.count) examples, "
      + "targets \(String(targets.value, radix: 16)), "
      + "\(validation.count) held out with \(tokenCount(validation)) tokens, "
      + "checksum \(String(header.corpusChecksum, radix: 16))"
  }

  // MARK: Checkpoints

  /// Everything that is needed to go on to the very same classifier.
  public var checkpoint: TrainingCheckpoint { training.checkpoint }

  /// Goes on from a checkpoint.
  ///
  /// - Parameter path: A file that ``checkpoint`` was written to.
  /// - Throws: `ArchiveError`, where the file is damaged, or
  ///   ``TrainingError/checkpointMismatch(path:what:expected:found:)``, where it came about with
  ///   other texts or options.
  public mutating func resume(from path: String) throws { try training.resume(from: path) }
}

/// The texts that epochs are judged by, and what makes a classifier of parameters.
private struct SentimentJudge: Sendable {
  let labels: [String]
  let pipeline: TextPipeline
  let network: SentimentNetwork
  let examples: [SentimentExample]
  let threadCount: Int

  func classifier(_ parameters: Parameters<Float>) -> SentimentClassifier {
    SentimentClassifier(
      labels: labels, pipeline: pipeline, network: network, parameters: parameters)
  }

  /// The texts as a classifier scores them; nil where it has no answer for one.
  func scored(_ classifier: SentimentClassifier) -> ScoredExamples? {
    let predictions = classifier.predictions(
      forTokens: examples.map(\.tokens), threadCount: threadCount)
    guard predictions.allSatisfy(\.isFinite) else { return nil }
    var scored = ScoredExamples(labels: labels)
    for (example, prediction) in zip(examples, predictions) {
      scored.append(trueLabel: example.label, probabilities: prediction.probabilities.values)
    }
    return scored
  }
}

extension Hasher64 {
  /// Adds the label, soft label and weight of an example.
  fileprivate mutating func combine(_ example: SentimentExample) {
    combine(UInt64(example.label))
    combine(example.weight)
    for probability in example.softLabel ?? [] { combine(probability) }
  }
}

extension [Double] {
  /// The index of the greatest element; nil where there is none.
  fileprivate var indexOfMaximum: Int? { indices.max { self[$0] < self[$1] } }
}

extension SentimentTrainingOptions {
  /// The net that the options ask for.
  fileprivate func configuration(vocabularySize: Int, classCount: Int) -> SentimentConfiguration {
    var configuration = SentimentConfiguration(vocabularySize: vocabularySize)
    configuration.classCount = classCount
    configuration.embeddingSize = embeddingSize
    configuration.cell = cell
    configuration.hiddenSize = hiddenSize
    configuration.layerCount = layerCount
    configuration.isBidirectional = isBidirectional
    configuration.pooling = pooling
    return configuration
  }
}
