import Foundation
import Testing

@testable import SentiText

@Suite("Word boundaries: the tables against ICU")
struct WordBoundariesTests {
  private let tables: WordBoundaries
  private let plain: WordBoundaries
  /// As with an ICU whose dictionaries are not known.
  private let withoutDictionaries: WordBoundaries
  private let icu: WordBoundaries

  init() throws {
    tables = try WordBoundaries(locale: "")
    plain = try WordBoundaries(locale: "", isPlain: true)
    withoutDictionaries = try WordBoundaries(locale: "", dictionaries: .none)
    icu = try WordBoundaries(locale: "", usesTables: false)
  }

  private func tokens(_ boundaries: WordBoundaries, _ text: String) -> [Token] {
    var tokens: [Token] = []
    boundaries.forEachBatch(in: text.utf8.span) { batch in
      batch.forEach { tokens.append(Token(byteRange: $0, kind: $1)) }
    }
    return tokens
  }

  private func expectAgreement(
    on text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Bool {
    let expected = tokens(icu, text)
    let found = [tables, plain, withoutDictionaries].lazy.map { tokens($0, text) }
      .first { $0 != expected }
    guard let found else { return true }
    let scalars = text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    let first = zip(found, expected).first { $0 != $1 }
    Issue.record(
      "\(scalars): \(String(describing: first))", sourceLocation: sourceLocation)
    return false
  }

  @Test func linkedICUHasTables() {
    #expect(tables.hasTables && !icu.hasTables)
  }

  /// Where ICU is the version whose dictionaries are read, they pass the comparison that admits them.
  @Test func dictionariesOfTheKnownICUAreRead() throws {
    let rules = try #require(try BreakerPool(.word, locale: "").prototypeRules())
    #expect(rules.dictionaries.isEmpty != ICUVersion.linked.icu.hasPrefix("72."))
  }

  @Test func unusualLocalesAgreeToo() throws {
    for locale in ["fi", "sv", "ja", "he", "en_US_POSIX"] {
      let tables = try WordBoundaries(locale: locale)
      let icu = try WordBoundaries(locale: locale, usesTables: false)
      let text = "S:t 12:30 it's 3.5 a_b don\u{2019}t x@y.z \u{E4}\u{F6}:n"
      #expect(tokens(tables, text) == tokens(icu, text), "\(locale)")
    }
  }

  @Test func everyPairOfCharactersAgrees() {
    let characters = (0..<0x250).compactMap { Unicode.Scalar($0) }
    for first in characters.prefix(0x100) {
      var text = String.UnicodeScalarView()
      for second in characters { text += [first, second, " ", "a", second, "1", "\n"] }
      guard expectAgreement(on: String(text)) else { return }
    }
  }

  /// Each tabulated character between, before and behind the characters that rules distinguish.
  @Test func everyTabulatedCharacterAgrees() {
    let neighbours =
      "a1_.:,' \u{3042}\u{30A2}\u{4E0D}\u{0E01}\u{0E31}\u{FF10}\u{FF21}\u{301}\u{3000}"
    for unit in TabulatedCharacters.all {
      guard let character = Unicode.Scalar(unit) else { continue }
      var text = String.UnicodeScalarView()
      for first in neighbours.unicodeScalars {
        for second in neighbours.unicodeScalars {
          text += [first, character, second, "\n", character, first, second, "\n"]
          text += [first, second, character, "\n"]
        }
      }
      guard expectAgreement(on: String(text)) else { return }
    }
  }

  @Test(arguments: 0..<4)
  func randomRunsAgree(seed: Int) {
    var generator = SeededGenerator(seed: 50 + UInt64(seed))
    for _ in 0..<4_000 {
      guard expectAgreement(on: RandomText.makeUnspaced(using: &generator)) else { return }
    }
  }

  @Test(arguments: [4_090, 4_091, 4_092, 4_093, 4_094, 4_095, 4_096, 4_097, 8_190])
  func windowEndsChangeNothing(length: Int) {
    for tail in [
      "a\u{301}b c", "don't", "3.5\u{2019}2", "\r\n\r\n", "\u{E9}\u{E9} \u{4E0D}", "  x",
      "\u{4E0D}\u{597D}\u{301}", "\u{0E01}\u{0E32}\u{0E23}1",
    ] {
      for filler in [
        "a", "word ", "\u{E9}", "1.", "\u{4E0D}\u{597D}", "\u{4E0D}\u{597D}\u{3002}",
        "\u{0E01}\u{0E32}\u{0E23}", "\u{0E01}\u{0E32}\u{0E23} ",
      ] {
        let head = String(repeating: filler, count: length / filler.utf8.count)
        guard expectAgreement(on: head + tail + " end") else { return }
      }
    }
  }

  @Test(arguments: 0..<8)
  func randomTextAgrees(seed: Int) {
    fuzz(seed: UInt64(seed), count: 4_000)
  }

  /// The heavy check: `SENTI_HEAVY=1 swift test -c release --filter tenMillionTextsAgree`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SENTI_HEAVY"] != nil), arguments: 0..<100)
  func tenMillionTextsAgree(seed: Int) {
    fuzz(seed: 1_000 + UInt64(seed), count: 100_000)
  }

  /// The heavy check on corpora: `SENTI_CORPORA=folder swift test --filter corporaAgree`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SENTI_CORPORA"] != nil))
  func corporaAgree() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["SENTI_CORPORA"])
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    for name in names.sorted() {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
      guard expectAgreement(on: String(decoding: data, as: UTF8.self)) else { return }
    }
  }

  private func fuzz(seed: UInt64, count: Int) {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<count {
      let text =
        round % 4 == 0
        ? RandomText.makeUnspaced(using: &generator) : RandomText.make(using: &generator)
      guard expectAgreement(on: text) else { return }
    }
  }
}

/// A small generator of random numbers (SplitMix64), the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// Short texts in which the characters that word boundaries depend on are frequent.
enum RandomText {
  private static let marks: [Unicode.Scalar] = Array(
    " .,:;'\"_-@#\n\r\t  \u{A0}\u{B7}\u{2019}\u{2018}\u{201C}\u{2026}\u{2014}\u{2024}\u{2027}\u{203F}"
      .unicodeScalars)
  private static let strange: [Unicode.Scalar] = Array(
    ("\u{301}\u{AD}\u{200B}\u{200D}\u{FEFF}\u{FE0F}\u{1F600}\u{1F1E9}\u{1F1EA}\u{4E0D}\u{597D}"
      + "\u{3042}\u{30A2}\u{0E01}\u{0E32}\u{05D0}\u{05F4}\u{0627}\u{0660}\u{066B}\u{3000}\u{2003}"
      + "\u{85}\u{2028}\u{20E3}\u{1F3FD}\u{0939}\u{093F}\u{AC00}\u{FF21}\u{D4DC}").unicodeScalars)

  /// One text.
  static func make(using generator: inout some RandomNumberGenerator) -> String {
    var text = String.UnicodeScalarView()
    let strangeness = UInt.random(in: 0...3, using: &generator) == 0 ? 20 : 0
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      text.append(scalar(strangeness, using: &generator))
    }
    return String(text)
  }

  /// One text of scripts without spaces, with little among them that is not.
  static func makeUnspaced(using generator: inout some RandomNumberGenerator) -> String {
    var text = String.UnicodeScalarView()
    while text.count < 4 || Int.random(in: 0..<6, using: &generator) > 0 {
      let run = runs.randomElement(using: &generator) ?? runs[0]
      for _ in 0..<Int.random(in: 1...9, using: &generator) {
        if let scalar = Unicode.Scalar(UInt32.random(in: run, using: &generator)) {
          text.append(scalar)
        }
      }
      if Int.random(in: 0..<3, using: &generator) == 0 {
        text.append(scalar(20, using: &generator))
      }
    }
    return String(text)
  }

  /// Frequent Han, any Han, hiragana, katakana, Thai letters, Thai, full-width forms, signs.
  private static let runs: [ClosedRange<UInt32>] = [
    0x4E00...0x4EFF, 0x4E00...0x9FFF, 0x3041...0x3096, 0x30A0...0x30FF, 0x0E01...0x0E2E,
    0x0E01...0x0E5B, 0xFF01...0xFF7F, 0x3000...0x3040,
  ]

  private static func scalar(
    _ strangeness: Int, using generator: inout some RandomNumberGenerator
  ) -> Unicode.Scalar {
    if Int.random(in: 0..<100, using: &generator) < strangeness {
      return strange.randomElement(using: &generator) ?? " "
    }
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<4: return marks.randomElement(using: &generator) ?? " "
    case 4..<7: return ["a", "Z", "\u{E9}", "\u{DF}"].randomElement(using: &generator) ?? "a"
    case 7: return ["0", "7"].randomElement(using: &generator) ?? "0"
    case 8: return Unicode.Scalar(UInt8.random(in: 0...127, using: &generator))
    default:
      let value = UInt32.random(in: 0x80...0x2070, using: &generator)
      return Unicode.Scalar(value) ?? " "
    }
  }
}
