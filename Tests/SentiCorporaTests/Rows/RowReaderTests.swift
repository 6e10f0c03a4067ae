import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Row reader")
struct RowReaderTests {
  private func reader(
    _ text: String, _ format: CorpusFormat, pieceSize: Int = 1 << 20
  ) throws -> RowReader {
    let source = ByteSource(bytes: Array(text.utf8), name: "file", pieceSize: pieceSize)
    return try RowReader(source, format: format)
  }

  @Test func namesTheFieldsByTheHeader() throws {
    let reader = try reader("\u{FEFF}\"id\",te\u{301}xt\r\n1,one\r\n", .csv)
    #expect(reader.layout.names == ["id", "te\u{301}xt"])
    #expect(reader.layout.format == .csv)
    #expect(reader.layout.delimiter == UInt8(ascii: ","))
    #expect(reader.path == "file")
    let header = try #require(reader.layout.header)
    #expect(header.kind == .header)
    #expect(header.bytes == Array("\u{FEFF}\"id\",te\u{301}xt\r\n".utf8))
    let row = try #require(reader.next()).get()
    #expect(try row.text(of: "te\u{301}xt") == "one")
    #expect(reader.next() == nil)
  }

  @Test func countsLinesAndBytes() throws {
    let reader = try reader("text,x\n\"a\nb\",1\n\nc,2\n", .csv)
    let rows = try reader.map { try $0.get() }
    #expect(rows.map(\.line) == [2, 4, 5])
    #expect(rows.map(\.byteOffset) == [7, 15, 16])
    #expect(rows.map(\.kind) == [.record, .blank, .record])
  }

  @Test func reportsRaggedRows() throws {
    let rows = try reader("a,b\n1\n1,2\n1,2,3\n", .csv).map { try $0.get() }
    #expect(
      rows.map(\.problem) == [
        CorpusError(.fieldCount(expected: 2, found: 1), path: "file", line: 2), nil,
        CorpusError(.fieldCount(expected: 2, found: 3), path: "file", line: 4),
      ])
  }

  @Test func namesByNumberWithoutHeader() throws {
    let source = ByteSource(bytes: Array("a\tb\n".utf8), name: "file")
    let reader = try RowReader(source, format: .tsv, hasHeader: false)
    let row = try #require(reader.next()).get()
    #expect(row.names == ["1", "2"])
    #expect(try row.text(of: "2") == "b")
    #expect(reader.layout.header == nil)
  }

  @Test(
    arguments: [
      ("{\"a\":1}", .jsonl), ("\u{FEFF}\n {\"a\":1}", .jsonl), ("id,text\n", .csv),
      ("\"text\",id\r\n", .csv), ("id\ttext\n", .tsv), ("text\nfine\n", .csv),
      ("fine, really\n", .lines), ("fine\0dull\0", .nul), ("x", .lines),
      (" [ {\"a\":1}]", .jsonl), ("[a] text", .lines), ("[1]", .lines), ("a|text\n", .csv),
      ("sep=;\na;b\n", .csv), ("sep=\t\na\tb\n", .tsv), ("a\rtext,b\r", .lines),
    ] as [(String, CorpusFormat)])
  func tellsTheFormatByTheContent(text: String, format: CorpusFormat) throws {
    let reader = try RowReader(ByteSource(bytes: Array(text.utf8), name: "file"), format: nil)
    #expect(reader.layout.format == format)
  }

  @Test func tellsTheFormatByTheNamedFieldAndDelimiter() throws {
    let source = ByteSource(bytes: Array("id;review\n1;fine\n".utf8), name: "file")
    let reader = try RowReader(
      source, format: nil, delimiter: UInt8(ascii: ";"), textField: "review")
    #expect(reader.layout.format == .csv)
    #expect(reader.layout.names == ["id", "review"])
  }

  @Test func readsLinesAtLineFeedsOnly() throws {
    let rows = try reader("a\u{85}b\u{2028}c\rd\r\n\nlast", .lines).map { try $0.get() }
    #expect(try rows.map { try $0.text(of: "text") } == ["a\u{85}b\u{2028}c\rd", "", "last"])
    #expect(rows.map(\.line) == [1, 2, 3])
  }

  @Test func readsTextsBetweenZeroBytes() throws {
    let rows = try reader("one\ntwo\0\0three\r\n", .nul).map { try $0.get() }
    #expect(try rows.map { try $0.text(of: "text") } == ["one\ntwo", "", "three\r\n"])
    #expect(rows.map(\.line) == [1, 2, 3])
  }

  @Test func goesOnBehindABrokenLineOfJSON() throws {
    let text = "{\"text\":\"a\"}\n{\"text\":\n \n{\"text\":\"b\"}"
    let rows = try reader(text, .jsonl).map { try $0.get() }
    #expect(rows.map(\.kind) == [.record, .record, .blank, .record])
    let problem = CorpusError.Problem.malformed(
      expected: "a value", found: "the end", byteOffset: 8)
    #expect(rows.map(\.problem) == [nil, CorpusError(problem, path: "file", line: 2), nil, nil])
    #expect(try rows[3].text(of: "text") == "b")
  }

  @Test(arguments: CorpusFormat.allCases.filter { $0 != .folder }, [1, 5, 1 << 20])
  func keepsEveryByte(format: CorpusFormat, pieceSize: Int) throws {
    let text = "\u{FEFF}a,b\r\n\"x\ny\",\"\"\"\"\n\n{\"a\":1}\n\"open,1\n\u{85}\0\r\nlast"
    let reader = try reader(text, format, pieceSize: pieceSize)
    var bytes = reader.layout.header?.bytes ?? []
    for row in reader { bytes += try row.get().bytes }
    #expect(bytes == Array(text.utf8))
  }

  @Test func closesAnOpenQuoteAtItsLimit() throws {
    let text = "text\n\"open\n" + String(repeating: "line\n", count: 10) + "end\"\n"
    let source = ByteSource(bytes: Array(text.utf8), name: "file")
    let reader = try RowReader(
      source, format: .csv, limits: RowLimits(maximumQuotedByteCount: 30))
    let rows = try reader.map { try $0.get() }
    #expect(rows.count == 12)
    #expect(rows[0].problem == CorpusError(.unclosedQuote, path: "file", line: 2))
    #expect(rows[11].problem == nil)
    #expect(RowLimits() == RowLimits(maximumByteCount: 1 << 30, maximumQuotedByteCount: 256 << 20))
  }

  @Test func holdsALongRowOnce() throws {
    let long = [UInt8](repeating: 0x61, count: 3_000_000)
    let source = ByteSource(bytes: long + [0x0A, 0x62], name: "file", pieceSize: 100_000)
    let reader = try RowReader(source, format: .lines)
    let rows = try reader.map { try $0.get() }
    #expect(rows.map(\.bytes.count) == [3_000_001, 1])
    #expect(try rows[0].bytes(of: "text") == long[...])
  }

  /// What never ends gives the rows that are whole, and then an error.
  @Test(arguments: [CorpusFormat.lines, .nul, .jsonl, .csv], [1, 7, 1 << 20])
  func aRowBeyondTheLimitEndsTheRows(format: CorpusFormat, pieceSize: Int) throws {
    let start = format == .nul ? "a\0b\0" : "a\nb\n"
    let bytes = Array(start.utf8) + [UInt8](repeating: 0x61, count: 100_000)
    let source = ByteSource(bytes: bytes, name: "file", pieceSize: pieceSize)
    let reader = try RowReader(source, format: format, limits: RowLimits(maximumByteCount: 1_000))
    var failure: CorpusError?
    var count = 0
    for row in reader {
      do { count += try row.get().bytes.count } catch { failure = error }
    }
    // In memory all of it can lie in one piece, which then is no row too long.
    guard pieceSize < bytes.count else { return }
    #expect(failure == CorpusError(.tooLong(maximumByteCount: 1_000), path: "file", line: 3))
    #expect(count == (format == .csv ? 2 : 4))
  }

  @Test(arguments: [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]] as [[UInt8]])
  func refusesUTF32(bytes: [UInt8]) {
    let source = ByteSource(bytes: bytes, name: "file")
    #expect(throws: CorpusError(.foreignEncoding(found: "UTF-32"), path: "file")) {
      try RowReader(source, format: .csv)
    }
  }

  @Test func refusesNothingAndAHeaderThatCannotBeRead() {
    #expect(throws: CorpusError(.empty, path: "file")) { try reader("", .jsonl) }
    #expect(throws: CorpusError(.unclosedQuote, path: "file", line: 1)) {
      try reader("\"a\n1\n", .csv)
    }
    let problem = CorpusError.Problem.malformed(
      expected: "a header", found: "an empty line", byteOffset: 0)
    #expect(throws: CorpusError(problem, path: "file", line: 1)) { try reader("\na\n", .csv) }
  }

  @Test func endsWithTheReasonWhenReadingFails() throws {
    let folder = try TemporaryFolder()
    let source = ByteSource(descriptor: 9_999, name: folder.path)
    let failure = CorpusError(.unreadable(reason: "Bad file descriptor"), path: folder.path)
    #expect(throws: failure) { try RowReader(source, format: .lines) }
  }

  @Test func doesNotReadAFolder() async {
    await #expect(processExitsWith: .failure) {
      _ = try RowReader(ByteSource(bytes: [1], name: "folder"), format: .folder)
    }
  }
}
