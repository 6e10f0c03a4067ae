import SentiRNN
import Testing

@Suite("Packed batch")
struct PackedBatchTests {
  static let batch = PackedBatch([[7, 2], [5, 5, 0], [], [2]])

  @Test func lengthsOrderAndTokensTravelTogether() {
    #expect(Self.batch.sequences.lengths == [3, 2, 1, 0])
    #expect(Self.batch.sequences.order == [1, 0, 3, 2])
    #expect(Self.batch.ids == [5, 7, 2, 5, 2, 0])
    #expect(Self.batch.batchSize == 4)
    #expect(Self.batch.tokenCount == 6)
  }

  @Test func namesItsDistinctTokens() {
    let words = Self.batch.unique(vocabularySize: 8)
    #expect(words.values == [5, 7, 2, 0])
    #expect(words.inverse.map { words.values[Int($0)] } == Self.batch.ids)
    let rare = Self.batch.unique(vocabularySize: 8, cachedCount: 3)
    #expect(rare.values == [5, 7])
    #expect(rare.inverse == [3, 4, 2, 3, 2, 0])
  }
}
