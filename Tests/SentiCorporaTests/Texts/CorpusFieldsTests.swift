import SentiCorpora
import Testing

@Suite("Corpus fields")
struct CorpusFieldsTests {
  @Test func areCalledTextAndLabelUnlessNamed() {
    #expect(CorpusFields().text == "text")
    #expect(CorpusFields().label == "label")
    #expect(CorpusFields(text: "review", label: nil).text == "review")
    #expect(CorpusFields(text: "review", label: nil).label == nil)
  }
}
