import Foundation
import SentiTestSupport
import Testing

@Suite("senti compare")
struct CompareCommandTests {
  private static let old = """
    id,text,label,senti_label,senti_score
    7,"good,
    film",pos,positive,0.5
    8,bad,neg,positive,0.25
    9,dull,neg,negative,-1
    10,fine,pos,negative,-0.25

    """
  private static let new = """
    {"id":7,"label":"positive","score":0.75}
    {"id":8,"label":"negative","score":-0.5}
    {"id":9,"label":"negative","score":-1}

    {"id":10,"label":"positive","score":0.5}

    """

  /// A folder with the same four rows, scored twice.
  private static func place(old: String = old, new: String = new) throws -> Workplace {
    let place = try Workplace()
    try place.folder.write(old, to: "old.csv")
    try place.folder.write(new, to: "new.jsonl")
    return place
  }

  private func compare(
    _ arguments: String..., in place: Workplace, input: String = ""
  ) throws -> Senti.Outcome {
    try Senti.run(
      ["compare", "old.csv", "new.jsonl"] + arguments, input: input, in: place.folder)
  }

  @Test func saysHowTwoFilesDiffer() throws {
    let table = """
      rows                         4
      left out                     0
      agreement                    0.5000
      negative to positive         1
      positive to negative         1
      mean difference of scores    0.4375
      McNemar's test, exact        p = 1.0000
      McNemar's test, chi-squared  0.00, p = 1.0000

      """
    #expect(try compare(in: Self.place()) == .init(output: table))
  }

  @Test func withTrueLabelsSaysWhichIsBetter() throws {
    let outcome = try compare("--label-field", "label", "--changed", in: Self.place())
    let table = """
      4\tpositive\tnegative\t0.2500\t-0.5000\tneg
      6\tnegative\tpositive\t-0.2500\t0.5000\tpos
      rows                         4
      left out                     0
      agreement                    0.5000
      negative to positive         1
      positive to negative         1
      mean difference of scores    0.4375
      accuracy of old.csv          0.5000
      accuracy of new.jsonl        1.0000
      right in old.csv alone       0
      right in new.jsonl alone     2
      McNemar's test, exact        p = 0.5000
      McNemar's test, chi-squared  0.50, p = 0.4795

      """
    #expect(outcome == .init(output: table))
  }

  /// Both files are of the encoding that is named, as those are that Excel has saved.
  @Test func readsOtherEncodings() throws {
    let place = try Workplace()
    for (name, label) in [("old.csv", "positive"), ("new.csv", "negative")] {
      let bytes = Array("id,label\ncaf".utf8) + [0xE9] + Array(",\(label)\n".utf8)
      try place.folder.write(bytes, to: name)
    }
    let outcome = try place.run(
      "compare", "old.csv", "new.csv", "--id-field", "id", "--changed", "--encoding", "latin-1")
    #expect(outcome.output.hasPrefix("2\tcaf\u{E9}\tpositive\tnegative\n"))
    #expect(outcome.status == 0)
    let untold = try place.run("compare", "old.csv", "new.csv", "--id-field", "id", "--changed")
    #expect(untold.status != 0)
  }

  @Test func writesJSONLines() throws {
    let outcome = try compare(
      "--format", "jsonl", "--changed", "--id-field", "id", in: Self.place())
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 3)
    #expect(
      lines[0]
        == #"{"line":4,"id":"8","first":{"label":"positive","score":0.25},"#
        + #""second":{"label":"negative","score":-0.5}}"#)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[2].utf8)) as? [String: Any])
    #expect(value["files"] as? [String] == ["old.csv", "new.jsonl"])
    #expect(value["count"] as? Int == 4 && value["agreement"] as? Double == 0.5)
    #expect(value["left_out_count"] as? Int == 0)
    #expect((value["changes"] as? [[String: Any]])?.count == 2)
    #expect((value["mcnemar"] as? [String: Any])?["exact_p"] as? Double == 1)
  }

  @Test func writesOneArrayOfJSONWhereRowsAreListed() throws {
    let lines = try compare("--format", "jsonl", "--changed", in: Self.place()).output
    let array = try compare("--format", "json", "--changed", in: Self.place()).output
    #expect(array == "[" + lines.split(separator: "\n").joined(separator: ",") + "]\n")
    let one = try compare("--format", "json", in: Self.place()).output
    #expect(one == lines.split(separator: "\n").suffix(1).joined() + "\n")
  }

  @Test func readsStandardInputAndOtherFieldNames() throws {
    let place = try Self.place(old: "text\tsays\nx\tpos\ny\tneg\n", new: "")
    let outcome = try Senti.run(
      ["compare", "-", "b.tsv", "--answer-field", "says"],
      input: "says\nneg\nneg\n", in: place.folder)
    #expect(outcome.status == 66)
    try place.folder.write("text\tsays\nx\tpos\ny\tneg\n", to: "b.tsv")
    let compared = try Senti.run(
      ["compare", "-", "b.tsv", "--answer-field", "says"],
      input: "says\nneg\nneg\n", in: place.folder)
    #expect(compared.output.contains("agreement                    0.5000\n"))
    #expect(compared.errors.isEmpty && compared.status == 0)
  }

  @Test func theSameFileAgreesWithItself() throws {
    let place = try Self.place()
    let outcome = try place.run("compare", "old.csv", "old.csv", "--changed")
    #expect(outcome.output.hasPrefix("rows                         4\n"))
    #expect(outcome.output.contains("agreement                    1.0000\n"))
    #expect(outcome.output.contains("mean difference of scores    0.0000\n"))
  }

  // MARK: Labels

  private static let starred = "text,stars,label\nx,5,pos\ny,1,pos\nz,3,neg\nv,2,neg\n"
  private static let other = "text,label\nx,1\ny,0\nz,0\nv,0\n"

  @Test func starsAreReadAsAsked() throws {
    let place = try Workplace()
    try place.folder.write(Self.starred, to: "a.csv")
    try place.folder.write(Self.other, to: "b.csv")
    let outcome = try place.run(
      "compare", "a.csv", "b.csv", "--label-field", "stars", "--stars", "--changed")
    #expect(outcome.output.hasPrefix("3\tpositive\t0\t1\nrows                         4\n"))
    #expect(outcome.output.contains("accuracy of a.csv            0.6667\n"))
    #expect(outcome.output.contains("accuracy of b.csv            1.0000\n"))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let unsaid = try place.run("compare", "a.csv", "b.csv", "--label-field", "stars")
    #expect(unsaid.errors.contains("found numbers that may be stars") && unsaid.status == 65)
  }

  @Test func trueLabelsOfAnotherKindAreRefused() throws {
    let place = try Workplace()
    try place.folder.write(Self.starred, to: "a.csv")
    let outcome = try place.run("compare", "a.csv", "a.csv", "--label-field", "text")
    let message = """
      senti: a.csv: expected true labels among the answers, "negative", "positive", found "v", "x", \
      "y", "z"; --label-map says what is meant

      """
    #expect(outcome == .init(errors: message, status: 65))
  }

  // MARK: Bad input

  @Test func rowsWithoutAnAnswerAreLeftOut() throws {
    let new = Self.new.replacing(#""label":"positive","score":0.75"#, with: #""label":null"#)
    let outcome = try compare(in: Self.place(new: new))
    #expect(outcome.errors == "senti: new.jsonl:1: expected an answer, found none\n")
    #expect(
      outcome.output.hasPrefix("rows                         3\nleft out                     1\n"))
    #expect(outcome.status == 1)
  }

  @Test func rowsWithoutATrueLabelAreLeftOut() throws {
    let old = Self.old.replacing("9,dull,neg", with: "9,dull,")
    let outcome = try compare("--label-field", "label", in: Self.place(old: old))
    #expect(outcome.errors == "senti: old.csv:5: expected a true label, found none\n")
    #expect(outcome.output.hasPrefix("rows                         3\n") && outcome.status == 1)
  }

  @Test(arguments: [
    (#"{"id":11,"label":"pos"}"# + "\n", "5"), ("", "4"),
  ])
  func filesOfUnequalLengthAreRefused(_ more: String, _ found: String) throws {
    let old = found == "4" ? Self.old + "11,odd,pos,positive,1\n12,odd,pos,positive,1\n" : Self.old
    let outcome = try compare(in: Self.place(old: old, new: Self.new + more))
    let rows = found == "4" ? "6" : "4"
    let message = "senti: new.jsonl: expected the \(rows) rows of old.csv, found \(found)\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func rowsOfAnotherIDAreRefused() throws {
    let new = Self.new.replacing(#""id":9"#, with: #""id":90"#)
    let outcome = try compare("--id-field", "id", in: Self.place(new: new))
    let message = #"senti: new.jsonl:3: expected the id "9" of old.csv:5, found "90""# + "\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func aHeaderWithoutTheFieldNamesThoseThatAreThere() throws {
    let outcome = try compare("--answer-field", "verdict", in: Self.place())
    let message =
      #"senti: old.csv:1: expected a field named "verdict", found "id", "text", "label", "#
      + #""senti_label", "senti_score""# + "\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func answersAreNotTheTruth() throws {
    let outcome = try compare("--label-field", "senti_label", in: Self.place())
    let message =
      #"senti: old.csv:1: expected true labels in field "senti_label", found the answers"# + "\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func aHeaderAloneHoldsNoRows() throws {
    let place = try Self.place(old: "label,score\n")
    let outcome = try place.run("compare", "old.csv", "old.csv")
    let message = "senti: old.csv: expected scored rows, found none\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func plainLinesAreNoScoredRows() throws {
    let place = try Self.place()
    try place.folder.write("a\nb\n", to: "a.txt")
    let outcome = try place.run("compare", "a.txt", "old.csv")
    let message = "senti: a.txt: expected scored rows: CSV, TSV or JSON Lines\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func standardInputIsReadOnce() throws {
    let outcome = try Self.place().run("compare", "-", "-")
    #expect(outcome.errors.contains("Expected one file on standard input, found two."))
    #expect(outcome.status == 64)
  }
}
