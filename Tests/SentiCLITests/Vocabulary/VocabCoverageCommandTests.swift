import Foundation
import SentiTestSupport
import SentiText
import Testing

@Suite("senti vocab coverage")
struct VocabCoverageCommandTests {
  private func place() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add("The best film of the year")
    try builder.vocabulary().write(to: folder["v"])
    try folder.write("the FILM bores\nthe year\n", to: "a.txt")
    return folder
  }

  @Test func countsTokensAndTypes() throws {
    let outcome = try Senti.run(["vocab", "coverage", "v", "a.txt"], in: place())
    #expect(
      outcome
        == .init(
          output: """
            texts              2
            known tokens       80.00 %, 4 of 5
            known types        75.00 %, 3 of 4
            out of vocabulary  20.00 % of the tokens

            """))
  }

  @Test func answersInJSONToo() throws {
    let outcome = try Senti.run(
      ["vocab", "coverage", "v", "a.txt", "--format", "json"], in: place())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["known_tokens"] as? Int == 4 && value["types"] as? Int == 4)
    #expect(value["token_share"] as? Double == 0.8 && value["type_share"] as? Double == 0.75)
    #expect(abs((value["out_of_vocabulary_rate"] as? Double ?? 0) - 0.2) < 1e-12)
  }

  @Test func whatCannotBeReadIsReported() throws {
    let some = try Senti.run(["vocab", "coverage", "v", "none", "a.txt"], in: place())
    #expect(some.errors == "senti: none: no such file or folder\n" && some.status == 1)
    let none = try Senti.run(["vocab", "coverage", "v", "none"], in: place())
    #expect(
      none == .init(errors: "senti: none: no such file or folder\n", status: 66))
    let foreign = try Senti.run(["vocab", "coverage", "a.txt", "a.txt"], in: place())
    #expect(foreign.errors.hasPrefix("senti: a.txt:1: not a vocabulary") && foreign.status == 65)
  }

  /// There is nothing of which one could say how much is known.
  @Test(arguments: [
    ("b.csv", "text,label\n"), ("b.tsv", "text\n"), ("b.jsonl", "\n"), ("b.txt", ""),
  ])
  func withoutTextsExitsWith65(name: String, content: String) throws {
    let folder = try place()
    try folder.write(content, to: name)
    let outcome = try Senti.run(["vocab", "coverage", "v", name], in: folder)
    #expect(outcome == .init(errors: "senti: \(name): expected texts, found none\n", status: 65))
  }
}
