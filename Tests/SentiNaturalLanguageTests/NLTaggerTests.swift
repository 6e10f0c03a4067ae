import SentiNaturalLanguage
import Testing

@Suite("NLTagger", .serialized)
struct NLTaggerTests {
  private func tagger(_ text: String) -> NLTagger {
    let tagger = NLTagger(tagSchemes: [.tokenType, .script, .sentimentScore])
    tagger.string = text
    return tagger
  }

  private func all(_ text: String) -> Range<String.Index> { text.startIndex..<text.endIndex }

  @Test func tokenTypesAreTold() {
    let text = "Hi, \u{1F600}"
    let tags = tagger(text).tags(in: all(text), unit: .word, scheme: .tokenType).map(\.0)
    #expect(tags == [.word, .punctuation, .whitespace, .other])
    #expect(tagger(text).tagSchemes.count == 3)
  }

  @Test(arguments: [
    (NLTagger.Options.omitWords, [NLTag.punctuation, .whitespace, .other]),
    (.omitPunctuation, [.word, .whitespace, .other]),
    (.omitWhitespace, [.word, .punctuation, .other]),
    (.omitOther, [.word, .punctuation, .whitespace]),
    (NLTagger.Options(rawValue: 15), []),
  ])
  func optionsLeaveOut(options: NLTagger.Options, expected: [NLTag]) {
    let text = "Hi, \u{1F600}"
    var tags: [NLTag?] = []
    tagger(text).enumerateTags(
      in: all(text), unit: .word, scheme: .tokenType, options: options
    ) { tag, _ in
      tags.append(tag)
      return true
    }
    #expect(tags == expected)
  }

  @Test func scriptsAreTold() {
    let text = "ok \u{4E0D}\u{597D}"
    let tagger = tagger(text)
    tagger.setLanguage(.simplifiedChinese)
    #expect(tagger.tag(at: text.startIndex, unit: .word, scheme: .script).0?.rawValue == "Latn")
    let tags = tagger.tags(
      in: all(text), unit: .word, scheme: .script, options: .omitWhitespace)
    #expect(tags.last?.0 == NLTag(rawValue: "Hani"))
  }

  @Test func scoresComeFromTheProgramsScorer() {
    let text = "A good film."
    #expect(
      tagger(text).tag(at: text.startIndex, unit: .document, scheme: .sentimentScore).0 == nil)
    NLTagger.setSentimentScorer { $0.contains("good") ? 0.5 : -0.5 }
    defer { NLTagger.setSentimentScorer(nil) }
    let (tag, range) = tagger(text).tag(
      at: text.startIndex, unit: .document, scheme: .sentimentScore)
    #expect(tag?.rawValue == "0.5" && range == all(text))
  }

  @Test func unknownSchemesHaveNoTags() {
    let (tag, _) = tagger("a").tag(
      at: "a".startIndex, unit: .word, scheme: NLTagScheme(rawValue: "Lemma"))
    #expect(tag == nil)
    #expect(tagger("").tag(at: "".startIndex, unit: .word, scheme: .script).1.isEmpty)
  }
}
