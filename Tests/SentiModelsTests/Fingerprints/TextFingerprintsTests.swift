import Foundation
import SentiTensor
import Testing

@testable import SentiModels

@Suite("Text fingerprints")
struct TextFingerprintsTests {
  /// Texts of 12 to 30 words of a vocabulary of 500.
  private static func texts(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let length = Int.random(in: 12...30, using: &generator)
      return (0..<length).map { _ in "word\(Int.random(in: 0..<500, using: &generator))" }
        .joined(separator: " ")
    }
  }

  @Test func knowsItsTextsAndNoOthers() {
    let texts = Self.texts(1_000, seed: 1)
    let fingerprints = TextFingerprints(of: texts)
    #expect(fingerprints.textCount == 1_000)
    let own = fingerprints.overlap(with: texts)
    #expect(own.testedCount == 1_000 && own.foundCount == 1_000 && own.isSuspicious)
    let others = fingerprints.overlap(with: Self.texts(3_000, seed: 2))
    #expect(others.testedCount == 3_000 && others.foundCount <= 9 && !others.isSuspicious)
  }

  @Test func caseAndPunctuationDoNotMatter() {
    let fingerprints = TextFingerprints(of: [
      "The film is long, but it is never, ever boring to me."
    ])
    #expect(
      fingerprints.contains("the FILM is long but it is never ever boring - to me!!!") == true)
    #expect(fingerprints.contains("The film is long, but it was never, ever dull at all.") == false)
  }

  /// A copy with more behind it keeps the least hash unless that is among the new words.
  @Test func mostCopiesWithAnotherEndingAreKnown() {
    let texts = Self.texts(300, seed: 5)
    let copies = texts.map { $0 + " and so on" }
    #expect(TextFingerprints(of: texts).overlap(with: copies).foundCount > 200)
  }

  @Test func shortTextsCannotBeTold() {
    let fingerprints = TextFingerprints(of: ["good", "Unbelievably disappointing restaurants"])
    #expect(fingerprints.textCount == 1)
    #expect(fingerprints.contains("good") == nil && fingerprints.contains("") == nil)
    #expect(fingerprints.contains("unbelievably disappointing restaurants!") == true)
    #expect(fingerprints.contains("unbelievably disappointing restaurant staff") == false)
  }

  /// Of more texts than there is room for some are kept, and only those can be tested.
  @Test func manyTextsAreSampled() {
    let texts = (0..<40_000).map { "this is the text number \($0) of all those many texts" }
    let fingerprints = TextFingerprints(of: texts)
    #expect(fingerprints.textCount == TextFingerprints.capacity)
    let overlap = fingerprints.overlap(with: texts)
    #expect(overlap.foundCount == TextFingerprints.capacity)
    #expect(overlap.testedCount == overlap.foundCount)
    let others = (50_000..<51_000).map { "this is the text number \($0) of all those many texts" }
    #expect((700..<950).contains(fingerprints.overlap(with: others).testedCount))
  }

  @Test func comeBackFromJSON() throws {
    let fingerprints = TextFingerprints(of: Self.texts(200, seed: 3))
    let data = try JSONEncoder().encode(fingerprints)
    #expect(try JSONDecoder().decode(TextFingerprints.self, from: data) == fingerprints)
    #expect(data.count < 2_000)
  }

  @Test(arguments: ["", "####", "AAAA"])
  func aFilterThatIsNoneIsRefused(base64: String) {
    let data = Data(#"{"count":1,"limit":"ff","filter":"\#(base64)"}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TextFingerprints.self, from: data)
    }
  }

  @Test func noTextsAreNoTexts() {
    let fingerprints = TextFingerprints(of: [])
    #expect(fingerprints.textCount == 0)
    #expect(fingerprints.overlap(with: Self.texts(50, seed: 1)).foundCount == 0)
  }
}
