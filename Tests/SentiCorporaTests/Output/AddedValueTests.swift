import Testing

@testable import SentiCorpora

@Suite("Added value")
struct AddedValueTests {
  @Test(
    arguments: [
      (.text("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"", "\"a,\\\"b\\\"\\n\""),
      (.text(""), "", "\"\""),
      (.text("\r"), "\"\r\"", "\"\\r\""),
      (.number(0.1), "0.1", "0.1"),
      (.number(-1), "-1.0", "-1.0"),
      (.number(1e-20), "1e-20", "1e-20"),
      (.number(.nan), "", "null"),
      (.number(.infinity), "", "null"),
      (.json("[1,\"a\"]"), "\"[1,\"\"a\"\"]\"", "[1,\"a\"]"),
      (.json("true"), "true", "true"),
      (.missing, "", "null"),
    ] as [(AddedValue, String, String)])
  func isWrittenAsTheFormatWants(value: AddedValue, csv: String, json: String) {
    var output = OutputPieces()
    value.writeCSV(delimiter: UInt8(ascii: ","), to: &output)
    #expect(String(decoding: output.bytes, as: UTF8.self) == csv)
    output = OutputPieces()
    value.writeJSON(to: &output)
    #expect(String(decoding: output.bytes, as: UTF8.self) == json)
  }

  @Test func quotesByTheDelimiterInUse() {
    var output = OutputPieces()
    AddedValue.text("a,b").writeCSV(delimiter: UInt8(ascii: "\t"), to: &output)
    #expect(output.bytes == Array("a,b".utf8))
  }
}
