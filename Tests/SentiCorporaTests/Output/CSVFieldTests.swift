import Testing

@testable import SentiCorpora

@Suite("CSV field")
struct CSVFieldTests {
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("a,b", "\"a,b\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""),
    ("\"", "\"\"\"\""), ("a \"b\" c", "\"a \"\"b\"\" c\""), ("a;b\tc", "a;b\tc"),
  ])
  func isQuotedWhereNeeded(text: String, field: String) {
    var output = OutputPieces()
    CSVField.encode(text, delimiter: UInt8(ascii: ","), into: &output)
    #expect(Array(output.bytes) == Array(field.utf8))
  }
}
