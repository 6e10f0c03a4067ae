import SentiModels
import SentiTensor
import Testing

@testable import SentiCLI

@Suite("Explained text")
struct ExplainedTextTests {
  @Test func anExplanationThatSumsUpHasNoWarning() throws {
    let explanation = try TinyModel.classifier().explanation(of: "good")
    let text = ExplainedText(explanation, in: Array("good".utf8), sentences: nil)
    #expect(text.warnings.isEmpty && text.text(1..<3) == "oo")
    #expect(text.members.map(\.name) == ExplainedText.columns)
    let withSentences = ExplainedText(explanation, in: text.bytes, sentences: [])
    #expect(withSentences.members.last?.name == ExplainedText.sentencesColumn)
  }

  /// A net whose states jump right behind the path's beginning.
  @Test func aGapIsTold() throws {
    let tiny = try TinyModel.classifier()
    let steep = SentimentClassifier(
      labels: tiny.labels, pipeline: tiny.pipeline, network: tiny.network,
      parameters: Parameters(layout: tiny.network.layout) { slot in
        slot.name.contains("weight_ih") ? [1e6] : tiny.parameters[slot]
      })
    let text = ExplainedText(
      steep.explanation(of: "good"), in: Array("good".utf8), sentences: nil)
    try #require(text.warnings.count == 1)
    #expect(text.warnings[0].hasPrefix("after 256 steps words lack "))
    #expect(text.warnings[0].hasSuffix(" of log-odds of +6.00"))
  }
}
