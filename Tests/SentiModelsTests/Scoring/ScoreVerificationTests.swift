import Testing

@testable import SentiModels

@Suite("Score verification")
struct ScoreVerificationTests {
  @Test func passesForTextsOfAllLengths() async throws {
    let verification = try await ScoreVerification(
      of: SentimentScorerTests.texts(70), by: TestModels.classifier(), threadCounts: 1...3)
    #expect(verification.isPassed && verification.reference.count == 70)
    #expect(verification.ways.count == 2 + 3 * 3)
  }

  @Test func countsTextsThatDifferInASingleBit() async throws {
    var verification = try await ScoreVerification(
      of: ["word1", "word2", "word3"], by: TestModels.classifier(), threadCounts: 1...1)
    var probabilities = verification.reference.map(\.probabilities.values)
    probabilities[1][0] = probabilities[1][0].nextUp
    verification.add("by hand", probabilities: probabilities)
    #expect(verification.ways.last == .init(name: "by hand", differenceCount: 1))
    #expect(!verification.isPassed)
  }

  @Test func stopsAtAnotherNumberOfPredictions() async {
    await #expect(processExitsWith: .failure) {
      var verification = try await ScoreVerification(
        of: ["word1"], by: TestModels.classifier(), threadCounts: 1...1)
      verification.add("by hand", probabilities: [])
    }
  }
}
