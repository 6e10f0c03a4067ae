import Foundation
import SentiTestSupport
import SentiText
import Testing

@Suite("senti vocab build")
struct VocabBuildCommandTests {
  private func words(_ path: String) throws -> [String] {
    try Vocabulary(contentsOf: path).entries.map { "\($0.word) \($0.count)" }
  }

  @Test func numbersWordsByCountAndBytes() throws {
    let folder = try TemporaryFolder()
    try folder.write("A film. A good film", to: "texts/pos/1.txt")
    try folder.write("a BAD film", to: "texts/neg/within/1.txt")
    let outcome = try Senti.run(["vocab", "build", "texts", "-o", "v"], in: folder)
    let note = "v: 10 tokens from 2 texts, 100.00 % of the words covered\n"
    #expect(outcome == .init(errors: note))
    #expect(
      try words(folder["v"]) == [
        "<pad> 0", "<unk> 0", "<bos> 2", "<eos> 2", "a 3", "film 3", ". 1", "_caps_ 1",
        "bad 1", "good 1",
      ])
  }

  @Test func leavesOutRareWordsAndThoseBeyondTheSize() throws {
    let folder = try TemporaryFolder()
    try folder.write("b b b b c c c a a d", to: "a.txt")
    let outcome = try Senti.run(
      ["vocab", "build", "a.txt", "-o", "v", "--min-count", "2", "--max-size", "6"], in: folder)
    #expect(outcome.errors == "v: 6 tokens from 1 texts, 70.00 % of the words covered\n")
    #expect(try words(folder["v"]).suffix(2) == ["b 4", "c 3"])
  }

  @Test func readsRowsLinesAndStandardInput() throws {
    let folder = try TemporaryFolder()
    try folder.write("id,review\n1,\"one, two\"\n2,three\n", to: "a.csv")
    try folder.write(#"{"review":"four"}"# + "\n", to: "b.jsonl")
    try folder.write("five\nsix\n", to: "c.txt")
    let outcome = try Senti.run(
      [
        "vocab", "build", "a.csv", "b.jsonl", "c.txt", "-", "--text-field", "review", "-o", "v",
      ], input: "seven\neight", in: folder)
    #expect(outcome.status == 0)
    let vocabulary = try Vocabulary(contentsOf: folder["v"])
    #expect(vocabulary.header.textCount == 7)
    for word in ["one", "two", "three", "four", "five", "six", "seven", "eight"] {
      #expect(vocabulary.id(for: word) != nil, "\(word)")
    }
    #expect(vocabulary.id(for: "id") == nil && vocabulary.id(for: "1") == nil)
  }

  /// Rows, lines and whole files of Latin-1 are read as what they are, and not without being told.
  @Test func readsOtherEncodings() throws {
    let folder = try TemporaryFolder()
    let latin: [UInt8] = [0x6E, 0x61, 0xEF, 0x76, 0x65]
    try folder.write(Array("text\n".utf8) + latin + [0x0A], to: "a.csv")
    try folder.write(latin + [0x0A], to: "b.txt")
    try folder.write(latin, to: "c/d.txt")
    func build(_ options: String...) throws -> Senti.Outcome {
      try Senti.run(["vocab", "build", "a.csv", "b.txt", "c", "-o", "v"] + options, in: folder)
    }
    #expect(try build().status == 65)
    #expect(try build("--encoding", "latin-1").status == 0)
    #expect(try words(folder["v"]).last == "na\u{EF}ve 3")
    let coverage = try Senti.run(
      ["vocab", "coverage", "v", "c", "--encoding", "latin-1", "--format", "jsonl"], in: folder)
    #expect(coverage.output.contains("\"known_tokens\":1"))
  }

  @Test func threadsAndMemoryDoNotMatter() throws {
    let folder = try TemporaryFolder()
    let words = (0..<60_000).map { "w\($0 * $0 % 7_919)" }
    try folder.write(words.joined(separator: " x\n"), to: "a.txt")
    #expect(
      try Senti.shell(
        """
        senti vocab build a.txt -o 1 --threads 1 2> /dev/null
        senti vocab build a.txt -o 2 --threads 3 --max-memory 1 2> /dev/null
        cmp 1 2
        senti vocab build a.txt -o 3 --threads 1 --subword bpe --max-size 300 2> /dev/null
        senti vocab build a.txt -o 4 --threads 3 --subword bpe --max-size 300 2> /dev/null
        cmp 3 4
        """, in: folder) == .init())
  }

  @Test func reservedTokensFollowTheSpecialOnes() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", to: "a.txt")
    let outcome = try Senti.run(
      ["vocab", "build", "a.txt", "-o", "v", "--reserve", "<mask>", "--reserve", "<sep>"],
      in: folder)
    #expect(outcome.status == 0)
    #expect(try words(folder["v"]).suffix(3) == ["<mask> 0", "<sep> 0", "a 1"])
  }

  @Test(arguments: [
    (["--max-memory", "0"], "Expected --max-memory of 1 or more."),
    (["--threads", "0"], "Expected --threads of 1 or more."),
    (["--reserve", "<pad>"], "Expected --reserve to give each token once, and no special one."),
    (["--subword", "bpe", "--max-size", "259"], "Expected --max-size of 260 or more"),
    (["--subword", "bpe", "--normalize", "fold"], "With --subword, --normalize takes none, nfc"),
    (["--subword", "bpe", "--locale", "de"], "With --subword there are no --reserve"),
  ])
  func wrongOptionsExitWith64(options: [String], message: String) throws {
    let outcome = try Senti.run(
      ["vocab", "build", "a.txt", "-o", "v"] + options, in: TemporaryFolder())
    #expect(outcome.errors.hasPrefix("Error: \(message)") && outcome.status == 64)
  }

  @Test func theOrderOfTheTextsDoesNotMatter() throws {
    let folder = try TemporaryFolder()
    try folder.write("a b c\nb c\n", to: "a.txt")
    try folder.write("c d\n", to: "b.txt")
    #expect(
      try Senti.shell(
        """
        senti vocab build a.txt b.txt -o 1 2> /dev/null
        senti vocab build b.txt a.txt -o 2 2> /dev/null
        cmp 1 2
        """, in: folder) == .init())
  }

  @Test func normalizesAsAskedAndSaysSo() throws {
    let folder = try TemporaryFolder()
    try folder.write("A a", to: "a.txt")
    _ = try Senti.run(["vocab", "build", "a.txt", "-o", "1"], in: folder)
    _ = try Senti.run(["vocab", "build", "a.txt", "-o", "2", "--normalize", "none"], in: folder)
    #expect(try Vocabulary(contentsOf: folder["1"]).header.normalization == .reviews)
    #expect(try Vocabulary(contentsOf: folder["2"]).header.normalization == .none)
    #expect(try words(folder["2"]).suffix(2) == ["A 1", "a 1"])
  }

  @Test func replacesNothingUnlessForced() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", to: "a.txt")
    try folder.write("precious", to: "v")
    let refused = try Senti.run(["vocab", "build", "a.txt", "-o", "v"], in: folder)
    #expect(
      refused == .init(errors: "senti: v: exists already; --force replaces it\n", status: 74))
    #expect(try String(contentsOfFile: folder["v"], encoding: .utf8) == "precious")
    let forced = try Senti.run(["vocab", "build", "a.txt", "-o", "v", "--force"], in: folder)
    #expect(forced.status == 0)
    #expect(try Vocabulary(contentsOf: folder["v"]).count == 5)
  }

  @Test func badRowsAreReportedAndTheOthersCounted() throws {
    let folder = try TemporaryFolder()
    try folder.write("text,label\nfine,pos\nbroken\n", to: "a.csv")
    let outcome = try Senti.run(["vocab", "build", "a.csv", "none", "-o", "v"], in: folder)
    let messages = """
      senti: a.csv:3: expected 2 fields, found 1
      senti: none: no such file or folder
      v: 5 tokens from 1 texts, 100.00 % of the words covered

      """
    #expect(outcome == .init(errors: messages, status: 1))
  }

  @Test func withoutAnyTextNothingIsWritten() throws {
    let folder = try TemporaryFolder()
    let outcome = try Senti.run(["vocab", "build", "none", "-o", "v"], in: folder)
    #expect(outcome == .init(errors: "senti: none: no such file or folder\n", status: 66))
    #expect(!FileManager.default.fileExists(atPath: folder["v"]))
  }

  @Test func aMissingFieldNamesThoseThereAre() throws {
    let folder = try TemporaryFolder()
    try folder.write("review,label\nfine,pos\n", to: "a.csv")
    let outcome = try Senti.run(["vocab", "build", "a.csv", "-o", "v"], in: folder)
    let message = """
      senti: a.csv:1: expected a field named "text", found "review", "label"

      """
    #expect(outcome.errors == message)
    #expect(outcome.status == 65)
  }

  @Test func aFileTooLargeForTheDiskExitsWith74AndLeavesNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write((0..<9000).map { "word\($0)" }.joined(separator: "\n"), to: "a.txt")
    let outcome = try Senti.shell(
      "trap '' XFSZ; ulimit -f 8; senti vocab build a.txt -o v; echo $?; ls -A", in: folder)
    #expect(outcome.errors == "senti: v: cannot be written: File too large\n")
    #expect(outcome.output == "74\na.txt\n")
  }

  @Test(arguments: [["--min-count", "0"], ["--max-size", "4"]])
  func sizesThatMakeNoSenseExitWith64(arguments: [String]) throws {
    let outcome = try Senti.run(
      ["vocab", "build", "a.txt", "-o", "v"] + arguments, in: TemporaryFolder())
    #expect(outcome.errors.hasPrefix("Error: Expected \(arguments[0]) of "))
    #expect(outcome.status == 64)
  }

  @Test(arguments: [
    ("a.csv", "text,label\n"), ("a.tsv", "text\n"), ("a.jsonl", "\n"), ("a.txt", ""),
  ])
  func withoutTextsThereIsNoVocabulary(name: String, content: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(content, to: name)
    let outcome = try Senti.run(["vocab", "build", name, "-o", "v"], in: folder)
    #expect(outcome == .init(errors: "senti: \(name): expected texts, found none\n", status: 65))
    #expect(!FileManager.default.fileExists(atPath: folder["v"]))
  }
}
