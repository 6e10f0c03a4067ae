import Foundation
import SentiTestSupport
import Testing

@Suite("senti translate")
struct TranslateCommandTests {
  private let place: WritersPlace

  init() throws { place = try WritersPlace() }

  @Test func writesEveryFormat() throws {
    let place = try WritersPlace()
    try place.folder.write("the cat sleeps .\n\nthe dog runs .\n", to: "a.en")
    let lines = try place.translate("a.en", "--format", "jsonl").output.split(separator: "\n")
    #expect(lines.count == 3)
    let array = try place.translate("a.en", "--format", "json").output
    #expect(array == "[\n" + lines.joined(separator: ",\n") + "\n]\n")
    let table = try place.translate("a.en", "--format", "tsv").output.split(separator: "\n")
    #expect(table.first == "file\tline\trank\tscore\ttext\terror" && table.count == 4)
    #expect(table.dropFirst().map { $0.hasPrefix("a.en\t") } == [true, true, true])
  }

  @Test func givesOneLineForEach() throws {
    let input = "the dog runs .\n\nthe cat sleeps .\r\n \nthe cat runs ."
    #expect(
      try place.translate(input: input)
        == .init(output: "Der Hund rennt.\n\nDie Katze schl\u{E4}ft.\n\nDie Katze rennt.\n"))
  }

  @Test func readsFilesOneAfterTheOther() throws {
    try place.folder.write("the dog runs .\n", to: "a.txt")
    try place.folder.write("", to: "empty.txt")
    try place.folder.write("the cat runs .\nthe dog sleeps .\n", to: "b.txt")
    let expected = "Der Hund rennt.\nDie Katze rennt.\nDer Hund schl\u{E4}ft.\n"
    #expect(
      try place.translate("a.txt", "empty.txt", "b.txt", "--beam", "3") == .init(output: expected))
    let missing = try place.translate("a.txt", "missing.txt", "b.txt")
    #expect(missing.output == expected)
    #expect(missing.errors == "senti: missing.txt: no such file or folder\n")
    #expect(missing.status == 1)
  }

  @Test func noLinesGiveNoLines() throws {
    #expect(try place.translate(input: "") == .init())
  }

  /// More lines than a window, so that their order and their beginnings are kept.
  @Test func manyLinesKeepTheirOrder() throws {
    let lines = (0..<2_500).map { TinyWriters.translations[$0 * 7 % 4] }
    let found = try place.translate(input: lines.map { $0.0 + "\n" }.joined())
    #expect(found == .init(output: lines.map { $0.1 + "\n" }.joined()))
  }

  @Test func aLineThatIsNotUTF8BecomesAnEmptyOne() throws {
    try place.folder.write(
      Array("the dog runs .\n".utf8) + [0xFF, 0x0A] + Array("the cat runs .\n".utf8), to: "a.txt")
    let message = "a.txt:2: expected UTF-8, found an invalid byte at offset 0"
    #expect(
      try place.translate("a.txt")
        == .init(
          output: "Der Hund rennt.\n\nDie Katze rennt.\n", errors: "senti: \(message)\n", status: 1)
    )
    let lines = try place.translate("a.txt", "--format", "jsonl").output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1] == "{\"file\":\"a.txt\",\"line\":2,\"error\":\"\(message)\"}")
  }

  @Test func readsOtherEncodings() throws {
    let units = Array("the dog runs .\nthe cat runs .\n".utf16)
    try place.folder.write(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, to: "a.txt")
    let expected = "Der Hund rennt.\nDie Katze rennt.\n"
    #expect(try place.translate("a.txt", "--encoding", "utf-16") == .init(output: expected))
    try place.folder.write(
      [0xE9, 0x0A] + Array("the dog runs .\n".utf8), to: "b.txt")
    #expect(try place.translate("b.txt").status == 1)
    #expect(try place.translate("b.txt", "--encoding", "latin-1").status == 0)
  }

  @Test func jsonTellsFileAndLine() throws {
    let found = try place.translate("--format", "jsonl", input: "\nthe dog runs .\n")
    let lines = found.output.split(separator: "\n")
    #expect(lines[0] == "{\"file\":\"-\",\"line\":1,\"text\":\"\"}")
    #expect(
      lines[1].hasPrefix(
        "{\"file\":\"-\",\"line\":2,\"text\":\"Der Hund rennt.\",\"hypotheses\":[{\"text\":"))
  }

  @Test func theNBestTellTheLine() throws {
    let found = try place.translate(
      "--beam", "3", "--n-best", "3", input: "\nthe dog runs .\n")
    let rows = found.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows[0] == "")
    #expect(rows[1].hasPrefix("2\t1\t") && rows[1].hasSuffix("\tDer Hund rennt."))
    #expect(rows[2].hasPrefix("2\t2\t"))
  }

  @Test func aLineOfFiveThousandWordsIsReadWhole() throws {
    let line = Array(repeating: "the cat runs .", count: 1_250).joined(separator: " ")
    let found = try place.translate("--max-length", "50", input: line + "\nthe dog runs .\n")
    #expect(found.status == 0)
    let lines = found.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    #expect(lines[1] == "Der Hund rennt.")
  }

  @Test func thePageShowsWhatWasLookedAt() throws {
    let found = try place.translate(
      "--explain", "page.html", input: "the dog runs .\n\nthe cat runs .")
    #expect(found.status == 0)
    let page = String(decoding: try place.folder.bytes("page.html"), as: UTF8.self)
    #expect(page.contains("<h2>Der Hund rennt.</h2>"))
    #expect(page.contains("<p class=\"sum\">the cat runs .</p>"))
    // Five tokens of each, the end among them.
    #expect(page.components(separatedBy: "<rect").count == 2 * 5 * 5 + 1)
  }

  @Test func modelsOfOtherTasksAreNamed() throws {
    let found = try place.run("translate", "-m", "captioner.safetensors", input: "a")
    #expect(found.status == 65)
    #expect(
      found.errors
        == "senti: captioner.safetensors: expected a translator model, found a captioner model\n")
  }

  @Test func impossibleSearchesAreRefused() throws {
    let zero = try place.translate("--max-length", "0", input: "a")
    #expect(zero.status == 64)
    #expect(zero.errors.hasPrefix("Error: Expected --max-length of 1 or more, found 0."))
    let wide = try place.translate("--beam", "999", input: "a")
    #expect(wide.status == 64)
    #expect(wide.errors.contains("the model's vocabulary, found 999"))
  }
}
