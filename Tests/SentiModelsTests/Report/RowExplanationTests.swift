import Testing

@testable import SentiModels

@Suite("Explanation of a row")
struct RowExplanationTests {
  private static let json =
    #"{"label":"positive","difference":2.125,"baseline":-0.25,"words":[[0,4,1.5e0],[9,14,-0.5]]}"#

  private static func explanation(_ json: String) -> RowExplanation? {
    RowExplanation(json: Array("  \(json)".utf8)[2...])
  }

  @Test func whatScoreWritesIsRead() {
    let expected = RowExplanation(
      label: "positive", difference: 2.125, baseline: -0.25,
      words: [
        .init(byteRange: 0..<4, contribution: 1.5), .init(byteRange: 9..<14, contribution: -0.5),
      ])
    #expect(Self.explanation(Self.json) == expected)
    #expect(expected.sum(isPositive: true) == 1.5 && expected.sum(isPositive: false) == -0.5)
    let other =
      " { \"words\" : [ ] , \"baseline\":0,\"label\":\"a\\\"b\", \"difference\" : 1 } "
    #expect(
      Self.explanation(other)
        == RowExplanation(label: "a\"b", difference: 1, baseline: 0, words: []))
  }

  /// As Python's json writes a label again.
  @Test func labelsMayHaveEscapes() {
    let escaped = Self.json.replacing("positive", with: #"tr\u00e8s bon\t"#)
    #expect(Self.explanation(escaped)?.label == "tr\u{E8}s bon\t")
  }

  @Test(arguments: [
    "", "{}", "[]", "null", "{\"label\":\"a\"}",
    Self.json + "x", String(Self.json.dropLast()), Self.json.replacing("2.125", with: "1e999"),
    Self.json.replacing("[9,14", with: "[3,14"), Self.json.replacing("[9,14", with: "[9,8"),
    Self.json.replacing("[9,14", with: "[9.5,14"), Self.json.replacing("label", with: "lapel"),
    Self.json.replacing("\"baseline\":-0.25", with: "\"difference\":1"),
  ])
  func whatItDidNotWriteIsNone(_ json: String) {
    #expect(Self.explanation(json) == nil)
  }
}
