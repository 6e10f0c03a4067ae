import Foundation
import SentiModels
import SentiTestSupport
import SentiText
import Testing

@Suite("senti tokenize")
struct TokenizeCommandTests {
  @Test func printsOneTokenALine() throws {
    let outcome = try Workplace().run("tokenize", input: "It's a Film, isn't it?\n")
    #expect(outcome == .init(output: "It's\na\nFilm\n,\nisn't\nit\n?\n"))
  }

  @Test func givesPlacesAndKindsInTabSeparatedValues() throws {
    let place = try Workplace()
    try place.folder.write("Caf\u{E9} 3.5 \u{1F44D}\u{1F3FD}$", to: "a.txt")
    let outcome = try place.run("tokenize", "--format", "tsv", "a.txt")
    #expect(
      outcome.output == """
        file\tstart\tend\tkind\tid\ttext
        a.txt\t0\t5\tword\t\tCaf\u{E9}
        a.txt\t6\t9\tnumber\t\t3.5
        a.txt\t10\t18\temoji\t\t\u{1F44D}\u{1F3FD}
        a.txt\t18\t19\tsymbol\t\t$

        """)
  }

  @Test func rangesCutTheOriginalAlsoWhenTheTextIsNormalized() throws {
    let text = "\u{FF27}\u{FF4F}\u{FF4F}\u{FF44}<br />STRA\u{DF}E &amp; \u{FB01}lm"
    let outcome = try Workplace().run(
      "tokenize", "--format", "jsonl", "--normalize", "reviews", input: text)
    let tokens = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(tokens.map { $0["text"] as? String } == ["good", "strasse", "&", "film"])
    let pieces = try tokens.map { token in
      let start = try #require(token["start"] as? Int)
      let end = try #require(token["end"] as? Int)
      return String(decoding: Array(text.utf8)[start..<end], as: UTF8.self)
    }
    #expect(
      pieces == ["\u{FF27}\u{FF4F}\u{FF4F}\u{FF44}", "STRA\u{DF}E", "&amp;", "\u{FB01}lm"])
  }

  @Test func aVocabularyNumbersTheTokens() throws {
    let place = try Workplace()
    try TinyModel.classifier().pipeline.vocabulary.write(to: place.folder["tiny.vocab"])
    let outcome = try place.run(
      "tokenize", "--vocab", "tiny.vocab", "--format", "jsonl", input: "A zzz")
    #expect(
      outcome.output == """
        {"file":"-","start":0,"end":1,"kind":"word","id":5,"text":"a"}
        {"file":"-","start":2,"end":5,"kind":"word","id":1,"text":"zzz"}

        """)
  }

  @Test func withoutAVocabularyTheNumberIsNull() throws {
    let outcome = try Workplace().run("tokenize", "--format", "jsonl", input: "\"")
    let line = #"{"file":"-","start":0,"end":1,"kind":"punctuation","id":null,"text":"\""}"#
    #expect(outcome.output == line + "\n")
  }

  @Test func badFilesDoNotStopTheOthers() throws {
    let place = try Workplace()
    try place.folder.write([0x61, 0xFF], to: "bad.txt")
    try place.folder.write("fine", to: "fine.txt")
    let outcome = try place.run("tokenize", "bad.txt", "fine.txt", "none.txt")
    let messages = """
      senti: bad.txt: expected UTF-8, found an invalid byte at offset 1
      senti: none.txt: no such file or folder

      """
    #expect(outcome == .init(output: "fine\n", errors: messages, status: 1))
  }

  @Test func anEmptyFileHasNoTokens() throws {
    #expect(try Workplace().run("tokenize", input: "") == .init())
  }

  @Test func theVocabularyExcludesANormalization() throws {
    let outcome = try Workplace().run("tokenize", "--vocab", "v", "--normalize", "nfc", "a.txt")
    #expect(
      outcome.errors.hasPrefix(
        "Error: With --vocab, the vocabulary says how texts are normalized.\n"))
    #expect(outcome.status == 64)
  }

  @Test func anUnknownLocaleExitsWith64() throws {
    let outcome = try Workplace().run("tokenize", "--locale", "xx_YY", input: "a")
    #expect(outcome == .init(errors: "senti: ICU knows no locale 'xx_YY'\n", status: 64))
  }

  @Test func anUnknownStepExitsWith64() throws {
    let outcome = try Workplace().run("tokenize", "--normalize", "nfc,shout", input: "a")
    #expect(outcome.errors.contains("'nfc,shout'") && outcome.status == 64)
  }
}
