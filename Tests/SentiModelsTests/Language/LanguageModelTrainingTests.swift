import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Language model: training and files")
struct LanguageModelTrainingTests {
  /// Texts whose words follow each other by a rule.
  static let texts: [String] = (0..<60).map { index in
    let words = ["one", "two", "three", "four", "five"]
    return (0..<4 + index % 3).map { words[(index + $0) % 5] }.joined(separator: " ")
  }

  static func options(
    epochs: Int, isBidirectional: Bool = false, unit: TextUnit = .words
  ) -> LanguageModelTrainingOptions {
    var options = LanguageModelTrainingOptions()
    options.codec.minimumCount = 1
    options.codec.unit = unit
    options.configuration.embeddingSize = 8
    options.configuration.hiddenSize = 12
    options.configuration.isBidirectional = isBidirectional
    options.regularization = .none
    options.candidateCount = 4
    options.windowSize = 3
    options.settings.epochCount = epochs
    options.settings.tokenBudget = 40
    options.settings.learningRate = 0.03
    options.settings.threadCount = 2
    return options
  }

  static func trained(
    epochs: Int, isBidirectional: Bool = false, unit: TextUnit = .words
  ) throws -> LanguageModelTraining {
    var training = try LanguageModelTraining(
      texts, validation: Array(texts.prefix(5)),
      options: options(
        epochs: epochs, isBidirectional: isBidirectional, unit: unit))
    while !training.isFinished { _ = try training.runEpoch { _ in true } }
    return training
  }

  @Test(arguments: [false, true])
  func learnsWhichWordComesNext(_ isBidirectional: Bool) throws {
    let model = try Self.trained(epochs: 25, isBidirectional: isBidirectional).model()
    // After the first word all follow but for the end: 5 + 3 choices in some six words.
    #expect(model.perplexity(of: Self.texts).perToken < 2)
    let (right, wrong) = (
      model.perplexity(of: ["one two three four"]), model.perplexity(of: ["one three two four"])
    )
    #expect(right.perToken < wrong.perToken / 2)
    #expect(right.tokenCount == 5 && right.byteCount == 18 && right.unknownCount == 0)
    #expect(model.perplexity(of: ["one six"]).unknownCount == 1)
    #expect(right.perByte < wrong.perByte)
  }

  @Test func theSameSeedGivesTheSameModelAlsoWhenInterrupted() throws {
    let whole = try Self.trained(epochs: 2)
    var first = try LanguageModelTraining(
      Self.texts, validation: Array(Self.texts.prefix(5)), options: Self.options(epochs: 2))
    #expect(try first.runEpoch { $0.batch < 2 } == nil)
    let folder = try TemporaryFolder()
    try first.checkpoint.write(to: folder["c"])
    var second = try LanguageModelTraining(
      Self.texts, validation: Array(Self.texts.prefix(5)), options: Self.options(epochs: 2))
    try second.resume(from: folder["c"])
    while !second.isFinished { _ = try second.runEpoch { _ in true } }
    #expect(second.model().parameters.values == whole.model().parameters.values)
    #expect(second.history.map(\.validationLoss) == whole.history.map(\.validationLoss))
    var other = try LanguageModelTraining(
      Array(Self.texts.dropLast()), validation: [], options: Self.options(epochs: 2))
    #expect(throws: TrainingError.self) { try other.resume(from: folder["c"]) }
  }

  @Test func aFileHoldsTheWholeModel() throws {
    let folder = try TemporaryFolder()
    var model = try Self.trained(epochs: 1, isBidirectional: true).model()
    model.card.name = "counting"
    try model.write(to: folder["m"])
    let read = try LanguageModel(contentsOf: folder["m"])
    #expect(read.parameters.values == model.parameters.values)
    #expect(read.network.configuration == model.network.configuration)
    #expect(read.card == model.card)
    #expect(read.perplexity(of: Self.texts) == model.perplexity(of: Self.texts))
    #expect(throws: ModelError.self) { try model.write(to: folder["m"]) }
    #expect(throws: ModelError.self) { try SentimentClassifier(contentsOf: folder["m"]) }
  }

  @Test func threadsDoNotChangeThePerplexity() throws {
    let model = try Self.trained(epochs: 1).model()
    let one = model.perplexity(of: Self.texts, threadCount: 1)
    #expect(model.perplexity(of: Self.texts, threadCount: 3) == one)
  }

  @Test(arguments: [false, true])
  func aSentimentNetStartsFromIt(_ isBidirectional: Bool) throws {
    let folder = try TemporaryFolder()
    let model = try Self.trained(epochs: 1, isBidirectional: isBidirectional).model()
    try model.write(to: folder["m"])
    let pretrained = try PretrainedModel(contentsOf: folder["m"])
    #expect(pretrained.labels == nil)
    var options = SentimentTrainingOptions()
    pretrained.adoptShape(in: &options)
    #expect(options.hiddenSize == 12 && options.embeddingSize == 8)
    #expect(options.isBidirectional == isBidirectional && options.cell == .lstm)
    let origin = LabelledText.Origin(path: "t")
    let labelled = ["good one", "bad two", "good five", "bad three"].map {
      LabelledText($0, label: $0.hasPrefix("good") ? "positive" : "negative", origin: origin)
    }
    var training = try SentimentTraining(
      labelled, validation: [], labels: ["negative", "positive"], options: options,
      vocabulary: pretrained.trainingVocabulary)
    let coverage = try training.adopt(pretrained)
    #expect(coverage.foundCount == 5 && coverage.wordCount == 5)
    let parameters = training.classifier(storedAs: .float32).parameters
    for slot in parameters.layout.slots where !slot.name.hasPrefix("output.") {
      let theirs = try #require(model.network.layout.slots.first { $0.name == slot.name })
      #expect(parameters[slot] == model.parameters[theirs], "\(slot.name)")
    }
  }

  @Test func noTextIsAnError() {
    #expect(throws: TrainingError.self) {
      try LanguageModelTraining([], validation: [], options: Self.options(epochs: 1))
    }
  }
}
