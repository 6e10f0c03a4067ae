import Foundation
import SentiModels
import SentiTestSupport
import Testing

/// Scores of sacreBLEU and the COCO captioning tools, written by
/// `ReferenceImplementations/generation_metrics.py`.
private struct Reference: Decodable, Sendable {
  struct BLEUCase: Decodable, Sendable {
    let segments: [[String]]
    let lowercase: Bool
    let tokenize: String
    let smooth: String
    let smoothValue: Double?
    let effective: Bool
    let scores: [Double]
    let lengths: [Int]
    let signature: String
  }

  struct ChrFCase: Decodable, Sendable {
    let segments: [[String]]
    let words: Int
    let lowercase: Bool
    let score: Double
  }

  struct COCOCase: Decodable, Sendable {
    let segments: [[String]]
    let cider: Double
    let rouge: Double
  }

  struct Words: Decodable, Sendable {
    let text: String
    let words: [String]
  }

  let bleu: [BLEUCase]
  let chrF: [ChrFCase]
  let coco: [COCOCase]
  let words: [Words]

  static func load() throws -> Reference {
    try Fixture.read("generation-metrics", of: "SentiModelsTests")
  }
}

extension Reference.BLEUCase {
  func metric() throws -> BLEU {
    let smoothing: BLEU.Smoothing =
      switch smooth {
      case "none": .none
      case "floor": .floor(smoothValue ?? 0.1)
      case "add-k": .add(smoothValue ?? 1)
      default: .exponential
      }
    return BLEU(
      tokenization: try #require(MetricTokenization(rawValue: tokenize)), isLowercased: lowercase,
      smoothing: smoothing, usesEffectiveOrder: effective)
  }
}

@Suite("Generation metrics")
struct GenerationMetricsTests {
  private let reference: Reference

  init() throws { reference = try Reference.load() }

  @Test func wordsAreThoseOfMteval() {
    for text in reference.words {
      let words = MetricTokenization.mteval13a.words(of: text.text)
      #expect(words.map { Array($0.utf8) } == text.words.map { Array($0.utf8) })
    }
  }

  @Test func wordsWithoutRulesAreCutAtWhiteSpace() {
    #expect(MetricTokenization.none.words(of: " a, b.\u{3000}c-\nd ") == ["a,", "b.", "c-", "d"])
  }

  @Test func bleuIsSacreBLEUs() throws {
    for expected in reference.bleu {
      var bleu = try expected.metric()
      for segment in expected.segments {
        bleu.add(segment[0], references: Array(segment.dropFirst()))
      }
      for order in 1...4 {
        #expect(abs(bleu.score(order: order) - expected.scores[order - 1]) < 1e-9)
      }
      #expect([bleu.hypothesisLength, bleu.referenceLength] == expected.lengths)
      let signature = expected.signature.replacing("version:2.6.0", with: "version:senti")
      #expect(bleu.signature == signature)
    }
  }

  @Test func chrFIsSacreBLEUs() {
    for expected in reference.chrF {
      var chrF = ChrF(wordOrder: expected.words, isLowercased: expected.lowercase)
      for segment in expected.segments {
        chrF.add(segment[0], references: Array(segment.dropFirst()))
      }
      #expect(abs(chrF.score - expected.score) < 1e-9)
    }
  }

  /// Runs of a length that no reference of a segment has do not count, as in sacreBLEU.
  @Test func longRunsBesideAShortReferenceDoNotCount() {
    var chrF = ChrF()
    chrF.add("abcdefg", references: ["ab"])
    chrF.add("abcdef", references: ["abcdef"])
    let precision = (8.0 / 13 + 6.0 / 11 + 4) / 6
    #expect(abs(chrF.score - 100 * 5 * precision / (4 * precision + 1)) < 1e-9)
  }

  @Test func ciderAndRougeAreTheCOCOToolss() {
    for expected in reference.coco {
      var (cider, rouge) = (CIDEr(), RougeL())
      for segment in expected.segments {
        let words = segment.map { MetricTokenization.none.words(of: $0) }
        cider.add(words[0], references: Array(words.dropFirst()))
        rouge.add(words[0], references: Array(words.dropFirst()))
      }
      #expect(abs(cider.score - expected.cider) < 1e-9)
      #expect(abs(rouge.score - expected.rouge) < 1e-9)
    }
  }

  @Test func bleuByHand() {
    var bleu = BLEU(smoothing: .none)
    bleu.add("the the the cat", references: ["the cat sat", "the the dog"])
    // The first word counts twice, as in the second reference.
    #expect(bleu.precisions.map { ($0 * 3).rounded() } == [225, 200, 0, 0])
    #expect(abs(bleu.score(order: 1) - 75) < 1e-9)
    #expect(bleu.score() == 0)
    #expect(bleu.brevityPenalty == 1)
    var short = BLEU()
    short.add("a", references: ["a b c"])
    #expect(abs(short.brevityPenalty - exp(-2)) < 1e-15)
    #expect(abs(short.score(order: 1) - 100 * exp(-2)) < 1e-12)
    #expect(short.score() == 0)
  }

  /// Of two references that are as far away, the shorter one counts, in whatever order they come.
  @Test(arguments: [["a b", "a b c d"], ["a b c d", "a b"]])
  func ofTwoClosestReferencesTheShorterCounts(references: [String]) {
    var bleu = BLEU()
    bleu.add("a b c", references: references)
    #expect(bleu.referenceLength == 2 && bleu.brevityPenalty == 1)
  }

  @Test func nothingAddedScoresNothing() {
    #expect(BLEU().score() == 0)
    #expect(ChrF().score == 0)
    #expect(CIDEr().score == 0)
    #expect(RougeL().score == 0)
  }

  @Test func canonicallyEqualTextsAreNotEqual() {
    var bleu = BLEU()
    bleu.add("\u{C5}", references: ["A\u{30A}"])
    #expect(bleu.score(order: 1) == 0)
  }

  @Test func signaturesTellWhereReferencesVary() {
    var bleu = BLEU()
    bleu.add("a", references: ["a"])
    bleu.add("a", references: ["a", "b"])
    #expect(bleu.signature.hasPrefix("nrefs:var|"))
  }

  @Test func segmentsNeedReferences() async {
    await #expect(processExitsWith: .failure) {
      var bleu = BLEU()
      bleu.add("a", references: [])
    }
    await #expect(processExitsWith: .failure) {
      var chrF = ChrF()
      chrF.add("a", references: [])
    }
    await #expect(processExitsWith: .failure) {
      var rouge = RougeL()
      rouge.add(["a"], references: [])
    }
    await #expect(processExitsWith: .failure) {
      var cider = CIDEr()
      cider.add(["a"], references: [])
    }
  }
}
