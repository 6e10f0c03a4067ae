import SentiModels
import SentiTestSupport
import Testing

@Suite("Caption file")
struct CaptionFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("owl.jpg,1\ncat.jpg,2\nnone.jpg,3\n", to: "v.csv")
  }

  static let files = [
    (
      "c.tsv", "cat.jpg#0\ta cat\nowl.jpg#0\t\"an owl\nowl.jpg#1\tit's an\towl\n",
      [["\"an owl", "it's an\towl"], ["a cat"], []]
    ),
    ("c.txt", "owl.jpg\tan owl\n", [["an owl"], [], []]),
    (
      "c.csv", "image,caption\ncat.jpg,\"a cat, asleep\"\nowl.jpg,an owl\n",
      [["an owl"], ["a cat, asleep"], []]
    ),
    (
      "c.jsonl", "{\"image\": \"cat.jpg\", \"caption\": \"a \\\"cat\\\"\"}\n",
      [[], ["a \"cat\""], []]
    ),
  ]

  @Test(arguments: files)
  func givesEachVectorItsCaptions(name: String, content: String, expected: [[String]]) throws {
    try folder.write(content, to: name)
    let vectors = try NamedVectors(contentsOf: folder["v.csv"])
    let file = try CaptionFile(contentsOf: folder[name])
    #expect(try file.texts(of: vectors) == expected)
    #expect(file.captions.count == expected.joined().count)
  }

  @Test func aCaptionOfSomethingUnknownIsRefused() throws {
    try folder.write("cat.jpg#0\ta cat\nbat.jpg#0\ta bat\n", to: "c.tsv")
    let vectors = try NamedVectors(contentsOf: folder["v.csv"])
    let file = try CaptionFile(contentsOf: folder["c.tsv"])
    #expect(
      folder.complaint { _ = try file.texts(of: vectors) }
        == "c.tsv:2: expected the name of a vector in v.csv, found \"bat.jpg#0\"")
  }

  @Test(arguments: ["", " ", "\u{A0}\t"])
  func anEmptyCaptionIsRefused(caption: String) throws {
    try folder.write("cat.jpg#0\ta cat\ncat.jpg#1\t\(caption)\n", to: "c.tsv")
    #expect(
      folder.complaint { _ = try CaptionFile(contentsOf: folder["c.tsv"]) }
        == "c.tsv:2: expected a caption, found no words")
  }

  @Test func aLineWithoutATabIsRefused() throws {
    try folder.write("cat.jpg a cat\n", to: "c.tsv")
    #expect(
      folder.complaint { _ = try CaptionFile(contentsOf: folder["c.tsv"]) }
        == "c.tsv:1: expected 2 fields, found 1")
  }
}
