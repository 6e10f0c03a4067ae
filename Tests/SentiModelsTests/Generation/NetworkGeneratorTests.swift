import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Nets that write: token by token")
struct NetworkGeneratorTests {
  static func generator(_ fixture: GenerationFixture) throws -> NetworkGenerator {
    let network = fixture.network
    return NetworkGenerator(network, parameters: try fixture.arena(fixture.parameters, network))
  }

  /// What is written behind each token of a text, fed one by one in a batch of one.
  static func alone(
    _ generator: NetworkGenerator, _ source: GenerationSource, _ target: [Int32]
  ) -> [[Float]] {
    var state = generator.initialState([source])
    return ([generator.startID] + target).map { generator.step([$0], state: &state).row(0) }
  }

  @Test(arguments: GenerationFixture.names)
  func logProbabilitiesAreThoseOfPyTorch(_ name: String) throws {
    let fixture = try GenerationFixture.read(name)
    let generator = try Self.generator(fixture)
    let rows = zip(fixture.sources.all, fixture.targets).flatMap { source, target in
      Self.alone(generator, source, target)
    }
    #expect(generator.vocabularySize == 11 && generator.startID == 2 && generator.endID == 3)
    #expect(
      mismatch(Array(rows.joined()), fixture.logProbabilities.values, absolute: 2e-5) == nil)
  }

  /// Rows are dropped as texts end, and the others go on with the same bits as alone.
  @Test(arguments: GenerationFixture.names)
  func aHypothesisHasTheSameBitsInAnyBatch(_ name: String) throws {
    let fixture = try GenerationFixture.read(name)
    let generator = try Self.generator(fixture)
    let expected = zip(fixture.sources.all, fixture.targets).map {
      Self.alone(generator, $0, $1)
    }
    var state = generator.initialState(fixture.sources.all)
    var rows = Array(fixture.targets.indices)
    var step = 0
    while !rows.isEmpty {
      let tokens = rows.map { step == 0 ? generator.startID : fixture.targets[$0][step - 1] }
      let found = generator.step(tokens, state: &state)
      for (row, text) in rows.enumerated() {
        #expect(bits(found.row(row)) == bits(expected[text][step]))
      }
      step += 1
      // Those that go on, in reverse order, the first of them twice.
      let kept = rows.indices.filter { fixture.targets[rows[$0]].count >= step }.reversed()
      let chosen = kept.first.map { [$0] + kept } ?? []
      generator.select(chosen.map { Int32($0) }, of: &state)
      rows = chosen.map { rows[$0] }
    }
    #expect(step == 7)
  }

  @Test func attentionSumsToOneOverTheSource() throws {
    let fixture = try GenerationFixture.read("translator-additive")
    let generator = try Self.generator(fixture)
    var state = generator.initialState(fixture.sources.all)
    _ = generator.step([2, 2, 2, 2], state: &state)
    let weights = state.attentionWeights
    #expect(weights.columnCount == 5)
    for (row, length) in [3, 5, 1, 2].enumerated() {
      #expect(abs(weights.row(row).reduce(0, +) - 1) < 1e-6)
      #expect(weights.row(row)[length...].allSatisfy { $0 == 0 })
      #expect(weights.row(row)[..<length].allSatisfy { $0 > 0 })
    }
  }

  @Test func withoutAttentionThereAreNoWeights() throws {
    let fixture = try GenerationFixture.read("captioner-every-step")
    let generator = try Self.generator(fixture)
    var state = generator.initialState(fixture.sources.all)
    _ = generator.step([2, 2, 2, 2], state: &state)
    #expect(state.attentionWeights.columnCount == 0)
    #expect(state.attentionWeights.rowCount == 4)
  }

  @Test func aTextOfNoTokensIsWrittenOf() throws {
    let fixture = try GenerationFixture.read("translator-dot")
    let generator = try Self.generator(fixture)
    var state = generator.initialState([.tokens([]), .tokens([4])])
    let rows = generator.step([2, 2], state: &state)
    #expect(rows.elements.allSatisfy { $0.isFinite })
    #expect(state.attentionWeights.elements == [0, 1])
  }

  // MARK: Large vocabularies

  private static func largeGenerator(isScreened: Bool) -> NetworkGenerator {
    var decoder = DecoderConfiguration(vocabularySize: 1_300, vectorSize: 12)
    (decoder.embeddingSize, decoder.hiddenSize) = (24, 20)
    let network = GenerationNetwork(GenerationConfiguration(decoder: decoder))
    var parameters: Parameters<Float> = network.initialParameters(seed: 3)
    // Initial weights make all tokens alike; these do not.
    parameters = Parameters(layout: parameters.layout, values: parameters.values.map { $0 * 6 })
    return NetworkGenerator(
      network, parameters: parameters, tokens: GenerationTokens(), isScreened: isScreened)
  }

  private static var vectors: [GenerationSource] {
    var random = SeededGenerator(seed: 8)
    return (0..<9).map { _ in .vector((0..<12).map { _ in Float(random.normal()) }) }
  }

  private static func search(
    _ generator: NetworkGenerator, _ sources: [GenerationSource], beamSize: Int
  ) -> [[Hypothesis]] {
    var options = GenerationOptions()
    (options.beamSize, options.hypothesisCount, options.maximumLength) = (beamSize, beamSize, 12)
    options.minimumLength = 3
    return TokenSearch(generator, options: options).hypotheses(
      from: generator.initialState(sources),
      for: sources.map { _ in GenerationRequest(prefix: [17]) })
  }

  @Test(arguments: [1, 4])
  func aScreenFindsWhatTheWholeSoftmaxFinds(beamSize: Int) {
    let screened = Self.search(
      Self.largeGenerator(isScreened: true), Self.vectors, beamSize: beamSize)
    let whole = Self.search(
      Self.largeGenerator(isScreened: false), Self.vectors, beamSize: beamSize)
    for (found, expected) in zip(screened, whole) {
      #expect(found.map(\.tokens) == expected.map(\.tokens))
      #expect(found.allSatisfy { $0.tokens.count >= 3 && $0.tokens[0] == 17 })
      for (one, other) in zip(found, expected) {
        #expect(mismatch(one.logProbabilities, other.logProbabilities, absolute: 0.02) == nil)
      }
    }
  }

  /// The bits of a generator that has no screen.
  @Test func anExactSearchUsesNoScreen() {
    let found = [true, false].map { isScreened in
      let generator = Self.largeGenerator(isScreened: isScreened)
      var options = GenerationOptions()
      (options.beamSize, options.maximumLength, options.isExact) = (3, 8, true)
      return TokenSearch(generator, options: options).hypotheses(
        from: generator.initialState(Self.vectors),
        for: Self.vectors.map { _ in GenerationRequest() })
    }
    #expect(found[0] == found[1])
  }

  /// A table of all tokens' terms is made when as many tokens were read as there are.
  @Test func aGeneratorThatHasReadMuchGivesTheSameBits() {
    let generator = Self.largeGenerator(isScreened: true)
    let first = Self.search(generator, Self.vectors, beamSize: 4)
    let tokenCount = first.joined().reduce(0) { $0 + $1.tokens.count }
    for _ in 0..<2 * generator.vocabularySize / tokenCount {
      let again = Self.search(generator, Self.vectors, beamSize: 4)
      #expect(again == first)
      #expect(
        again.joined().map { bits($0.logProbabilities) }
          == first.joined().map { bits($0.logProbabilities) })
    }
  }

  @Test func aScreenGivesTheSameBitsAloneAndInABatch() {
    let generator = Self.largeGenerator(isScreened: true)
    let all = Self.search(generator, Self.vectors, beamSize: 4)
    for (source, expected) in zip(Self.vectors, all) {
      let alone = Self.search(generator, [source], beamSize: 4)[0]
      #expect(alone == expected)
      #expect(alone.map { bits($0.logProbabilities) } == expected.map { bits($0.logProbabilities) })
    }
  }
}
