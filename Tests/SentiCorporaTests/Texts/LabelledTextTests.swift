import SentiCorpora
import Testing

@Suite("Labelled text")
struct LabelledTextTests {
  @Test func knowsItsPlace() {
    let text = LabelledText("fine", label: "pos", origin: .init(path: "a.csv", line: 3))
    #expect(text.text == "fine")
    #expect(text.label == "pos")
    #expect(text.origin.description == "a.csv:3")
    #expect(LabelledText.Origin(path: "b.txt").description == "b.txt")
    #expect(text.origin.path == "a.csv")
    #expect(text.origin.line == 3)
  }
}
