import Testing

@testable import SentiModels

@Suite("Term contrast")
struct TermContrastTests {
  private static let contrast: TermContrast? = {
    guard var contrast = try? TermContrast() else { return nil }
    for index in 0..<200 {
      contrast.add("The film is not good, the end is dull \(index)", isFirst: true)
      contrast.add("The film is very good; what a Great end \(index)", isFirst: false)
    }
    return contrast
  }()

  @Test func wordsOfOneSideLead() throws {
    let (first, second) = try #require(Self.contrast).terms(60)
    #expect(Set(first.map(\.text)).isSuperset(of: ["not", "dull", "not good", "is dull"]))
    #expect(Set(second.map(\.text)).isSuperset(of: ["very", "great", "very good", "great end"]))
    let dull = try #require(first.first { $0.text == "dull" })
    #expect(dull.counts == (200, 0) && dull.zScore < -3)
  }

  /// What is as frequent on both sides, and what is rare, says nothing.
  @Test func otherWordsDoNot() throws {
    let (first, second) = try #require(Self.contrast).terms(1_000)
    let strong = (first + second).filter { $0.zScore.magnitude > 3 }.map(\.text)
    #expect(!strong.contains("film") && !strong.contains("good") && !strong.contains("the film"))
    #expect(!(first + second).contains { $0.text == "17" })
  }

  /// A pair does not reach over punctuation, and a word counts once a row.
  @Test func pairsStayWithinAClause() throws {
    let (first, second) = try #require(Self.contrast).terms(1_000)
    let all = first + second
    #expect(!all.contains { $0.text == "good the" || $0.text == "good what" })
    #expect(all.first { $0.text == "the" }.map { $0.counts.first } == 200)
  }

  @Test func oneSideAloneHasNoContrast() throws {
    var contrast = try TermContrast()
    for _ in 0..<20 { contrast.add("dull", isFirst: true) }
    let terms = contrast.terms(10)
    #expect(terms.first.isEmpty && terms.second.isEmpty)
  }

  @Test func enormousWordsDoNotCount() throws {
    var contrast = try TermContrast()
    let word = String(repeating: "w", count: 1 << 20)
    for index in 0..<12 { contrast.add("\(word) fine", isFirst: index % 2 == 0) }
    let terms = contrast.terms(10)
    #expect((terms.first + terms.second).allSatisfy { $0.text.count < 50 })
  }
}
