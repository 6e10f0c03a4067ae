import Foundation
import SentiTestSupport
import Testing

@Suite("senti sample")
struct SampleCommandTests {
  private func sample(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try Senti.run(["sample", "scored.csv"] + arguments, in: place.folder)
  }

  @Test func rowsStayAsTheyAreInOrder() throws {
    let place = try Workplace()
    let pile = ScoredRowsFile.csv(300)
    try place.folder.write(pile, to: "scored.csv")
    let outcome = try sample("--rows", "40", in: place)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 41)
    #expect(lines[0] == "id,text,label,probability,score,error,true_label")
    let rows = pile.split(separator: "\n").dropFirst().map { $0 + "," }
    let places = lines.dropFirst().map { line in rows.firstIndex { $0 == line } }
    #expect(places.allSatisfy { $0 != nil })
    let found = places.compactMap(\.self)
    #expect(found == found.sorted() && Set(found).count == 40)
    #expect(try sample("--rows", "40", in: place) == outcome)
    #expect(try sample("--rows", "40", "--seed", "2", in: place).output != outcome.output)
  }

  @Test func aFileIsWrittenInTheFormatOfItsName() throws {
    let place = try Workplace()
    try place.folder.write(ScoredRowsFile.csv(30), to: "scored.csv")
    let outcome = try sample("--rows", "20", "-o", "sample.jsonl", in: place)
    #expect(outcome == .init())
    let lines = try String(decoding: place.folder.bytes("sample.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 20 && lines[0].hasSuffix(#","true_label":null}"#))
    #expect(try sample("-o", "sample.jsonl", in: place).status == 74)
  }

  /// Rows with an error are never picked; of too few rows, all are.
  @Test func rowsWithoutAnAnswerAreNotPicked() throws {
    let place = try Workplace()
    let bad = "bad,,,,,\"expected a text, found nothing\"\n"
    let pile = ScoredRowsFile.csv(5).replacing("score,error\n", with: "score,error\n" + bad) + bad
    try place.folder.write(pile, to: "scored.csv")
    let outcome = try sample("--rows", "20", in: place)
    #expect(outcome.output.split(separator: "\n").count == 6)
    #expect(!outcome.output.contains("expected a text"))
    #expect(outcome.errors == "senti: warning: scored.csv: has but 5 scored rows\n")
  }

  @Test(arguments: [
    ("id,text\n1,good\n", "found no \"label\", \"probability\", \"score\" among \"id\", \"text\""),
    ("label,score\nx,1\n", "found no \"probability\" among \"label\", \"score\""),
  ])
  func aFileThatWasNotScoredIsRefused(_ content: String, _ message: String) throws {
    let place = try Workplace()
    try place.folder.write(content, to: "scored.csv")
    let outcome = try sample(in: place)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "senti: scored.csv: expected the columns that senti score adds, \(message)\n")
  }

  @Test func numbersThatAreNoneAreNamed() throws {
    let place = try Workplace()
    try place.folder.write(
      "label,probability,score\npositive,0.9,0.8\npositive,often,0.8\npositive,0.9,7\n",
      to: "scored.csv")
    let outcome = try sample(in: place)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("scored.csv:3: ") && outcome.errors.contains("often"))
    #expect(outcome.errors.contains("scored.csv:4: ") && outcome.errors.contains("0.9, 7.0"))
  }

  @Test(arguments: [["--rows", "0"], ["-"]])
  func wrongUsageExitsWith64(arguments: [String]) throws {
    let place = try Workplace()
    let first = arguments == ["-"] ? [] : ["scored.csv"]
    let outcome = try Senti.run(["sample"] + first + arguments, in: place.folder)
    #expect(outcome.status == 64)
  }
}
