import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("Model card")
struct ModelCardTests {
  static let card: ModelCard = {
    var card = ModelCard()
    card.name = "English reviews"
    card.summary = "tells praise from blame"
    card.language = "en"
    card.license = "MIT"
    card.trainingData = "own texts"
    card.limits = "irony"
    card.command = "senti train"
    card.machine = "two cores"
    card.date = "2026-11-22"
    card.trainingSeconds = 12.5
    card.recipe = ["seed": "1"]
    card.figures = ["validation_accuracy": 0.9]
    return card
  }()

  @Test func startsEmpty() {
    let card = ModelCard()
    let texts = [
      card.name, card.summary, card.language, card.license, card.trainingData, card.limits,
      card.command, card.machine, card.date,
    ]
    #expect(texts.allSatisfy { $0.isEmpty })
    #expect(card.trainingSeconds == 0)
    #expect(card.recipe.isEmpty && card.figures.isEmpty)
  }

  @Test func comesBackFromAFile() throws {
    let folder = try TemporaryFolder()
    try JSONEncoder().encode(Self.card).write(to: URL(filePath: folder.path("card.json")))
    #expect(try ModelCard(contentsOf: folder.path("card.json")) == Self.card)
  }

  @Test func whatIsMissingStaysEmpty() throws {
    let data = Data(#"{"name":"x","training_data":"y"}"#.utf8)
    var expected = ModelCard()
    (expected.name, expected.trainingData) = ("x", "y")
    #expect(try JSONDecoder().decode(ModelCard.self, from: data) == expected)
  }

  @Test(arguments: ["", "[]", #"{"name":1}"#])
  func malformedFilesAreNamed(_ text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("card.json")
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = try #require(throws: ModelError.self) { try ModelCard(contentsOf: path) }
    #expect(error.description.hasPrefix("\(path): expected a model card as JSON: "))
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: ModelError.self) { try ModelCard(contentsOf: "/none/card.json") }
  }

  @Test func notesWhatATrainingWasGiven() throws {
    var training = try SentimentTraining(
      TestModels.reviews(20), validation: TestModels.reviews(6, seed: 2),
      labels: ["negative", "positive"], options: TestModels.options())
    _ = try training.runEpoch { _ in true }
    var card = ModelCard()
    card.record(training, seconds: 2.5)
    #expect(card.trainingSeconds == 2.5)
    #expect(card.recipe["epochs"] == "6")
    #expect(card.recipe["batch_tokens"] == "40")
    #expect(card.recipe["learning_rate"] == "0.05")
    #expect(card.recipe["averaging_decay"] == "none")
    #expect(card.recipe["clipping_norm"] == "1.0")
    #expect(card.recipe["best_epoch"] == "1")
    let evaluation = try #require(
      Evaluation(of: try training.validationExamples(training.classifier())))
    card.record(evaluation)
    #expect(card.figures["validation_examples"] == 6)
    #expect(card.figures["validation_accuracy"] == evaluation.accuracy)
    #expect(card.figures["validation_log_loss"] == evaluation.logLoss)
    #expect(card.figures["validation_macro_f1"] == evaluation.macroF1)
    #expect(card.figures["validation_roc_auc"] == evaluation.rocAUC)
  }
}
