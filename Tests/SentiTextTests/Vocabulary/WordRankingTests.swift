import Testing

@testable import SentiText

@Suite("Word ranking")
struct WordRankingTests {
  private let summary = CorpusSummary(
    normalization: .none, locale: "", checksum: 0, textCount: 1, tokenCount: 0,
    boundaryChecksum: 0)

  @Test func bestWordsSurviveAnyOrderOfManyOffers() {
    var ranking = WordRanking(minimumCount: 2, maximumSize: 7)
    for index in (0..<10_000).map({ $0 &* 7_919 % 10_000 }) {
      ranking.add(ArraySlice(bytes("w\(index)")), count: index / 2)
    }
    let words = ranking.vocabulary(summary: summary, reservedTokens: []).entries.map(\.word)
    #expect(words.suffix(3) == ["w9998", "w9999", "w9996"])
  }
}
