import SentiText
import Testing

@Suite("Script detector")
struct ScriptDetectorTests {
  @Test(
    arguments: [
      ("A film.", "Latn"), ("\u{4E0D}\u{597D} ok", "Hani"),
      ("\u{41A}\u{438}\u{43D}\u{43E} x", "Cyrl"),
      ("\u{0E14}\u{0E35}", "Thai"), ("a\u{3B1}", "Grek"), ("123 !?\u{1F600}", nil), ("", nil),
    ] as [(String, String?)])
  func mostLettersDecide(text: String, script: String?) {
    #expect(ScriptDetector.dominantScript(in: text) == script)
  }
}
