import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Language model: generation")
struct LanguageModelGeneratorTests {
  /// The next token's log-probabilities are those by which the perplexity is measured.
  @Test func stepsAreThoseOfThePerplexity() throws {
    let model = try LanguageModelTrainingTests.trained(epochs: 2).model()
    let tokens = model.codec.encode("two three four five one")
    let generator = LanguageModelGenerator(model.network, parameters: model.parameters)
    var state = generator.initialState(rowCount: 1)
    var nats = 0.0
    for (read, next) in zip([generator.startID] + tokens, tokens + [generator.endID]) {
      nats -= Double(generator.step([read], state: &state)[0, Int(next)])
    }
    let expected = model.perplexity(of: ["two three four five one"]).nats
    #expect(abs(nats - expected) < 1e-4 * expected)
  }

  /// After each word of the training texts only one comes; a model that reads both ways goes on by its
  /// forward direction.
  @Test(arguments: [false, true])
  func goesOnByTheRule(_ isBidirectional: Bool) throws {
    let model = try LanguageModelTrainingTests.trained(
      epochs: 25, isBidirectional: isBidirectional
    ).model()
    var options = GenerationOptions()
    options.minimumLength = 2
    let found = model.continuations(of: ["two three", "five"], options: options)
    #expect(found.map(\.count) == [1, 1])
    let texts = found.map { model.codec.decode($0[0].tokens) }
    #expect(texts[0].hasPrefix("two three four five"))
    #expect(texts[1].hasPrefix("five one two"))
  }

  @Test func drawnTextsFollowFromTheSeedAlone() throws {
    let model = try LanguageModelTrainingTests.trained(epochs: 3).model()
    var options = GenerationOptions()
    options.hypothesisCount = 3
    options.maximumLength = 8
    var sampling = GenerationOptions.Sampling()
    sampling.seed = 5
    options.sampling = sampling
    let prompts = (0..<20).map { ["one", "two three", ""][$0 % 3] }
    let together = model.continuations(of: prompts, options: options, threadCount: 2)
    for (index, prompt) in prompts.enumerated().prefix(4) {
      let alone = model.continuations(of: [prompt], options: options, firstSeed: UInt64(index))
      #expect(alone[0] == together[index])
    }
    options.sampling?.seed = 6
    #expect(model.continuations(of: prompts, options: options) != together)
  }

  /// An unknown word of the prompt stays what it is; none is written behind it, and the length counts
  /// what is.
  @Test func unknownWordsAreReadAndNeverWritten() throws {
    let model = try LanguageModelTrainingTests.trained(epochs: 1).model()
    var options = GenerationOptions()
    options.sampling = GenerationOptions.Sampling()
    options.hypothesisCount = 20
    (options.minimumLength, options.maximumLength) = (6, 6)
    let unknown: Int32 = 1
    for hypothesis in model.continuations(of: ["zebra one"], options: options)[0] {
      #expect(hypothesis.tokens.count == 8 && hypothesis.tokens[0] == unknown)
      #expect(!hypothesis.tokens.dropFirst().contains { $0 <= 2 })
    }
  }

  @Test(arguments: [TextUnit.subwords, .characters])
  func aModelOfPartsOfWordsIsReadAsItWasWritten(_ unit: TextUnit) throws {
    let model = try LanguageModelTrainingTests.trained(epochs: 2, unit: unit).model()
    #expect(model.codec.unit == unit)
    let folder = try TemporaryFolder()
    try model.write(to: folder["m"])
    let read = try LanguageModel(contentsOf: folder["m"])
    #expect(read.codec.vocabularySize == model.codec.vocabularySize)
    #expect(read.perplexity(of: ["one two"]) == model.perplexity(of: ["one two"]))
    var options = GenerationOptions()
    options.maximumLength = 12
    #expect(
      read.continuations(of: ["one"], options: options)
        == model.continuations(of: ["one"], options: options))
  }
}
