import SentiNaturalLanguage
import Testing

@Suite("NLLanguageRecognizer")
struct NLLanguageRecognizerTests {
  @Test(arguments: [
    ("สวัสดีครับ", NLLanguage.thai), ("これは good です", .japanese), ("カメラ", .japanese),
    ("좋은 영화였다", .korean), ("这个电影很好看", .simplifiedChinese), ("這個電影很好看", .traditionalChinese),
    ("Καλή ταινία", .greek), ("סרט טוב", .hebrew), ("კარგი ფილმი", .georgian), ("லாபம்", .tamil),
  ])
  func scriptsOfOneLanguageSayWhich(text: String, language: NLLanguage) {
    #expect(NLLanguageRecognizer.dominantLanguage(for: text) == language)
  }

  @Test(arguments: ["a good film", "хороший фильм", "فيلم جيد", "अच्छी फिल्म", "", "42 \u{1F600} !"])
  func scriptsOfSeveralLanguagesSayNothing(text: String) {
    #expect(NLLanguageRecognizer.dominantLanguage(for: text) == nil)
  }

  @Test func constraintsAndHintsTellSharedScriptsApart() {
    let recognizer = NLLanguageRecognizer()
    recognizer.processString("хороший фильм")
    #expect(recognizer.languageHypotheses(withMaximum: 9).count == 5)
    #expect(
      recognizer.languageHypotheses(withMaximum: 9).values.allSatisfy { abs($0 - 0.2) < 1e-12 })
    #expect(
      recognizer.languageHypotheses(withMaximum: 2).keys.sorted { $0.rawValue < $1.rawValue }
        == [.bulgarian, .kazakh])
    #expect(recognizer.languageHypotheses(withMaximum: -1).isEmpty)
    recognizer.languageConstraints = [.english, .russian]
    #expect(recognizer.dominantLanguage == .russian)
    recognizer.languageConstraints = [.english]
    #expect(recognizer.dominantLanguage == nil)
    recognizer.languageConstraints = []
    recognizer.languageHints = [.ukrainian: 0.6, .russian: 0.2]
    #expect(recognizer.dominantLanguage == .ukrainian)
    #expect(abs((recognizer.languageHypotheses(withMaximum: 1)[.ukrainian] ?? 0) - 0.75) < 1e-12)
  }

  @Test func textAddsUpUntilItIsForgotten() {
    let recognizer = NLLanguageRecognizer()
    recognizer.processString("ไทย")
    recognizer.processString("Ελληνικά Ελληνικά")
    #expect(recognizer.dominantLanguage == .greek)
    recognizer.reset()
    #expect(
      recognizer.dominantLanguage == nil && recognizer.languageHypotheses(withMaximum: 3).isEmpty)
    recognizer.processString("ไทย")
    #expect(recognizer.dominantLanguage == .thai)
  }
}
