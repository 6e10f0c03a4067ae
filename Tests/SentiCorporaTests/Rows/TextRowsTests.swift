import Glibc
import SentiIO
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Text rows")
struct TextRowsTests {
  private func reader(_ text: String, _ format: CorpusFormat?) throws -> RowReader {
    try RowReader(ByteSource(bytes: Array(text.utf8), name: "file"), format: format)
  }

  /// Gives text, problem or nothing in words.
  private func words(_ rows: TextRows) throws -> [String] {
    try rows.map { row in
      switch try row.get().content {
      case .text(let text): String(decoding: text.bytes, as: UTF8.self)
      case .problem(let error): "! \(error)"
      case .blank: "-"
      }
    }
  }

  @Test func haveOneElementForEachRow() throws {
    let rows = try TextRows(reader("id,body\n1,\"a\nb\"\n\n2\n3,\n4,c\n", .csv), textField: "body")
    #expect(rows.layout.names == ["id", "body"])
    #expect(
      try words(rows) == ["a\nb", "-", "! file:5: expected 2 fields, found 1", "", "c"])
  }

  @Test func reportTextThatIsNotUTF8() throws {
    let bytes = Array("one\ntw".utf8) + [0xC3, 0x0A] + Array("three".utf8)
    let reader = try RowReader(ByteSource(bytes: bytes, name: "file"), format: .lines)
    #expect(
      try words(TextRows(reader, textField: "ignored")) == [
        "one", "! file:2: expected UTF-8, found an invalid byte at offset 2", "three",
      ])
  }

  @Test func refuseAHeaderWithoutTheField() throws {
    let problem = CorpusError.Problem.missingField(name: "text", available: ["id", "body"])
    #expect(throws: CorpusError(problem, path: "file", line: 1)) {
      try TextRows(reader("id,body\n1,x\n", .csv))
    }
  }

  /// As a header without it; an object that comes later is one row.
  @Test func refuseAFirstObjectWithoutTheField() throws {
    let problem = CorpusError.Problem.missingField(name: "text", available: ["id"])
    #expect(throws: CorpusError(problem, path: "file", line: 1)) {
      try TextRows(reader(#"{"id":1}"# + "\n" + #"{"text":"a"}"#, .jsonl))
    }
    let later = try TextRows(reader("{\n" + #"{"id":1}"#, .jsonl))
    #expect(try words(later).count == 2)
  }

  @Test func readFilesOneAfterTheOther() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("first\n", to: "1.txt")
    let second = try folder.write([0xFF], to: "2.txt")
    let rows = TextRows(files: [first, folder["none"], second])
    #expect(rows.layout.names == ["file"])
    #expect(
      try words(rows) == [
        "first\n", "! \(folder["none"]): no such file or folder",
        "! \(second): expected UTF-8, found an invalid byte at offset 0",
      ])
    #expect(try TextRows(files: [first]).map { try $0.get().row.text(of: "file") } == [first])
  }

  @Test(arguments: [CorpusFormat.lines, .nul])
  func readTheFilesOfAList(format: CorpusFormat) throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("first", to: "1.txt")
    let end = format == .nul ? "\0" : "\n"
    let rows = TextRows(fileList: try reader("\(first)\(end)\(end)\(folder["none"])", format))
    #expect(try words(rows) == ["first", "! \(folder["none"]): no such file or folder"])
  }

  /// A name is bytes; one that leads nowhere costs one row.
  @Test func aListHasNamesOfAnyBytes() throws {
    let folder = try TemporaryFolder()
    let name = Array("\(folder.path)/".utf8) + [0x61, 0xE9]
    try AtomicFile.write(Array("good".utf8), to: FileName.string(name), overwrite: false)
    let list = name + [0x0A, 0xFF, 0x0A] + Array("\(folder.path)/a\0b\n".utf8) + name
    let source = ByteSource(bytes: list, name: "list", encoding: .utf8)
    let reader = try RowReader(source, format: .lines)
    let rows = try TextRows(fileList: reader).map { try $0.get() }
    let withZero = Array("\(folder.path)/a\0b".utf8)
    #expect(rows.map(\.row.bytes) == [name, [0xFF], withZero, name].map { $0 + [0x0A] })
    let isText = rows.map { if case .text = $0.content { true } else { false } }
    #expect(isText == [true, false, false, true])
    unlink(FileName.cString(FileName.string(name)))
  }

  @Test func areWrittenWithTheirPath() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text", to: "a,b.txt")
    let rows = TextRows(files: [path])
    let formatter = RowFormatter(rows.layout, adding: ["label"])
    var output = formatter.header
    for row in rows {
      for piece in formatter.pieces(of: try row.get().row, adding: [.text("pos")]) {
        output += piece
      }
    }
    #expect(String(decoding: output, as: UTF8.self) == "file,label\n\"\(path)\",pos\n")
  }
}
