import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Written rows")
struct WrittenRowsTests {
  private let values: [AddedValue] = [.text("a \"b\",\n"), .number(0.25)]

  private func rows(_ text: String, _ format: CorpusFormat) throws -> RowReader {
    try RowReader(ByteSource(bytes: Array(text.utf8), name: "file"), format: format)
  }

  /// Writes rows to a file after an interruption, or from the start when there was none.
  private func write(
    _ text: String, _ format: CorpusFormat, to path: String, as output: CorpusFormat
  ) throws {
    let written = try WrittenRows(partialOf: path, format: output)
    let sink = try ByteSink(
      resumable: path, keeping: written.byteCount, overwrite: false)
    let reader = try rows(text, format)
    let formatter = RowFormatter(reader.layout, format: output, adding: ["label", "score"])
    if written.byteCount == 0 { try sink.write([formatter.header[...]]) }
    var recordCount = 0
    for row in reader {
      let row = try row.get()
      let isWritten = recordCount < written.recordCount
      recordCount += row.kind == .record ? 1 : 0
      if !isWritten { try sink.write(formatter.pieces(of: row, adding: values)) }
    }
    try sink.finish()
  }

  @Test(arguments: [CorpusFormat.csv, .jsonl])
  func resumeWhereverTheFileWasCut(output: CorpusFormat) throws {
    let input = "x,text\r\n1,\"a\r\n\"\"b\"\"\"\r\n\r\n2\r\n3,\"open\r\n4,é\r\n\r\n"
    let folder = try TemporaryFolder()
    try write(input, .csv, to: folder["whole"], as: output)
    let whole = try TextFile.read(folder["whole"])
    for length in 0..<whole.count {
      let path = folder["cut-\(length)"]
      try folder.write(Array(whole.prefix(length)), to: "cut-\(length).partial")
      try write(input, .csv, to: path, as: output)
      #expect(try TextFile.read(path) == whole, "cut at byte \(length)")
    }
  }

  @Test func countWholeRecordsOnly() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,label\n1,x\n\n2,\"y\nz\"\n3,\"", to: "a.partial")
    let written = try WrittenRows(partialOf: folder["a"], format: .csv)
    #expect(written.recordCount == 2)
    #expect(written.byteCount == 21)
  }

  @Test func areNoneWhereNothingWasWritten() throws {
    let folder = try TemporaryFolder()
    let written = try WrittenRows(partialOf: folder["a"], format: .csv)
    #expect(written.recordCount == 0 && written.byteCount == 0)
    try folder.write("a,lab", to: "b.partial")
    #expect(try WrittenRows(partialOf: folder["b"], format: .csv).byteCount == 0)
  }
}
