import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Corpus reader")
struct CorpusReaderTests {
  private func texts(_ reader: CorpusReader) throws -> [LabelledText] {
    try reader.map { try $0.get() }
  }

  @Test(arguments: [
    ("a.csv", "id,text,label\n1,\"fine, really\",pos\n2,dull,neg\n"),
    ("a.tsv", "label\ttext\npos\tfine, really\nneg\tdull\n"),
    (
      "a.jsonl",
      "{\"text\":\"fine, really\",\"label\":\"pos\"}\n{\"label\":\"neg\",\"text\":\"dull\"}\n"
    ),
  ])
  func readsTextsAndLabels(name: String, content: String) throws {
    let folder = try TemporaryFolder()
    let reader = try CorpusReader(folder.write(content, to: name))
    let texts = try texts(reader)
    #expect(reader.path == folder[name])
    #expect(texts.map(\.text) == ["fine, really", "dull"])
    #expect(texts.map(\.label) == ["pos", "neg"])
    #expect(texts.allSatisfy { $0.origin.path == folder[name] && $0.origin.line != nil })
    #expect(texts.allSatisfy { $0.weight == 1 && $0.softLabel == nil && $0.group == nil })
  }

  @Test func readsFieldsByOtherNamesAndAnotherDelimiter() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("stars;review\n5;fine, really\n", to: "a.data")
    let fields = CorpusFields(text: "review", label: "stars")
    let reader = try CorpusReader(
      path, format: .csv, fields: fields, delimiter: UInt8(ascii: ";"))
    let texts = try texts(reader)
    #expect(texts.map(\.text) == ["fine, really"])
    #expect(texts.map(\.label) == ["5"])
    #expect(fields.text == "review" && fields.label == "stars")
  }

  @Test func readsWithoutLabels() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text\nfine\n", to: "a.csv")
    let unlabelled = try CorpusReader(path, fields: CorpusFields(label: nil))
    #expect(try texts(unlabelled).map(\.label) == [nil])
    let lines = try CorpusReader(folder.write("fine\ndull\n", to: "a.txt"))
    #expect(try texts(lines).map(\.text) == ["fine", "dull"])
  }

  /// Rows and files that are one text each, in the encoding that is named.
  @Test func readsOtherEncodings() throws {
    let folder = try TemporaryFolder()
    let latin: [UInt8] = [0x66, 0xE9, 0x74, 0x65]
    let table = try folder.write(Array("text,label\n".utf8) + latin + [0x2C, 0x70], to: "a.csv")
    try folder.write(latin, to: "texts/pos/1.txt")
    for path in [table, folder["texts"]] {
      let reader = try CorpusReader(path, encoding: .latin1)
      #expect(try texts(reader).map(\.text) == ["f\u{E9}te"])
      let plain = try #require(try CorpusReader(path).map { $0 }.first)
      #expect(throws: CorpusError.self) { try plain.get() }
    }
  }

  @Test func readsFoldersOfLabels() throws {
    let folder = try TemporaryFolder()
    try folder.write("fine\n", to: "pos/1.txt")
    try folder.write("dull", to: "neg/1.txt")
    try folder.write("unread", to: "unsup/1.txt")
    let texts = try texts(CorpusReader(folder.path, labels: ["neg", "pos"]))
    #expect(texts.map(\.text) == ["dull", "fine\n"])
    #expect(texts.map(\.label) == ["neg", "pos"])
    #expect(texts[0].origin == .init(path: folder["neg/1.txt"]))
    #expect(try CorpusReader(folder["pos"]).map { try $0.get().label } == [nil])
  }

  @Test func reportsAFileThatIsNotUTF8AndGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write([0x61, 0xFF], to: "neg/1.txt")
    try folder.write("fine", to: "pos/1.txt")
    let results = Array(try CorpusReader(folder.path))
    #expect(
      results[0] == .failure(CorpusError(.invalidUTF8(byteOffset: 1), path: folder["neg/1.txt"])))
    #expect(try results[1].get().text == "fine")
  }

  @Test func reportsABadRowAndGoesOn() throws {
    let rows =
      "{\"text\":\"a\",\"label\":1}\n{oops\n\n{\"text\":null,\"label\":1}\n{\"label\":0}\n{\"text\":\"b\",\"label\":0}\n"
    let reader = try RowReader(ByteSource(bytes: Array(rows.utf8), name: "r"), format: .jsonl)
    let messages = try CorpusReader(reader).map { text -> String in
      switch text {
      case .success(let text): "\(text.origin): \(text.text) \(text.label ?? "-")"
      case .failure(let error): error.description
      }
    }
    #expect(
      messages == [
        "r:1: a 1", "r:2: expected a name in quotes, found \"o\" at byte 1 of the row",
        "r:4: expected text in field \"text\", found null",
        "r:5: expected a field named \"text\", found \"label\"", "r:6: b 0",
      ])
  }

  @Test func refusesAHeaderWithoutTheFields() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("id,body,body\n1,x,y\n", to: "a.csv")
    let missing = CorpusError.Problem.missingField(
      name: "text", available: ["id", "body", "body"])
    #expect(throws: CorpusError(missing, path: path, line: 1)) { try CorpusReader(path) }
    #expect(throws: CorpusError(.repeatedField(name: "body"), path: path, line: 1)) {
      try CorpusReader(path, fields: CorpusFields(text: "body"))
    }
  }

  @Test func refusesAFirstObjectWithoutTheFields() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(#"{"text":"a","stars":1}"# + "\n", to: "a.jsonl")
    let missing = CorpusError.Problem.missingField(name: "label", available: ["text", "stars"])
    #expect(throws: CorpusError(missing, path: path, line: 1)) { try CorpusReader(path) }
    #expect(try Array(CorpusReader(path, fields: CorpusFields(label: "stars"))).count == 1)
  }

  @Test func refusesWhatCannotBeOpened() throws {
    let folder = try TemporaryFolder()
    #expect(throws: CorpusError(.empty, path: folder.path)) { try CorpusReader(folder.path) }
    #expect(throws: CorpusError(.missing, path: folder["a.csv"])) {
      try CorpusReader(folder["a.csv"])
    }
    let unknown = try folder.write("x", to: "a.doc")
    #expect(throws: CorpusError(.unknownFormat, path: unknown)) { try CorpusReader(unknown) }
    #expect(throws: CorpusError(.isFolder, path: folder.path)) {
      try CorpusReader(folder.path, format: .csv)
    }
  }
}
