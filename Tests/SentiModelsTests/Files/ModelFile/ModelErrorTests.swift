import SentiModels
import SentiTensor
import SentiText
import Testing

@Suite("Model error")
struct ModelErrorTests {
  @Test(arguments: [
    (ModelError.archive(.fileExists(path: "f")), "f: exists already"),
    (
      .vocabulary(.missingField(path: "f", name: "icu")), "f: the header lacks 'icu'"
    ),
    (.tokenizer(path: "f", .unknownLocale("qq")), "f: ICU knows no locale \"qq\""),
    (
      .otherKind(path: "f", expected: "sentiment", found: "caption"),
      "f: expected a sentiment model, found a caption model"
    ),
    (
      .malformedMetadata(path: "f", key: "senti.card", reason: "why"),
      "f: the metadata senti.card cannot be read: why"
    ),
    (
      .inconsistent(path: "f", what: "number of labels", expected: "2", found: "3"),
      "f: number of labels: expected 2, found 3"
    ),
    (.malformedCard(path: "f", reason: "why"), "f: expected a model card as JSON: why"),
    (
      .notExportable(format: "ONNX", expected: "this", found: "that"),
      "ONNX: expected this, found that"
    ),
  ])
  func describesItselfInOneSentence(_ error: ModelError, _ description: String) {
    #expect(error.description == description)
  }
}
