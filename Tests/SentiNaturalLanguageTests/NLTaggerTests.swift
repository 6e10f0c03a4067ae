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
    // Of Senti, which the tests link.
    let own = tagger(text).tag(at: text.startIndex, unit: .document, scheme: .sentimentScore).0
    #expect(own.flatMap { Double($0.rawValue) } ?? 0 > 0.5)
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

  @Test func rangesOfTokensAreFound() {
    let text = "Not bad. Not good."
    let tagger = tagger(text)
    func range(_ start: Int, _ end: Int) -> Range<String.Index> {
      text.index(text.startIndex, offsetBy: start)..<text.index(text.startIndex, offsetBy: end)
    }
    #expect(tagger.tokenRange(at: range(5, 6).lowerBound, unit: .word) == range(4, 7))
    #expect(tagger.tokenRange(for: range(5, 10), unit: .word) == range(4, 12))
    #expect(tagger.tokenRange(for: range(2, 3), unit: .sentence) == range(0, 9))
    #expect(tagger.tokenRange(at: text.endIndex, unit: .word).isEmpty)
    tagger.string = nil
    #expect(tagger.tokenRange(for: range(2, 3), unit: .word) == range(2, 3))
    #expect(tagger.dominantLanguage == nil)
  }

  /// The last language for a place counts, and another string has none.
  @Test func aRangeFollowsItsLanguage() {
    // A colon is inside of a word in Swedish alone.
    let text = "k:a k:a k:a"
    let tagger = tagger(text)
    func count() -> Int {
      tagger.tags(in: all(text), unit: .word, scheme: .tokenType, options: .omitWhitespace).count
    }
    func range(_ start: Int, _ end: Int) -> Range<String.Index> {
      text.index(text.startIndex, offsetBy: start)..<text.index(text.startIndex, offsetBy: end)
    }
    let plain = count()
    tagger.setLanguage(.swedish, range: range(0, 8))
    let swedish = count()
    #expect(swedish != plain)
    tagger.setLanguage(.english, range: range(4, 7))
    #expect(
      tagger.tags(in: all(text), unit: .word, scheme: .tokenType).map(\.1).allSatisfy {
        !$0.isEmpty
      })
    #expect(count() != swedish && count() != plain)
    #expect(tagger.tokenRange(for: range(2, 3), unit: .document) == all(text))
    #expect(tagger.tokenRange(for: range(2, 3), unit: .paragraph) == all(text))
    tagger.string = text
    #expect(count() == plain)
  }

  @Test func schemesDependOnTheUnit() {
    #expect(
      NLTagger.availableTagSchemes(for: .word, language: .thai) == [.tokenType, .language, .script])
    #expect(
      NLTagger.availableTagSchemes(for: .sentence, language: .english).contains(.sentimentScore))
  }
}
