import SentiRNN
import SentiTensor
import Testing

@Suite("Embedding")
struct EmbeddingTests {
  static func table() -> (Embedding, Parameters<Float>) {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [2])
    let embedding = Embedding(
      vocabularySize: 4, embeddingSize: 3, prefix: "embedding.", layout: &layout)
    let values = (0..<layout.elementCount).map { Float($0 - 2) }
    return (embedding, Parameters(layout: layout, values: values))
  }

  @Test func reservesOneRowForEachToken() {
    let (embedding, _) = Self.table()
    #expect(embedding.weights.name == "embedding.weight")
    #expect(embedding.weights.shape == [4, 3])
    #expect(embedding.vocabularySize == 4)
    #expect(embedding.embeddingSize == 3)
  }

  @Test func looksRowsUp() {
    let (embedding, parameters) = Self.table()
    var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
    embedding.forward([3, 0, 3], parameters, into: &rows)
    #expect(rows.elements == [9, 10, 11, 0, 1, 2, 9, 10, 11])
    embedding.forward([], parameters, into: &rows)
    #expect(rows.rowCount == 0)
  }

  @Test func addsGradientsToTheRowsOfTheTokens() {
    let (embedding, parameters) = Self.table()
    var gradients = Parameters<Float>(layout: parameters.layout)
    let gradient = Matrix<Float>(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6])
    embedding.backward([2, 1], gradient, gradients: &gradients)
    embedding.backward([1, 1], gradient, gradients: &gradients)
    #expect(gradients.values == [0, 0, 0, 0, 0, 9, 12, 15, 1, 2, 3, 0, 0, 0])
  }

  @Test func startsNormallySpread() {
    var layout = ParameterLayout()
    let embedding = Embedding(
      vocabularySize: 200, embeddingSize: 50, prefix: "", layout: &layout)
    func deviation(_ start: (inout Parameters<Float>, inout SeededGenerator) -> Void) -> Double {
      var parameters = Parameters<Float>(layout: layout)
      var generator = SeededGenerator(seed: 1)
      start(&parameters, &generator)
      return parameters.norm / 10_000.squareRoot()
    }
    #expect(abs(deviation { embedding.initialize(&$0, using: &$1) } - 0.1) < 0.003)
    #expect(
      abs(deviation { embedding.initialize(&$0, deviation: 0.5, using: &$1) } - 0.5) < 0.015)
  }

  @Test func tokensOfATableAreTheirOwnRows() {
    let words = UniqueTokens([5, 1, 9, 5, 4, 0, 9, 3], vocabularySize: 10, cachedCount: 4)
    #expect(words.values == [5, 9, 4])
    #expect(words.inverse == [4, 1, 5, 4, 6, 0, 5, 3])
    let all = UniqueTokens([5, 1], vocabularySize: 10, cachedCount: 10)
    #expect(all.values == [])
    #expect(all.inverse == [5, 1])
  }

  @Test func stopsAtTokensOutsideOfTheVocabulary() async {
    await #expect(processExitsWith: .failure) {
      let (embedding, parameters) = EmbeddingTests.table()
      var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
      embedding.forward([4], parameters, into: &rows)
    }
    await #expect(processExitsWith: .failure) {
      let (embedding, parameters) = EmbeddingTests.table()
      var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
      embedding.forward([-1], parameters, into: &rows)
    }
  }

  @Test func stopsAtRowsOfAnotherWidth() async {
    await #expect(processExitsWith: .failure) {
      let (embedding, parameters) = EmbeddingTests.table()
      var rows = Matrix<Float>(rowCount: 0, columnCount: 2)
      embedding.forward([0], parameters, into: &rows)
    }
    await #expect(processExitsWith: .failure) {
      let (embedding, parameters) = EmbeddingTests.table()
      var gradients = Parameters<Float>(layout: parameters.layout)
      embedding.backward([0], Matrix(rowCount: 1, columnCount: 2), gradients: &gradients)
    }
  }

  // MARK: Distinct tokens

  @Test func distinctTokensComeInOrderOfAppearance() {
    let distinct = UniqueTokens([5, 2, 5, 5, 0, 2], vocabularySize: 6)
    #expect(distinct.values == [5, 2, 0])
    #expect(distinct.inverse == [0, 1, 0, 0, 2, 1])
    #expect(distinct == UniqueTokens([5, 2, 5, 5, 0, 2], vocabularySize: 9))
    #expect(UniqueTokens([], vocabularySize: 6).values.isEmpty)
  }

  /// Those that several shares hold come first, then each share's own.
  @Test func distinctTokensOfSharesComeWithTheirOwners() {
    let distinct = UniqueTokens(
      shards: [[5, 2, 5, 7], [], [3, 2, 8, 8], [0, 8]], vocabularySize: 9)
    #expect(distinct.values == [2, 8, 5, 7, 3, 0])
    #expect(distinct.exclusive == [2..<4, 4..<4, 4..<5, 5..<6])
    #expect(distinct.inverse == [2, 0, 2, 3, 4, 0, 1, 1, 5, 1])
    let one = UniqueTokens([5, 2, 5], vocabularySize: 6)
    #expect(one.exclusive == [0..<2])
    #expect(one == UniqueTokens(shards: [[5, 2, 5]], vocabularySize: 6))
  }

  @Test func theMessageNamesATokenBehindTheVocabulary() async {
    let whole = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens([1, 9], vocabularySize: 5)
    }
    #expect(whole.message.contains("token 9 of 5"))
    let tabulated = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens([1, 9], vocabularySize: 5, cachedCount: 5)
    }
    #expect(tabulated.message.contains("token 9 of 5"))
    let divided = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens(shards: [[1], [4, 9]], vocabularySize: 5)
    }
    #expect(divided.message.contains("token 9 of 5"))
    let next = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens([5], vocabularySize: 5)
    }
    #expect(next.message.contains("token 5 of 5"))
  }

  @Test func theMessageNamesANegativeToken() async {
    let whole = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens([1, -1], vocabularySize: 5)
    }
    #expect(whole.message.contains("token -1 of 5"))
    let tabulated = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens([1, -1], vocabularySize: 5, cachedCount: 2)
    }
    #expect(tabulated.message.contains("token -1 of 5"))
    let divided = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = UniqueTokens(shards: [[1], [4, -1]], vocabularySize: 5)
    }
    #expect(divided.message.contains("token -1 of 5"))
  }
}
