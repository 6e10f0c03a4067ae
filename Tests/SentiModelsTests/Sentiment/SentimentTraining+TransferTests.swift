import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining
import Testing

@Suite("Sentiment training: transfer")
struct SentimentTrainingTransferTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static func training(
    _ options: SentimentTrainingOptions = TestModels.options()
  ) throws -> SentimentTraining {
    try SentimentTraining(
      TestModels.reviews(60), validation: [], labels: ["negative", "positive"], options: options)
  }

  static func finish(_ training: inout SentimentTraining) throws -> SentimentClassifier {
    while !training.isFinished { _ = try training.runEpoch { _ in true } }
    return training.classifier(storedAs: .float32)
  }

  /// A trained model in a file, in single precision.
  func trainedModel() throws -> SentimentClassifier {
    var training = try Self.training()
    let classifier = try Self.finish(&training)
    try classifier.write(to: folder["a"], storedType: .float32, overwriting: true)
    return classifier
  }

  /// Everything is frozen, so what comes out is what was taken over.
  @Test func startsFromATrainedModel() throws {
    let source = try trainedModel()
    var options = TestModels.options()
    (options.embeddingSize, options.hiddenSize) = (3, 3)
    options.adoptShape(of: source)
    #expect(options.embeddingSize == 8 && options.hiddenSize == 12)
    options.settings.groups = [ParameterGroup("", isFrozen: true)]
    options.settings.epochCount = 1
    var training = try Self.training(options)
    let coverage = try training.adopt(modelAt: folder["a"])
    #expect(coverage.foundCount == coverage.wordCount && coverage.foundCount > 10)
    let classifier = try Self.finish(&training)
    #expect(classifier.parameters.values == source.parameters.values)
  }

  /// Labels of other names mean other things, however many there are.
  @Test(arguments: [("negative", "positive"), ("bad", "good")])
  func theOutputLayerIsTakenOverWhereTheLabelsAreTheSame(first: String, second: String) throws {
    let source = try trainedModel()
    let texts = TestModels.reviews(60).map { text in
      LabelledText(
        text.text, label: text.label == "negative" ? first : second, origin: text.origin)
    }
    var options = TestModels.options()
    options.settings.groups = [ParameterGroup("", isFrozen: true)]
    options.settings.epochCount = 1
    var training = try SentimentTraining(
      texts, validation: [], labels: [first, second], options: options)
    _ = try training.adopt(modelAt: folder["a"])
    let classifier = try Self.finish(&training)
    for slot in classifier.network.layout.slots {
      let isSame = classifier.parameters[slot] == source.parameters[slot]
      #expect(isSame == (first == "negative" || !slot.name.hasPrefix("output.")), "\(slot.name)")
    }
  }

  @Test func aFrozenPartStaysAndTheRestLearns() throws {
    let source = try trainedModel()
    var options = TestModels.options()
    options.settings.epochCount = 2
    options.settings.groups = [ParameterGroup("encoder.", isFrozen: true)]
    var training = try Self.training(options)
    _ = try training.adopt(modelAt: folder["a"])
    let classifier = try Self.finish(&training)
    for slot in classifier.network.layout.slots {
      let isSame = classifier.parameters[slot] == source.parameters[slot]
      #expect(isSame == slot.name.hasPrefix("encoder."), "\(slot.name)")
    }
  }

  /// What was learned helps: the first epoch begins where the other training ended.
  @Test func whatWasLearnedIsThere() throws {
    _ = try trainedModel()
    var options = TestModels.options()
    options.settings.epochCount = 1
    var (fresh, other) = (try Self.training(options), try Self.training(options))
    _ = try other.adopt(modelAt: folder["a"])
    let (slow, fast) = (
      try #require(try fresh.runEpoch { _ in true }), try #require(try other.runEpoch { _ in true })
    )
    #expect(fast.trainingLoss < slow.trainingLoss / 2)
  }

  @Test func refusesAModelOfAnotherShape() throws {
    _ = try trainedModel()
    var options = TestModels.options()
    options.hiddenSize = 5
    var training = try Self.training(options)
    #expect(
      throws: ArchiveError.unexpectedTensor(
        path: folder["a"], tensor: "encoder.weight_ih_l0",
        expected: "shape [15, 8], which 'encoder.weight_ih_l0' has", found: "[36, 8]")
    ) { _ = try training.adopt(modelAt: folder["a"]) }
  }

  @Test func startsFromWordVectors() throws {
    var options = TestModels.options()
    options.settings.groups = [ParameterGroup("embedding.", isFrozen: true)]
    options.settings.epochCount = 1
    var training = try Self.training(options)
    let numbers = (1...8).map { " \($0)" }.joined()
    let path = try folder.write(
      "4 8\ngreat\(numbers)\nunheard-of\(numbers)\nfilm 1\ngreat 0 0 0 0 0 0 0 0\n", to: "v.vec")
    let coverage = try training.adopt(wordVectorsAt: path)
    #expect(coverage.foundCount == 1 && coverage.problemCount == 1)
    #expect(coverage.wordCount == training.vocabulary.count - 4)
    #expect(
      coverage.problems == [CorpusError(.fieldCount(expected: 9, found: 2), path: path, line: 4)])
    let classifier = try Self.finish(&training)
    let table = classifier.parameters[classifier.network.embedding.weights]
    let row = Int(try #require(training.vocabulary.id(for: "great")).rawValue)
    #expect(Array(table[8 * row..<8 * row + 8]) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(Array(table[8 * row - 8..<8 * row]).allSatisfy { abs($0) < 1 })
  }

  @Test func refusesWordVectorsOfAnotherWidth() throws {
    var training = try Self.training()
    let path = try folder.write("great 1 2 3\n", to: "v.txt")
    #expect {
      _ = try training.adopt(wordVectorsAt: path)
    } throws: { error in
      "\(error)" == "\(path): width of a word vector: expected 8, found 3"
    }
  }

  @Test func layersAreNamedFromBelow() throws {
    var options = TestModels.options()
    options.layerCount = 2
    #expect(options.layerPatterns == ["embedding.", "encoder.*_l0", "encoder.*_l1", "output."])
    let names = try Self.training(options).parameterNames
    for name in names {
      #expect(options.layerPatterns.count { ParameterGroup($0).matches(name) } == 1, "\(name)")
    }
  }

  @Test func stopsOnceAnEpochWasTrained() async throws {
    _ = try trainedModel()
    await #expect(processExitsWith: .failure) {
      let tests = try SentimentTrainingTransferTests()
      _ = try tests.trainedModel()
      var training = try SentimentTrainingTransferTests.training()
      _ = try training.runEpoch { _ in true }
      _ = try training.adopt(modelAt: tests.folder["a"])
    }
  }
}
