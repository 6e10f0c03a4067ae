import SentiModels
import SentiTensor
import Testing

@Suite("Terms of tokens")
struct TokenTermsTests {
  static let terms = TokenTerms(
    gates: Matrix(rowCount: 9, columnCount: 1), readout: Matrix(rowCount: 9, columnCount: 1))

  @Test func areMadeOnceWhenAsManyTokensWereReadAsThereAre() {
    let shared = SharedTokenTerms(vocabularySize: 9, width: 2)
    var makeCount = 0
    let found = [4, 4, 1, 4].map { count in
      shared.terms(reading: count) {
        makeCount += 1
        return Self.terms
      } != nil
    }
    #expect(found == [false, false, true, true])
    #expect(makeCount == 1)
  }

  @Test func areNotMadeWhereTheyWouldBeTooMany() {
    let shared = SharedTokenTerms(vocabularySize: 1 << 20, width: 17)
    let found = shared.terms(reading: 1 << 30) { Self.terms }
    #expect(found == nil)
  }
}
