import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Nets that write: trainings")
struct GenerationTrainingTests {
  // MARK: Learning

  @Test func learnsToDescribeVectors() throws {
    var options = TestWriters.options()
    (options.embeddingSize, options.decoderSize) = (16, 24)
    options.settings.epochCount = 100
    options.settings.learningRate = 0.02
    let training = try TestWriters.finished(
      TestWriters.figures, validation: TestWriters.figures, options)
    #expect(try #require(training.history.last?.trainingLoss) < 0.1)
    #expect(try #require(training.history.last?.validationBLEU) > 99)
    let model = training.model()
    #expect(model.kind == .captioner && model.vectorSize == 5)
    #expect(
      model.texts(of: [.vector([0, 1, 0, 1, 0]), .vector([0, 0, 1, 0, 1])])
        == ["a green circle.", "a blue square."])
  }

  @Test(arguments: [false, true])
  func learnsToTranslate(usesSubwords: Bool) throws {
    var options = TestWriters.options(usesSubwords: usesSubwords)
    (options.embeddingSize, options.encoderSize, options.decoderSize) = (16, 12, 24)
    options.settings.epochCount = usesSubwords ? 80 : 30
    options.settings.learningRate = 0.01
    let training = try TestWriters.finished(
      TestWriters.numbers(80), validation: TestWriters.numbers(20, seed: 2), options)
    #expect(try #require(training.history.last?.validationAccuracy) > 0.85)
    #expect(try #require(training.history.compactMap(\.validationBLEU).max()) > 50)
    let model = training.model()
    #expect(model.kind == .translator)
    #expect(model.texts(of: [model.source(for: "two five")]) == ["zwei fünf"])
  }

  // MARK: The same again

  @Test func theSameSeedGivesTheSameModel() throws {
    var options = TestWriters.options(usesSubwords: true)
    options.settings.epochCount = 2
    options.regularization = GenerationRegularization()
    options.regularization.subwordDropout = 0.2
    options.regularization.scheduledSampling = 0.5
    options.regularization.wordDropout = 0.1
    func values(_ options: GenerationTrainingOptions) throws -> [UInt32] {
      bits(
        try TestWriters.finished(TestWriters.numbers(20), options).model(storedAs: .float32)
          .parameters.values)
    }
    let first = try values(options)
    #expect(try values(options) == first)
    var others = [options, options, options]
    others[0].settings.seed = 2
    others[1].regularization.subwordDropout = 0
    others[2].regularization.scheduledSampling = 0
    for other in others { #expect(try values(other) != first) }
  }

  @Test func resumingGivesTheSameModel() throws {
    let (folder, texts) = (try TemporaryFolder(), TestWriters.numbers(30))
    var options = TestWriters.options(usesSubwords: true)
    options.settings.epochCount = 3
    options.settings.averagingDecay = 0.9
    options.regularization = GenerationRegularization()
    options.regularization.subwordDropout = 0.1
    options.regularization.scheduledSampling = 0.3
    let expected = try TestWriters.finished(texts, validation: texts, options)
    var training = try GenerationTraining(texts, validation: texts, options: options)
    var batches = 0
    while !training.isFinished {
      _ = try training.runEpoch { _ in
        batches += 1
        return batches % 3 != 0
      }
      try training.checkpoint.write(to: folder["c"])
      training = try GenerationTraining(texts, validation: texts, options: options)
      try training.resume(from: folder["c"])
    }
    #expect(
      bits(training.model().parameters.values) == bits(expected.model().parameters.values))
    #expect(training.history.map(\.validationBLEU) == expected.history.map(\.validationBLEU))
    #expect(training.history.map(\.trainingLoss) == expected.history.map(\.trainingLoss))
  }

  @Test func aCheckpointOfOtherTextsOrOptionsIsRefused() throws {
    let (folder, texts) = (try TemporaryFolder(), TestWriters.numbers(8))
    let options = TestWriters.options(usesSubwords: true)
    let training = try GenerationTraining(texts, validation: [], options: options)
    try training.checkpoint.write(to: folder["c"])
    var other = try GenerationTraining(texts, validation: texts, options: options)
    #expect(throws: TrainingError.self) { try other.resume(from: folder["c"]) }
    var changed = options
    changed.regularization.labelSmoothing = 0.3
    other = try GenerationTraining(texts, validation: [], options: changed)
    #expect(throws: TrainingError.self) { try other.resume(from: folder["c"]) }
    try training.checkpoint.write(to: folder["c"])
    var same = try GenerationTraining(texts, validation: [], options: options)
    try same.resume(from: folder["c"])
    #expect(same.history.isEmpty)
  }

  // MARK: Epochs

  @Test func keepsTheEpochOfTheBestBLEU() throws {
    var training = try GenerationTraining(
      TestWriters.numbers(40), validation: TestWriters.numbers(10, seed: 2),
      options: TestWriters.options())
    var best = (-1.0, 0.0, 0.0)
    while !training.isFinished {
      let record = try #require(try training.runEpoch { _ in true })
      let bleu = try #require(record.validationBLEU)
      let found = (bleu, record.validationAccuracy ?? 0, -(record.validationLoss ?? 0))
      #expect((training.bestEpoch == record.epoch) == (found > best))
      if found > best { best = found }
      if training.bestEpoch == record.epoch {
        let measured = training.bleu(training.model(storedAs: .float32))
        #expect(measured?.score() == bleu)
      }
    }
  }

  @Test func patienceEndsATraining() throws {
    var options = TestWriters.options()
    options.settings.epochCount = 1000
    options.settings.learningRate = 1e-30
    options.settings.schedule = .constant
    options.patience = 2
    let training = try TestWriters.finished(
      TestWriters.figures, validation: TestWriters.figures, options)
    #expect(training.bestEpoch == 1)
    #expect(training.history.count == 3)
  }

  /// Nothing is fed back in the first epoch, and as much as asked for in the last.
  @Test func scheduledSamplingBeginsInTheSecondEpoch() throws {
    func epochs(_ scheduledSampling: Double) throws -> [[UInt32]] {
      var options = TestWriters.options()
      options.settings.epochCount = 2
      options.regularization.scheduledSampling = scheduledSampling
      var training = try GenerationTraining(
        TestWriters.numbers(20), validation: [], options: options)
      return try (0..<2).map { _ in
        _ = try training.runEpoch { _ in true }
        return bits(training.model(storedAs: .float32).parameters.values)
      }
    }
    let (plain, sampled) = (try epochs(0), try epochs(1))
    #expect(sampled[0] == plain[0])
    #expect(sampled[1] != plain[1])
  }

  @Test func withoutValidationTheLastEpochIsKept() throws {
    var options = TestWriters.options()
    options.settings.epochCount = 2
    let training = try TestWriters.finished(TestWriters.figures, options)
    #expect(training.bestEpoch == 2)
    #expect(training.history.allSatisfy { $0.validationBLEU == nil && $0.validationLoss == nil })
    #expect(training.bleu(training.model()) == nil)
  }

  @Test func nothingToLearnFromIsAnError() {
    #expect(throws: TrainingError.noExamples) {
      _ = try GenerationTraining([], validation: [], options: TestWriters.options())
    }
  }

  @Test func aCardNotesTheRecipe() throws {
    var options = TestWriters.options()
    options.settings.epochCount = 1
    let training = try TestWriters.finished(TestWriters.figures, options)
    var card = ModelCard()
    card.record(training, seconds: 3)
    #expect(card.trainingSeconds == 3)
    #expect(card.recipe["best_epoch"] == "1" && card.recipe["label_smoothing"] == "0.0")
  }

  // MARK: Defaults

  @Test func theRecipesAreStated() {
    let (captioner, translator) = (
      GenerationTrainingOptions.captioner, GenerationTrainingOptions.translator
    )
    #expect(captioner.codec.unit == .words && captioner.lowercasesBLEU)
    #expect(translator.codec.unit == .subwords && !translator.lowercasesBLEU)
    #expect(translator.attention != nil && translator.isTied)
  }
}
