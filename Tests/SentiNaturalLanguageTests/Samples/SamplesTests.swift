import SentiNaturalLanguage
import Testing

/// Sources that are written for Apple's framework run.
@Suite("Samples of Apple's framework", .serialized)
struct SamplesTests {
  @Test func wordsAreCut() {
    #expect(words(of: "Don't miss 3 of them!") == ["Don't", "miss", "of", "them"])
  }

  /// Tests link Senti, whose model then scores.
  @Test func paragraphsAreScored() {
    let scores = sentiments(of: "I love this film.\nI hate it, what a waste of time.\n")
    #expect(scores.count == 2 && scores[0] > 0.8 && scores[1] < -0.8)
  }

  @Test func languagesAreFound() {
    let found = language(of: "хорошо", among: [.english, .russian])
    #expect(found?.0 == .russian && found?.1 == 1)
    #expect(language(of: "good", among: [.english, .french]) == nil)
    let text = "good ไทย"
    #expect(
      scripts(of: text, from: text.index(text.startIndex, offsetBy: 5), in: [.english, .thai])
        == ["Latn", "Thai"])
  }
}
