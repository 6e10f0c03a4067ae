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
}
