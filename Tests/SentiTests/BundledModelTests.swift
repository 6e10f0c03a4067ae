import Foundation
import Senti
import Testing

/// The model that comes with the package, held against the texts that come with it.
@Suite("Bundled model")
struct BundledModelTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  @Test func vocabularyIsTheOneInItsFolder() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let file = try Data(contentsOf: URL(fileURLWithPath: Self.root + "/vocab/english.vocab"))
    // Half a megabyte of differences would take an hour to be listed.
    let isSame = classifier.pipeline.vocabulary.serialized() == [UInt8](file)
    #expect(isSame)
  }

  @Test func cardNamesDataRecipeAndFigures() throws {
    let card = try SentimentClassifier.bundledEnglish().card
    #expect(card.trainingData.contains("Large Movie Review Dataset"))
    #expect(card.command.hasPrefix("senti train sentiment"))
    #expect(card.recipe["seed"] != nil && card.trainingSeconds > 0)
    #expect((card.figures["validation_accuracy"] ?? 0) >= 0.8)
  }

  /// The shorter English film reviews, irony and negation among them.
  @Test func judgesMostFilmReviewsRightly() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let corpus = try Corpus(CorpusReader(Self.root + "/corpora/reviews"))
    let films = corpus.texts.filter {
      $0.origin.path.contains("/film-") && $0.text.utf8.count < 2_000
        && $0.text.utf8.allSatisfy { $0 < 0x80 }
    }
    #expect(films.count >= 15)
    let predictions = classifier.predictions(forUTF8: films.map { Array($0.text.utf8) })
    let correct = zip(films, predictions).count { $0.label == $1.label }
    #expect(Double(correct) >= 0.7 * Double(films.count))
  }

  @Test func onlyUnknownWordsAreCounted() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let prediction = classifier.prediction(for: "qwzxv plmokn 👍🏽")
    // The emoji is followed by the name of its group.
    #expect(prediction.tokenCount == 4 && prediction.unknownCount == 2)
  }
}
