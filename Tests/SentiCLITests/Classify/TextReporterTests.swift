import Testing

@testable import SentiCLI

@Suite("Text reporter")
struct TextReporterTests {
  @Test func saysHowManyTextsWereReadAndWhatIsLeft() {
    #expect(
      TextReporter.text(count: 1200, seconds: 3, fraction: 0.25)
        == "1,200 texts, 400 texts/s, 0:09 left")
    #expect(TextReporter.text(count: 1, seconds: 1, fraction: nil) == "1 texts, 1 texts/s")
    #expect(
      TextReporter.json(count: 6, seconds: 2)
        == #"{"texts":6,"seconds":2.0,"texts_per_second":3.0}"# + "\n")
  }
}
