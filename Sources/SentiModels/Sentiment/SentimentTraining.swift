public import SentiCorpora
internal import SentiRNN
public import SentiTensor
public import SentiText
public import SentiTraining

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
