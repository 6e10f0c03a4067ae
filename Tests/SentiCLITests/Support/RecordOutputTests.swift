import Testing

@testable import SentiCLI

@Suite("Record output")
struct RecordOutputTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
    ("a\nb", "\"a\nb\""),
    ("a\tb", "a\tb"), ("", ""),
  ])
  func cellsAreQuotedWhereTheyMustBe(text: String, cell: String) {
    #expect(Columns.cell(text, delimiter: ",") == cell)
  }
}
