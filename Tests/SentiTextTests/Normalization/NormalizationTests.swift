import SentiText
import Testing

@Suite("Normalization")
struct NormalizationTests {
  @Test(arguments: [
    (Normalization.none, "none"), (.reviews1, "html nfkc fold"),
    (Normalization(form: .nfc), "nfc"), (Normalization(foldsCase: true), "fold"),
    (Normalization(decodesHTML: true, form: .nfd), "html nfd"),
    (
      Normalization(
        form: .nfkd, foldsCase: true, lowercaseLocale: "tr", stripsAccents: true,
        collapsesSpaces: true), "nfkd lower:tr fold strip-accents collapse-spaces"
    ),
    (Normalization(lowercaseLocale: ""), "lower:"),
  ])
  func headerTextNamesTheSteps(normalization: Normalization, text: String) {
    #expect(normalization.description == text)
    #expect(Normalization(description: text) == normalization)
  }

  @Test(arguments: ["", "fold html", "nfc nfd", "nfx", "html  fold", "none fold", "nfc nfc"])
  func unknownStepsAreRefused(text: String) {
    #expect(Normalization(description: text) == nil)
  }
}
