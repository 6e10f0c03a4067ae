import Foundation
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

/// Explanations of the models that come with senti, on the texts of `corpora`.
@Suite("Bundled model: explanations")
struct BundledExplanationTests {
  /// The reviews of `corpora`, by name.
  static let reviews: [String: [UInt8]] = {
    let folder = Repository.folder.appending(path: "corpora")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let texts = (files?.allObjects as? [URL] ?? []).filter {
      $0.pathExtension == "txt" && !$0.path.contains("captions")
    }
    return Dictionary(
      uniqueKeysWithValues: texts.compactMap { file in
        (try? Data(contentsOf: file)).map { (file.lastPathComponent, Array($0)) }
      })
  }()

  @Test func thereAreReviews() {
    #expect(Self.reviews.count == 48)
  }

  @Test(arguments: BundledModel.allCases)
  func theHalvesOfAContrastPointOppositeWays(_ model: BundledModel) throws {
    let text = "good, but dull"
    let explanation = try SentimentClassifier(.bundled(model)).explanation(of: text)
    #expect(explanation.prediction.label == "negative")
    let contributions = explanation.words.map(\.contribution)
    try #require(contributions.count == 4)
    #expect(contributions[0] < -1 && contributions[3] > 1)
  }

  /// Contributions sum to the log-odds within a hundredth, and these are those of the answer but for the
  /// rounding of states: on six texts of `corpora`, and with `SENTI_HEAVY=1` on all of them.
  @Test(arguments: BundledModel.allCases)
  func contributionsSumToTheLogOdds(_ model: BundledModel) throws {
    let classifier = try SentimentClassifier(.bundled(model))
    let isHeavy = ProcessInfo.processInfo.environment["SENTI_HEAVY"] != nil
    let names = Self.reviews.keys.sorted().prefix(isHeavy ? Self.reviews.count : 6)
    let texts = names.compactMap { Self.reviews[$0] }
    let explanations = classifier.explanations(ofUTF8: texts, threadCount: 2)
    var roundings: [Double] = []
    for (name, explanation) in zip(names, explanations) {
      #expect(explanation.isComplete, "\(name): \(explanation.gap) of \(explanation.difference)")
      let probability = explanation.prediction.probability
      roundings.append(abs(explanation.difference - log(probability / (1 - probability))))
    }
    #expect(roundings.max() ?? 1 < 0.3, "\(roundings.max() ?? 1)")
    #expect(roundings.reduce(0, +) / Double(roundings.count) < 0.05)
  }

  /// Without the words that contribute most the answer changes most, and alone they keep it.
  ///
  /// - SeeAlso: comprehensiveness and sufficiency: DeYoung et al. 2020,
  ///   <https://arxiv.org/abs/1911.03429>.
  @Test(arguments: BundledModel.allCases)
  func theMostContributingWordsCountMoreThanRandomOnes(_ model: BundledModel) throws {
    let classifier = try SentimentClassifier(.bundled(model))
    // English ones of a few sentences, of which three words are a part that shows.
    let names = Self.reviews.keys.sorted().filter { name in
      (100..<700).contains(Self.reviews[name]?.count ?? 0)
        && !["ar", "de", "es", "fr", "ru", "th", "zh"].contains { name.contains("-\($0)-") }
    }
    let texts = names.compactMap { Self.reviews[$0] }
    try #require(texts.count > 15)
    let explanations = classifier.explanations(ofUTF8: texts, threadCount: 2)
    var generator = SeededGenerator(seed: 5)
    var (top, random, kept, randomKept) = (0.0, 0.0, 0.0, 0.0)
    for (text, explanation) in zip(texts, explanations) {
      let label = explanation.prediction.labelIndex
      func drop(_ words: [SentimentExplanation.Word], keeping: Bool) -> Double {
        let rest = Self.text(text, explanation.words, words, keeping: keeping)
        let without = classifier.prediction(forUTF8: rest).probabilities[label]
        return (explanation.prediction.probability - without) / Double(texts.count)
      }
      let ranked = explanation.words.sorted { $0.contribution > $1.contribution }
      top += drop(Array(ranked.prefix(3)), keeping: false)
      kept += drop(Array(ranked.prefix(8)), keeping: true)
      for _ in 0..<5 {
        let shuffled = explanation.words.shuffled(using: &generator)
        random += drop(Array(shuffled.prefix(3)), keeping: false) / 5
        randomKept += drop(Array(shuffled.prefix(8)), keeping: true) / 5
      }
    }
    #expect(top > 0.1 && top > 3 * random, "\(top), at random \(random)")
    #expect(kept < randomKept - 0.1, "\(kept), at random \(randomKept)")
  }

  /// A text with some words cut out, or with no other words.
  private static func text(
    _ bytes: [UInt8], _ all: [SentimentExplanation.Word], _ chosen: [SentimentExplanation.Word],
    keeping: Bool
  ) -> [UInt8] {
    let chosen = Set(chosen)
    return all.filter { chosen.contains($0) == keeping }
      .flatMap { bytes[$0.byteRange] + [UInt8(ascii: " ")] }
  }

  /// A text of 200,000 words is longer than anybody's patience in a debug build; this one has a chunk and
  /// a half, at the ends of which words count as everywhere.
  @Test func aLongReviewIsExplainedToItsEnd() throws {
    let classifier = try SentimentClassifier.bundledEnglishSmall()
    let text = String(repeating: "The lamp is on the table. ", count: 60) + "I hated it."
    let explanation = classifier.explanation(of: text)
    #expect(explanation.isComplete && explanation.words.count > 400)
    let bytes = Array(text.utf8)
    let strongest = explanation.words.max { $0.contribution.magnitude < $1.contribution.magnitude }
    let word = strongest.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
    #expect(word == "hated")
  }
}
