import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti caption")
struct CaptionCommandTests {
  private let place: WritersPlace

  init() throws { place = try WritersPlace() }

  static let session = """
    sleeping cat\ta cat sleeps.
    running cat\ta cat runs.
    sleeping dog\ta dog sleeps, too.
    running dog\ta dog runs.

    """

  @Test(arguments: ["1", "3"])
  func saysWhatEachVectorShows(beam: String) throws {
    let found = try place.caption("v.npy", "--names", "names.txt", "--beam", beam)
    #expect(found == .init(output: Self.session))
  }

  @Test func writesATableWithARowForEachText() throws {
    let place = try WritersPlace()
    let outcome = try place.caption(
      "v.npy", "--names", "names.txt", "--beam", "2", "--n-best", "2", "--format", "csv")
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 9)
    #expect(lines[0] == "name,rank,score,text,error")
    #expect(lines[1].hasPrefix("sleeping cat,1,") && lines[2].hasPrefix("sleeping cat,2,"))
    #expect(lines[1].hasSuffix(","))
  }

  @Test func vectorsWithoutNamesHaveNumbers() throws {
    let found = try place.caption("v.npy", "--capitals")
    #expect(found.output.hasPrefix("0\tA cat sleeps.\n1\tA cat runs.\n"))
  }

  @Test func tablesBringTheirNames() throws {
    try place.folder.write("name,a,b,c,d\nmy dog,0,1,0,1\n", to: "v.csv")
    #expect(try place.caption("v.csv") == .init(output: "my dog\ta dog runs.\n"))
  }

  @Test func theNBestComeWithRankAndScore() throws {
    let found = try place.caption("v.npy", "--names", "names.txt", "--beam", "4", "--n-best", "2")
    let rows = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 8)
    #expect(rows[0].prefix(2) == ["sleeping cat", "1"])
    #expect(rows[0].last == "a cat sleeps.")
    #expect(rows[1].prefix(2) == ["sleeping cat", "2"])
    #expect(Double(rows[0][2]).map { first in Double(rows[1][2]).map { first > $0 } } == true)
    #expect(Set(rows.prefix(2).map(\.last)).count == 2)
  }

  @Test func jsonHasEveryTokensProbability() throws {
    let found = try place.caption(
      "v.npy", "--names", "names.txt", "--format", "jsonl", "--length-penalty", "1")
    let lines = try found.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["text"] as? String } == TinyWriters.captions.map(\.text))
    #expect(lines[0]["name"] as? String == "sleeping cat")
    let best = try #require((lines[0]["hypotheses"] as? [[String: Any]])?.first)
    let tokens = try #require(best["tokens"] as? [[String: Any]])
    #expect(
      tokens.map { $0["text"] as? String } == ["a", "cat", "sleeps", ".", "<eos>"])
    let sum = tokens.compactMap { $0["log_probability"] as? Double }.reduce(0, +)
    let whole = try #require(best["log_probability"] as? Double)
    #expect(abs(sum - whole) < 1e-6)
    #expect(abs((try #require(best["score"] as? Double)) - whole / 5) < 1e-6)
    #expect(best["is_cut"] as? Bool == false)
  }

  @Test func searchOptionsArePassedOn() throws {
    #expect(try place.caption("v.npy", "--prefix", "a dog").output.contains("0\ta dog "))
    let banned = try place.caption("v.npy", "--ban", "cat").output
    #expect(!banned.contains("cat"))
    let short = try place.caption("v.npy", "--max-length", "2")
    #expect(short.output.hasPrefix("0\ta cat\n"))
    #expect(short.errors.hasPrefix("senti: warning: 0: the text was cut at 2 tokens\n"))
    let drawn = try place.caption("v.npy", "--sample", "--temperature", "9", "--seed", "4")
    #expect(try place.caption("v.npy", "--sample", "--temperature", "9", "--seed", "4") == drawn)
    #expect(try place.caption("v.npy", "--sample", "--temperature", "9", "--seed", "5") != drawn)
    #expect(
      try place.caption("v.npy", "--threads", "1") == place.caption("v.npy", "--threads", "3"))
  }

  @Test func thePageShowsProbabilities() throws {
    let arguments = ["caption", "-m", "captioner.safetensors", "v.npy", "--explain", "page.html"]
    #expect(try Senti.run(arguments, in: place.folder).status == 0)
    let page = String(decoding: try place.folder.bytes("page.html"), as: UTF8.self)
    #expect(page.contains("<h2>a dog sleeps, too.</h2>"))
    #expect(page.contains("<span class=\"word\">sleeps</span>"))
    let again = try Senti.run(arguments, in: place.folder)
    #expect(again.status == 74)
    #expect(again.errors == "senti: page.html: exists already; --force replaces it\n")
    #expect(try Senti.run(arguments + ["--force"], in: place.folder).status == 0)
  }

  // MARK: Bad input

  func refusal(_ arguments: String..., status: Int32) throws -> String {
    let found = try Senti.run(
      ["caption", "-m", "captioner.safetensors"] + arguments, in: place.folder)
    #expect(found.status == status)
    #expect(found.output == "")
    return found.errors
  }

  @Test func vectorsOfAnotherWidthAreRefused() throws {
    try place.folder.write(numPyBytes([1, 2, 3, 4, 5, 6], shape: "(2, 3)"), to: "w.npy")
    #expect(
      try refusal("w.npy", status: 65)
        == "senti: w.npy: expected vectors of 4 numbers, found vectors of 3\n")
  }

  @Test func aVectorThatIsNotFiniteIsToldAndTheOthersGoOn() throws {
    try place.folder.write(
      numPyBytes([1, 0, 1, 0, .nan, 0, 0, 1, 0, 1, 0, 1], shape: "(3, 4)"), to: "n.npy")
    let message = "n.npy: row 1 (1): expected finite numbers, found nan in column 0"
    #expect(
      try place.caption("n.npy")
        == .init(
          output: "0\ta cat sleeps.\n2\ta dog runs.\n", errors: "senti: \(message)\n", status: 1))
    let lines = try place.caption("n.npy", "--format", "jsonl").output.split(separator: "\n")
    #expect(lines[1] == "{\"name\":\"1\",\"error\":\"\(message)\"}")
  }

  @Test func damagedArraysAreRefused() throws {
    let bytes = numPyBytes([1, 2, 3, 4], shape: "(1, 4)")
    try place.folder.write(bytes.dropLast(5), to: "cut.npy")
    #expect(
      try refusal("cut.npy", status: 65)
        == "senti: cut.npy: cut short: expected \(bytes.count) bytes, found \(bytes.count - 5)\n")
    try place.folder.write(
      numPyBytes([1, 2, 3, 4], shape: "(1, 4)", order: "True"), to: "fortran.npy")
    #expect(
      try refusal("fortran.npy", status: 65).contains("expected C order, found Fortran order"))
    #expect(
      try refusal("missing.npy", status: 66) == "senti: missing.npy: no such file or folder\n")
  }

  @Test func moreNamesThanRowsAreRefused() throws {
    try place.folder.write("a\nb\nc\nd\ne\n", to: "more.txt")
    #expect(
      try refusal("v.npy", "--names", "more.txt", status: 65)
        == "senti: more.txt: expected 4 names, one for each vector, found 5\n")
  }

  @Test func modelsOfOtherTasksAreNamed() throws {
    let place = self.place
    try TinyModel.classifier().write(to: place.folder["sentiment.safetensors"])
    #expect(
      try place.run("caption", "v.npy", "-m", "translator.safetensors").errors
        == "senti: translator.safetensors: expected a captioner model, found a translator model\n")
    #expect(
      try place.run("caption", "v.npy", "-m", "sentiment.safetensors").errors
        == "senti: sentiment.safetensors: expected a captioner model, found a sentiment model\n")
    let classified = try place.run("classify", "--model", "captioner.safetensors", input: "good")
    #expect(classified.status == 65)
    #expect(classified.errors.contains("expected a sentiment model, found a captioner model"))
  }

  @Test func impossibleSearchesAreRefused() throws {
    #expect(
      try refusal("v.npy", "--max-length", "0", status: 64)
        .hasPrefix("Error: Expected --max-length of 1 or more, found 0.\n"))
    #expect(
      try refusal("v.npy", "--beam", "1000", status: 64)
        == "senti: expected --beam of at most 12, the model's vocabulary, found 1000\n")
    #expect(
      try refusal("v.npy", "--n-best", "3", status: 64)
        == "senti: expected --n-best of at most --beam, 1, or --sample; found 3\n")
    #expect(
      try refusal("v.npy", "--beam", "0", status: 64).hasPrefix("Error: Expected --beam of 1"))
    #expect(
      try refusal("v.npy", "--min-length", "7", "--max-length", "6", status: 64)
        .hasPrefix("Error: Expected --min-length from 0 to 6, found 7."))
    #expect(
      try refusal("v.npy", "--ban", "zebra", status: 64)
        == "senti: expected --ban of one token of the model, found \"zebra\"\n")
    #expect(
      try refusal("v.npy", "--prefix", "a zebra", status: 64)
        == "senti: expected --prefix of words that the model knows, found \"a zebra\"\n")
    #expect(
      try refusal("v.npy", "--top-p", "0", status: 64).hasPrefix("Error: Expected --temperature"))
  }
}
