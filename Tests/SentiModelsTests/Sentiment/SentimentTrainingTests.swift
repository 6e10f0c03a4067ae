import Foundation
import SentiCorpora
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Sentiment training")
struct SentimentTrainingTests {
  static let labels = ["negative", "positive"]

  static func training(
    _ options: SentimentTrainingOptions = TestModels.options(),
    texts: [LabelledText] = TestModels.reviews(60),
    validation: [LabelledText] = TestModels.reviews(20, seed: 2)
  ) throws -> SentimentTraining {
    try SentimentTraining(texts, validation: validation, labels: labels, options: options)
  }

  static func finish(_ training: inout SentimentTraining) throws {
    while !training.isFinished {
      _ = try #require(try training.runEpoch { _ in true })
    }
  }

  static func finished(_ options: SentimentTrainingOptions) throws -> SentimentTraining {
    var training = try training(options)
    try finish(&training)
    return training
  }

  /// What of a history does not depend on the clock.
  static func figures(_ training: SentimentTraining) -> [EpochRecord] {
    training.history.map {
      var record = $0
      record.seconds = 0
      return record
    }
  }

  // MARK: Learning

  @Test func learnsWhatWordsTell() throws {
    let training = try Self.finished(TestModels.options())
    #expect(training.history.map(\.epoch) == [1, 2, 3, 4, 5, 6])
    let (first, last) = (training.history[0], training.history[5])
    #expect(last.trainingLoss < first.trainingLoss / 2)
    #expect(last.trainingAccuracy > 0.9)
    #expect(try #require(last.validationAccuracy) > 0.9)
    #expect(try #require(last.validationLoss) < 0.4)
    #expect(training.history.allSatisfy { $0.tokens == training.tokenCount && $0.seconds > 0 })
    let classifier = training.classifier()
    #expect(classifier.prediction(for: "A lovely film with songs").label == "positive")
    #expect(classifier.prediction(for: "the story was DULL").label == "negative")
  }

  /// Of 60 texts a fifth is negative.
  @Test func labelsMayWeighAlike() {
    let classes = (0..<60).map { $0 % 5 == 0 ? 0 : 1 }
    #expect(LabelWeights.balanced.weights(Self.labels, classes) == [2.5, 0.625])
    #expect(LabelWeights.balanced.weights(["a", "b", "c"], [1, 1, 2]) == [1, 0.5, 1])
    let given = LabelWeights.given(["positive": 3, "negative": 2])
    #expect(given.weights(Self.labels, classes) == [2, 3])
  }

  @Test func optionsReachTheLossAndTheNet() throws {
    var (options, classifiers) = (TestModels.options(), [[Float]]())
    options.settings.epochCount = 1
    for change in 0..<4 {
      switch change {
      case 1: options.labelWeights = .given(["negative": 1, "positive": 3])
      case 2: options.longestMemory = 30
      case 3: options.regularization.recurrentDropout = 0.4
      default: break
      }
      classifiers.append(try Self.finished(options).classifier().parameters.values)
    }
    #expect(Set(classifiers).count == 4)
  }

  @Test func stopsAtWeightsOfOtherLabels() async {
    await #expect(processExitsWith: .failure) {
      _ = LabelWeights.given(["other": 3]).weights(["negative", "positive"], [])
    }
  }

  @Test func buildsItsVocabularyOfTheTrainingTexts() throws {
    let training = try Self.training()
    #expect(training.labels == Self.labels)
    #expect(training.vocabulary.count == 4 + 14)
    #expect(training.vocabulary.header.normalization == .reviews)
    #expect(training.options == TestModels.options())
    let words = TestModels.reviews(60).reduce(0) { $0 + $1.text.split(separator: " ").count }
    #expect(training.tokenCount == words)
    var small = TestModels.options()
    (small.maximumVocabularySize, small.minimumCount) = (10, 2)
    #expect(try Self.training(small).vocabulary.count == 10)
  }

  @Test func theSameSeedGivesTheSameClassifier() throws {
    let one = try Self.finished(TestModels.options())
    let other = try Self.finished(TestModels.options())
    #expect(bits(one.classifier().parameters.values) == bits(other.classifier().parameters.values))
    #expect(Self.figures(one) == Self.figures(other))
    var options = TestModels.options()
    options.settings.seed = 2
    let third = try Self.finished(options)
    #expect(one.classifier().parameters.values != third.classifier().parameters.values)
  }

  @Test func keepsTheBestEpoch() throws {
    var training = try Self.training()
    #expect(training.bestEpoch == nil)
    var parameters: [[Float]] = []
    while !training.isFinished {
      let record = try #require(try training.runEpoch { _ in true })
      let earlier = training.history.dropLast()
      let (accuracy, loss) = (record.validationAccuracy ?? 0, record.validationLoss ?? 0)
      let isBest = earlier.allSatisfy {
        (accuracy, -loss) > ($0.validationAccuracy ?? 0, -($0.validationLoss ?? 0))
      }
      #expect((training.bestEpoch == record.epoch) == isBest)
      parameters.append(training.classifier(storedAs: .float32).parameters.values)
    }
    let best = try #require(training.bestEpoch)
    #expect(parameters.last == parameters[best - 1])
  }

  @Test func keepsTheLastEpochWithoutValidation() throws {
    var training = try Self.training(validation: [])
    for epoch in 1...2 {
      let record = try #require(try training.runEpoch { _ in true })
      #expect(record.validationLoss == nil && record.validationAccuracy == nil)
      #expect(training.bestEpoch == epoch)
    }
    #expect(training.classifier().temperature == 1)
  }

  @Test func theClassifierIsRoundedAndCalibrated() throws {
    let training = try Self.finished(TestModels.options())
    let (full, half) = (training.classifier(storedAs: .float32), training.classifier())
    #expect(half.parameters.values == full.parameters.rounded(to: .float16).values)
    #expect(half.labels == Self.labels)
    #expect(half.temperature != 1)
    #expect((0.0999...10.001).contains(half.temperature))
    let scored = try training.validationExamples(half)
    #expect(scored.count == 20)
    let evaluation = try #require(Evaluation(of: scored))
    #expect(evaluation.accuracy > 0.9)
  }

  // MARK: Interruptions

  @Test(arguments: [1, 2, 5])
  func resumingIsNeverHavingStopped(_ batches: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("training.safetensors")
    let whole = try Self.finished(TestModels.options())
    var training = try Self.training()
    _ = try training.runEpoch { _ in true }
    let stopped = try training.runEpoch { $0.batch < batches }
    #expect(stopped == nil)
    try training.checkpoint.write(to: path)
    var resumed = try Self.training()
    try resumed.resume(from: path)
    #expect(Self.figures(resumed) == Self.figures(training))
    try Self.finish(&resumed)
    #expect(Self.figures(resumed) == Self.figures(whole))
    let (one, other) = (resumed.classifier(), whole.classifier())
    #expect(bits(one.parameters.values) == bits(other.parameters.values))
    #expect(one.temperature == other.temperature)
  }

  @Test func aFinishedTrainingResumesAsFinished() throws {
    let folder = try TemporaryFolder()
    let training = try Self.finished(TestModels.options())
    try training.checkpoint.write(to: folder.path("training"))
    var resumed = try Self.training()
    try resumed.resume(from: folder.path("training"))
    #expect(resumed.isFinished)
    #expect(
      bits(resumed.classifier().parameters.values) == bits(training.classifier().parameters.values))
  }

  // MARK: Refused checkpoints

  /// Writes a checkpoint after one epoch, and answers what another training refuses it for.
  func refusal(of resuming: SentimentTraining) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("training")
    var training = try Self.training()
    _ = try training.runEpoch { _ in true }
    try training.checkpoint.write(to: path)
    var resuming = resuming
    let error = try #require(throws: TrainingError.self) { try resuming.resume(from: path) }
    guard case .checkpointMismatch(path, let what, _, _) = error else { return "\(error)" }
    #expect(resuming.history.isEmpty)
    return what
  }

  @Test func refusesOtherTexts() throws {
    let texts = Array(TestModels.reviews(60).dropLast()) + TestModels.reviews(1, seed: 9)
    #expect(try refusal(of: Self.training(texts: texts)) == "set of texts")
    let validation = TestModels.reviews(22, seed: 3)
    #expect(try refusal(of: Self.training(validation: validation)) == "set of texts")
  }

  @Test func refusesOtherOptions() throws {
    var options = TestModels.options()
    options.settings.learningRate = 0.01
    #expect(try refusal(of: Self.training(options)) == "set of options")
  }

  @Test func refusesAnotherArchitecture() throws {
    var options = TestModels.options()
    options.hiddenSize = 13
    #expect(try refusal(of: Self.training(options)) == "architecture")
  }

  @Test func refusesAMalformedHistory() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("training")
    var training = try Self.training()
    var checkpoint = training.checkpoint
    checkpoint.notes["history"] = "{"
    try checkpoint.write(to: path)
    let expected = ArchiveError.unexpectedMetadata(
      path: path, key: "history", expected: "the records of epochs", found: "{")
    #expect(throws: expected) { try training.resume(from: path) }
  }

  // MARK: Errors

  @Test func needsTexts() {
    #expect(throws: TrainingError.noExamples) { _ = try Self.training(texts: []) }
  }

  @Test func stopsAtALabelThatIsNone() async {
    await #expect(processExitsWith: .failure) {
      _ = try SentimentTraining(
        TestModels.reviews(2), validation: [], labels: ["negative"], options: TestModels.options())
    }
  }

  @Test func stopsAtANormalizationThatIsNone() async {
    await #expect(processExitsWith: .failure) {
      var options = TestModels.options()
      options.normalization = "fancy"
      _ = try SentimentTrainingTests.training(options)
    }
  }

  // MARK: Records

  @Test func recordsAreWrittenInSnakeCase() throws {
    let record = EpochRecord(
      epoch: 1, trainingLoss: 0.5, trainingAccuracy: 0.75, validationLoss: 0.25,
      validationAccuracy: 0.875, tokens: 100, seconds: 2)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(record), as: UTF8.self)
    #expect(
      text == #"{"epoch":1,"seconds":2,"tokens":100,"training_accuracy":0.75,"training_loss":0.5,"#
        + #""validation_accuracy":0.875,"validation_loss":0.25}"#)
  }
}
