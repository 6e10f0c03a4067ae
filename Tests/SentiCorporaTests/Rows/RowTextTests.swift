import Testing

@testable import SentiCorpora

@Suite("Row text")
struct RowTextTests {
  /// Reads one row of one field, which is written as the format wants it.
  private func text(_ value: String, _ format: CorpusFormat) throws -> RowText {
    var output = OutputPieces()
    output.append(format == .csv ? "text\n" : "{\"text\":")
    if format == .csv {
      CSVField.encode(value, delimiter: UInt8(ascii: ","), into: &output)
    } else {
      JSONString.encode(value, into: &output)
      output.append("}")
    }
    let reader = try RowReader(ByteSource(bytes: output.bytes, name: "file"), format: format)
    return try #require(reader.next()).get().rowText(of: "text")
  }

  private func joined(_ text: RowText, upTo byteCount: Int) -> [UInt8] {
    text.pieces(upTo: byteCount).reduce(into: []) { $0 += $1 }
  }

  @Test(arguments: [CorpusFormat.csv, .jsonl], [0, 1, 5, 11])
  func givesTheSameWholeAndInPieces(format: CorpusFormat, shift: Int) throws {
    let start = String(repeating: "x", count: shift)
    let value = start + String(repeating: "\"\"é\n🎬\"\\\u{1}ไทย,", count: 3_000)
    let text = try text(value, format)
    #expect(Array(text.bytes) == Array(value.utf8))
    for byteCount in [16, 17, 64 << 10] {
      #expect(joined(text, upTo: byteCount) == Array(value.utf8))
      let pieces = Array(text.pieces(upTo: byteCount))
      #expect(pieces.allSatisfy { $0.count <= byteCount && !$0.isEmpty })
      #expect(pieces.allSatisfy { firstInvalidUTF8Offset(in: $0) == nil })
    }
  }

  @Test func doesNotPartASurrogatePair() throws {
    let line = "{\"text\":\"" + String(repeating: "\\ud83c\\udfac", count: 8_000) + "\"}"
    let reader = try RowReader(ByteSource(bytes: Array(line.utf8), name: "file"), format: .jsonl)
    let text = try #require(reader.next()).get().rowText(of: "text")
    let films = Array(String(repeating: "🎬", count: 8_000).utf8)
    for byteCount in 16..<32 { #expect(joined(text, upTo: byteCount) == films) }
  }

  @Test func isEmptyOnlyWhenThereIsNothing() throws {
    #expect(try text("", .jsonl).isEmpty)
    #expect(try text("", .jsonl).pieces(upTo: 16).map(\.count) == [])
    #expect(try !text("a", .jsonl).isEmpty)
  }

  @Test(arguments: [10, 70_000, 200_000])
  func findsAnInvalidByteWhereverItLies(offset: Int) throws {
    let value = [UInt8](repeating: 0x61, count: offset) + [0xFF] + [0x62]
    #expect(throws: CorpusError.Problem.invalidUTF8(byteOffset: offset)) {
      try RowText(value[...])
    }
  }

  @Test(arguments: [0, 70_000])
  func refusesHalfASurrogatePair(length: Int) throws {
    let line = "{\"text\":\"" + String(repeating: "a", count: length) + "\\ud83c\"}"
    let reader = try RowReader(ByteSource(bytes: Array(line.utf8), name: "file"), format: .jsonl)
    let row = try #require(reader.next()).get()
    let problem = CorpusError.Problem.malformed(
      expected: "both halves of a surrogate pair", found: "one", byteOffset: length + 9)
    #expect(throws: CorpusError(problem, path: "file", line: 1)) { try row.rowText(of: "text") }
  }

  @Test func refusesPiecesThatAreTooSmall() async {
    await #expect(processExitsWith: .failure) {
      _ = try RowText([0x61]).pieces(upTo: 15)
    }
  }

  @Test func aStringIsAText() {
    #expect(Array(RowText("na\u{EF}ve").bytes) == Array("na\u{EF}ve".utf8))
    #expect(RowText("na\u{EF}ve").byteCount == 6)
    #expect(RowText.empty.isEmpty && RowText.empty.byteCount == 0)
  }
}
