import Foundation
import SentiTestSupport
import Testing

@Suite("senti share")
struct ShareCommandTests {
  /// A pile with a sample that is labelled, seven of ten positive.
  private func prepared() throws -> Workplace {
    let place = try Workplace()
    try place.folder.write(ScoredRowsFile.csv(400), to: "scored.csv")
    let sample = try place.run("sample", "scored.csv", "--rows", "100")
    try place.folder.write(ScoredRowsFile.labelled(sample.output), to: "sample.csv")
    return place
  }

  private func share(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try Senti.run(
      ["share", "scored.csv", "--labelled", "sample.csv"] + arguments, in: place.folder)
  }

  @Test(arguments: ["stratified", "adjusted"])
  func sharesAreCorrectedWithIntervals(method: String) throws {
    let outcome = try share("--method", method, "--format", "json", in: prepared())
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["rows"] as? Int == 400 && value["labelled_rows"] as? Int == 100)
    #expect(value["method"] as? String == method)
    let shares = try #require(value["shares"] as? [[String: Any]])
    #expect(shares.map { $0["label"] as? String } == ["negative", "positive"])
    let positive = shares[1]
    let interval = try #require(positive["interval"] as? [Double])
    #expect(interval[0] < 0.7 && interval[1] > 0.7 && interval[1] - interval[0] < 0.3)
    #expect((positive["counted"] as? Double).map { abs($0 - 0.66) < 0.01 } == true)
  }

  @Test func aTableForPeople() throws {
    let outcome = try share(in: prepared())
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "rows           400" && lines[1] == "labelled rows  100")
    #expect(lines[4].split(separator: " ") == ["label", "counted", "share", "from", "to"])
    #expect(lines[5].hasPrefix("negative  34.0 %") && lines[6].hasPrefix("positive  66.0 %"))
  }

  // MARK: Bad input

  @Test func tooFewLabelsAreRefused() throws {
    let place = try prepared()
    let sample = try place.run("sample", "scored.csv", "--rows", "15")
    try place.folder.write(ScoredRowsFile.labelled(sample.output), to: "sample.csv")
    let outcome = try share(in: place)
    let message = """
      senti: sample.csv: expected at least 20 rows with a label in the column "true_label", found 15

      """
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func aColumnThatIsNotThereIsNamed() throws {
    let outcome = try share("--label-field", "mine", in: prepared())
    #expect(outcome.errors.contains("expected true labels in the column \"mine\", found \"error\""))
    #expect(outcome.status == 65)
  }

  @Test func aLabelOfWhichNoRowWasLabelledNeedsTheOtherMethod() throws {
    let place = try prepared()
    let sample = try String(decoding: place.folder.bytes("sample.csv"), as: UTF8.self)
    try place.folder.write(sample.replacing(",neg\n", with: ",\n"), to: "sample.csv")
    let adjusted = try share("--method", "adjusted", in: place)
    #expect(adjusted.errors.contains("of each label, found none of \"negative\""))
    #expect(adjusted.status == 65)
    #expect(try share(in: place).status == 0)
  }

  @Test func aPipeCannotBeReadTwice() throws {
    let outcome = try prepared().run("share", "-", "--labelled", "sample.csv")
    #expect(outcome.status == 64)
  }
}
