import Foundation
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("senti train sentiment")
struct TrainSentimentCommandTests {
  /// Sixty reviews whose label is that of their one or two telling words.
  static let rows: String = {
    let (good, bad) = (["good", "great", "fine", "lovely"], ["bad", "awful", "poor", "dull"])
    let rest = ["the", "film", "was", "a", "plot", "and", "its", "end"]
    let rows = (0..<60).map { index in
      let telling = (index.isMultiple(of: 2) ? good : bad)[index / 2 % 4]
      let words = (0..<5 + index % 4).map { rest[(index * 5 + $0 * 3) % 8] }
      return words.joined(separator: " ") + " \(telling) \(index),"
        + (index.isMultiple(of: 2) ? "pos" : "neg")
    }
    return "text,label\n" + rows.joined(separator: "\n") + "\n"
  }()

  /// A net that trains in some milliseconds an epoch, also in a debug build.
  static let tiny = [
    "--embedding-size", "3", "--hidden-size", "4", "--min-count", "1", "--batch-tokens", "64",
    "--learning-rate", "0.03", "--averaging", "0", "--validation-count", "10", "--threads", "2",
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.rows, to: "a.csv")
    return folder
  }

  private func train(
    _ arguments: String..., epochs: Int = 2, in folder: TemporaryFolder
  ) throws -> Senti.Outcome {
    try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "\(epochs)"] + Self.tiny + arguments,
      in: folder)
  }

  private func checksum(_ path: String) throws -> String {
    try SafetensorsArchive(contentsOf: path).requireMetadata(SafetensorsArchive.checksumKey)
  }

  // MARK: What comes out

  @Test func makesAModelThatClassifies() throws {
    let folder = try folder()
    let outcome = try train(epochs: 30, in: folder)
    #expect(outcome.output.isEmpty && outcome.status == 0)
    #expect(
      outcome.errors.hasPrefix(
        "a.csv: 50 texts to learn from, 10 held out, 425 tokens, 70 words; "
          + "labels negative, positive\n"
          + "warning: an epoch has 7 steps; with more epochs or fewer tokens a batch the net learns "
          + "more\nepoch 1/30, batch 1/"))
    #expect(outcome.errors.contains("\nepoch 30: loss 0."))
    #expect(outcome.errors.hasSuffix("\nm: written\n"))
    let classifier = try SentimentClassifier(contentsOf: folder["m"])
    #expect(classifier.prediction(for: "the film was lovely").label == "positive")
    #expect(classifier.prediction(for: "the film was awful").label == "negative")
    #expect(classifier.card.command.hasPrefix("senti train sentiment a.csv -o m "))
    #expect(classifier.card.figures["validation_examples"] == 10)
    #expect(classifier.card.recipe["seed"] == "1")
    // What --coverage and the warning of evaluate go by.
    #expect(classifier.card.confidenceQuantiles?.count == 101)
    #expect(classifier.card.trainingTexts.map { $0.textCount <= 50 } == true)
  }

  @Test func theSameSeedGivesTheSameModel() throws {
    let folder = try folder()
    #expect(try train(in: folder).status == 0)
    let first = try checksum(folder["m"])
    #expect(try train("--force", in: folder).status == 0)
    #expect(try checksum(folder["m"]) == first)
    #expect(try train("--force", "--seed", "2", in: folder).status == 0)
    #expect(try checksum(folder["m"]) != first)
  }

  @Test func theCardNotesWhatTheRecipeWas() throws {
    let folder = try folder()
    let outcome = try train(
      "--layers", "2", "--layer-dropout", "0.2", "--recurrent-dropout", "0.1", "--schedule", "step",
      "--longest-memory", "20", "--label-weights", "positive=1,negative=2.5", in: folder)
    #expect(outcome.status == 0)
    let recipe = try SentimentClassifier(contentsOf: folder["m"]).card.recipe
    #expect(recipe["layer_dropout"] == "0.2" && recipe["recurrent_dropout"] == "0.1")
    #expect(recipe["longest_memory"] == "20" && recipe["schedule"]?.contains("step") == true)
    #expect(recipe["label_weights"] == "negative=2.5,positive=1.0")
    #expect(try train("--force", "--label-weights", "balanced", in: folder).status == 0)
    #expect(
      try SentimentClassifier(contentsOf: folder["m"]).card.recipe["label_weights"] == "balanced")
  }

  @Test func weightsOfOtherLabelsAreRefused() throws {
    let outcome = try train("--label-weights", "pos=2", in: folder())
    let message =
      "senti: --label-weights: expected labels among \"negative\", \"positive\", found \"pos\"\n"
    #expect(outcome == .init(errors: message, status: 64))
  }

  @Test func labelsWithoutAWeightKeepOne() throws {
    let folder = try folder()
    #expect(try train("--label-weights", "negative=2", in: folder).status == 0)
    let first = try checksum(folder["m"])
    #expect(
      try train("--force", "--label-weights", "positive=1,negative=2", in: folder).status == 0)
    #expect(try checksum(folder["m"]) == first)
    #expect(try train("--force", in: folder).status == 0)
    #expect(try checksum(folder["m"]) != first)
  }

  // MARK: Labels

  /// The rows with stars for labels: 5 or 4 for those that are favourable, 1 for all others.
  private func starredFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let rows = Self.rows.replacing("0,pos", with: "0,4").replacing(",pos", with: ",5")
    try folder.write(rows.replacing(",neg", with: ",1"), to: "a.csv")
    return folder
  }

  @Test func numbersOfStarsAreRefusedUntilSomebodySaysSo() throws {
    let folder = try starredFolder()
    let outcome = try train(in: folder)
    let message = """
      senti: a.csv: expected labels, found numbers that may be stars, "1", "4", "5"; --stars says that \
      they are, --label-map what they mean

      """
    #expect(outcome == .init(errors: message, status: 65))
    let starred = try train("--stars", in: folder)
    #expect(starred.errors.contains("; labels negative, positive\n") && starred.status == 0)
    let mapped = try train("--label-map", "1=1;4=4;5=", "--force", in: folder)
    #expect(mapped.errors.contains("; labels 1, 4\n") && mapped.status == 0)
  }

  // MARK: Transfer

  /// The net has another shape in the arguments; that of the model counts.
  @Test func startsFromAModel() throws {
    let folder = try folder()
    #expect(try train("--hidden-size", "6", in: folder).status == 0)
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "n", "--epochs", "1", "--from", "m", "--freeze"]
        + ["embedding.", "--discriminative-rates", "--gradual-unfreezing"] + Self.tiny,
      in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("\nm: vectors of 66 of 66 words\n"))
    let (one, other) = (
      try SentimentClassifier(contentsOf: folder["m"]),
      try SentimentClassifier(contentsOf: folder["n"])
    )
    #expect(other.network.configuration.hiddenSize == 6)
    let embedding = one.network.embedding.weights
    #expect(one.parameters[embedding] == other.parameters[embedding])
    #expect(
      one.parameters[one.network.output.weights] != other.parameters[one.network.output.weights])
    #expect(
      other.card.recipe["groups"]
        == "embedding. rate x \(1 / 2.6 / 2.6) from epoch 3, "
        + "encoder.*_l0 rate x \(1 / 2.6) from epoch 2, output., embedding. frozen")
  }

  @Test func startsFromABundledModelAndKeepsItsWords() throws {
    let folder = try folder()
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "1", "--from", "small", "--lazy"]
        + ["--keep-vocabulary"],
      in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        "\nenglish-small.safetensors (inside the program): vectors of 39,996 of 39,996 words\n"))
    let classifier = try SentimentClassifier(contentsOf: folder["m"])
    #expect(classifier.pipeline.vocabulary.count == 40_000)
    #expect(classifier.labels == ["negative", "positive"])
  }

  @Test func startsFromWordVectors() throws {
    let folder = try folder()
    try folder.write("3 3\nfilm 1 2 3\ngood 4 5\nnobody 1 2 3\n", to: "v.txt")
    let outcome = try train("--word-vectors", "v.txt", in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        "senti: warning: v.txt:3: expected 4 fields, found 3; left out\nv.txt: vectors of 1 of 66 words\n"
      ))
  }

  @Test(arguments: [
    (["--keep-vocabulary"], 64, "Expected --from beside --keep-vocabulary."),
    (["--freeze", "decoder."], 64, "--freeze decoder.: no parameter begins so; found embedding."),
    (["--from", "none.safetensors"], 66, "none.safetensors"),
    (["--word-vectors", "none.txt"], 66, "none.txt: no such file or folder"),
    (["--word-vectors", "wide.txt"], 65, "wide.txt: width of a word vector: expected 3, found 2"),
  ])
  func refusesTransfersThatCannotBe(_ arguments: [String], _ status: Int32, _ error: String) throws
  {
    let folder = try folder()
    try folder.write("film 1 2\n", to: "wide.txt")
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "1"] + Self.tiny + arguments,
      in: folder)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(error))
    #expect(try folder.names() == ["a.csv", "wide.txt"])
  }

  // MARK: Recipe

  @Test func weightDecayIsForAdam() throws {
    let outcome = try train("--optimizer", "sgd", "--weight-decay", "0.1", in: try folder())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("Expected --weight-decay with --optimizer adam only."))
  }

  @Test func writesAHistory() throws {
    let folder = try folder()
    let outcome = try train(
      "--history", "h.jsonl", "--progress", "never", epochs: 3, in: folder)
    #expect(outcome.errors.hasPrefix("examples ") && outcome.errors.hasSuffix("\nm: written\n"))
    #expect(outcome.output.isEmpty && outcome.status == 0)
    let text = try String(contentsOfFile: folder["h.jsonl"], encoding: .utf8)
    let records = try text.split(separator: "\n").map {
      try JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8))
    }
    #expect(records.map(\.epoch) == [1, 2, 3])
    #expect(records.allSatisfy { $0.tokens == 425 && $0.validationAccuracy != nil })
  }

  @Test func drawsLearningCurves() throws {
    let folder = try folder()
    let outcome = try train("--plot", "h.html", "--progress", "never", epochs: 2, in: folder)
    #expect(outcome.status == 0)
    let html = try String(contentsOfFile: folder["h.html"], encoding: .utf8)
    #expect(html.contains("<h2>Loss</h2>") && html.contains("<h2>Accuracy</h2>"))
    #expect(html.contains(" in 2 epochs</p>"))
    #expect(try train("--plot", "h.html", in: folder).status == 74)
    #expect(try train("--plot", "h.pdf", "--force", in: folder).status == 64)
  }

  @Test func tellsItsProgressInJSON() throws {
    let outcome = try train("--progress", "json", in: folder())
    let lines = try outcome.errors.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.first?["batch"] as? Int == 1 && lines.first?["epochs"] as? Int == 2)
    #expect(lines.last?["epoch"] as? Int == 2 && lines.last?["validation_loss"] is Double)
    #expect(outcome.output.isEmpty && outcome.status == 0)
  }

  @Test func withoutProgressTheFinalFiguresStay() throws {
    let outcome = try train("--progress", "never", in: folder())
    #expect(outcome.errors.hasPrefix("examples                        10\n"))
    #expect(outcome.errors.hasSuffix("\nm: written\n") && outcome.status == 0)
  }

  @Test func showsABarOnATerminal() throws {
    let outcome = try Terminals.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "2"] + Self.tiny, in: folder())
    #expect(outcome.status == 0)
    #expect(outcome.screen.contains("\r\u{1B}[Kepoch 1/2 [#"))
    #expect(outcome.screen.contains(" tokens/s, 0:0"))
    #expect(outcome.screen.contains("\r\u{1B}[Kepoch 2: loss "))
    #expect(outcome.screen.hasSuffix("m: written\r\n"))
  }

  // MARK: Teachers, weights and validation files

  /// The rows with the label turned round, and a teacher that knows better.
  private static let taught = rows.split(separator: "\n").dropFirst().map { row in
    let (text, label) = (row.dropLast(4), row.suffix(3))
    let probabilities = label == "pos" ? "[0.1, 0.9]" : "[0.9, 0.1]"
    return """
      {"text": "\(text)", "label": "\(label == "pos" ? "neg" : "pos")", \
      "teacher": \(probabilities), "weight": 1.5}

      """
  }.joined()

  @Test func learnsFromATeacherRatherThanFromLabels() throws {
    let folder = try folder()
    try folder.write(Self.taught, to: "taught.jsonl")
    let outcome = try Senti.run(
      ["train", "sentiment", "taught.jsonl", "-o", "m", "--epochs", "30", "--soft-label-field"]
        + ["teacher", "--weight-field", "weight", "--temperature", "2"] + Self.tiny
        + ["--validation-count", "0"], in: folder)
    #expect(outcome.status == 0)
    let classifier = try SentimentClassifier(contentsOf: folder["m"])
    #expect(classifier.prediction(for: "the film was lovely").label == "positive")
    #expect(classifier.card.recipe["distillation_temperature"] == "2.0")
  }

  @Test func aTeacherOfOtherLabelsIsLeftOutAndNamed() throws {
    let folder = try folder()
    let rows = """
      {"text": "unlike anything", "label": "pos", "teacher": [0.2, 0.3, 0.5]}
      {"text": "and a half", "label": "neg", "teacher": [0.7, 0.4]}

      """
    try folder.write(Self.taught + rows, to: "taught.jsonl")
    let outcome = try Senti.run(
      ["train", "sentiment", "taught.jsonl", "-o", "m", "--epochs", "1", "--soft-label-field"]
        + ["teacher"] + Self.tiny, in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        "taught.jsonl:61: expected probabilities of negative, positive, found 3; left out"))
    #expect(outcome.errors.contains("taught.jsonl:62: expected probabilities that sum to 1"))
  }

  @Test func evaluatesEpochsByAFileOfItsOwn() throws {
    let folder = try folder()
    // What is learned makes these worse from epoch to epoch.
    try folder.write("text,label\nlovely,neg\nawful,pos\n", to: "held.csv")
    func train(_ arguments: String...) throws -> Senti.Outcome {
      try Senti.run(
        ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "9", "--embedding-size", "3"]
          + ["--hidden-size", "4", "--threads", "2"] + arguments, in: folder)
    }
    let outcome = try train("--validation", "held.csv", "--patience", "1")
    #expect(outcome.errors.hasPrefix("a.csv: 60 texts to learn from, 2 held out"))
    #expect(!outcome.errors.contains("\nepoch 9: "))
    #expect(try train("--validation", "held.csv", "--validation-count", "2").status == 64)
    try folder.write("text,label\nlovely,superb\n", to: "held.csv")
    let other = try train("--validation", "held.csv", "--force")
    #expect(other.status == 65)
    #expect(other.errors.contains("held.csv:2: expected one of the labels"))
    #expect(try train("--validation", "missing.csv", "--force").status == 66)
  }

  @Test func fewTextsMakeSmallBatches() throws {
    let folder = try folder()
    func budget(_ arguments: String...) throws -> String? {
      let outcome = try Senti.run(
        ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "1", "--embedding-size", "3"]
          + ["--hidden-size", "4", "--force"] + arguments, in: folder)
      #expect(outcome.errors.contains(": an epoch has ") == true)
      return try SentimentClassifier(contentsOf: folder["m"]).card.recipe["batch_tokens"]
    }
    #expect(try budget() == "128")
    #expect(try budget("--batch-tokens", "8192") == "8192")
  }

  @Test func fewTextsAreReadMoreOften() throws {
    let folder = try folder()
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--embedding-size", "3", "--hidden-size", "4"],
      in: folder)
    #expect(outcome.status == 0)
    #expect(try SentimentClassifier(contentsOf: folder["m"]).card.recipe["epochs"] == "20")
  }

  @Test func readsLabelledFolders() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      try folder.write("a good film \(index)", to: "data/pos/\(index).txt")
      try folder.write("a bad film \(index)", to: "data/neg/\(index).txt")
      try folder.write("a film \(index)", to: "data/unsup/\(index).txt")
    }
    let outcome = try Senti.run(
      ["train", "sentiment", "data", "-o", "m", "--epochs", "1", "--validation-share", "0.25"]
        + Self.tiny.filter { $0 != "--validation-count" && $0 != "10" }, in: folder)
    #expect(
      outcome.errors.hasPrefix(
        """
        data/unsup: left out, for its texts have no label
        data: 9 texts to learn from, 3 held out, 36 tokens, 14 words; labels negative, positive

        """))
    #expect(outcome.status == 0)
  }

  @Test func takesTheTextsOfTheCardFromAFile() throws {
    let folder = try folder()
    try folder.write(#"{"name":"mine","training_data":"sixty rows"}"#, to: "card.json")
    #expect(try train("--card", "card.json", in: folder).status == 0)
    let card = try SentimentClassifier(contentsOf: folder["m"]).card
    #expect(card.name == "mine" && card.trainingData == "sixty rows")
  }

  // MARK: Interruption

  @Test func ctrlCKeepsTheCheckpointAndResumingGivesTheSameModel() throws {
    let folder = try folder()
    #expect(try train(epochs: 6, in: folder).status == 0)
    let expected = try checksum(folder["m"])
    let arguments =
      ["train", "sentiment", "a.csv", "-o", "n", "--epochs", "6"] + Self.tiny
      + ["--checkpoint", "c", "--checkpoint-interval", "0"]
    let interrupted = try Senti.interruptTraining(arguments, in: folder)
    #expect(interrupted.status == 130)
    #expect(
      interrupted.errors.hasSuffix(
        "\nsenti: interrupted; c goes on from here with --resume\n"))
    #expect(!FileManager.default.fileExists(atPath: folder["n"]))
    let resumed = try Senti.run(arguments + ["--resume"], in: folder)
    #expect(resumed.errors.contains("\nc: going on after "))
    #expect(resumed.status == 0)
    #expect(try checksum(folder["n"]) == expected)
  }

  @Test func ctrlCWithoutACheckpointSaysSo() throws {
    let outcome = try Senti.interruptTraining(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "6"] + Self.tiny, in: folder())
    #expect(outcome.errors.hasSuffix("\nsenti: interrupted\n") && outcome.status == 130)
  }

  @Test func resumingWithOtherOptionsIsRefused() throws {
    let folder = try folder()
    #expect(try train("--checkpoint", "c", in: folder).status == 0)
    let outcome = try train("--checkpoint", "c", "--resume", "--force", "--clip", "2", in: folder)
    #expect(outcome.errors.contains("senti: c: the checkpoint has another set of options: "))
    #expect(outcome.status == 65)
  }

  @Test func aDamagedCheckpointIsRefused() throws {
    let folder = try folder()
    try folder.write("no checkpoint at all", to: "c")
    let outcome = try train("--checkpoint", "c", "--resume", in: folder)
    #expect(outcome.errors.contains("\nsenti: c: not a safetensors file: "))
    #expect(outcome.status == 65)
  }

  @Test func aFullDiskWhileACheckpointIsWrittenExitsWith74AndKeepsTheLastOne() throws {
    let folder = try folder()
    #expect(try train("--checkpoint", "c", in: folder).status == 0)
    let last = try Data(contentsOf: URL(fileURLWithPath: folder["c"]))
    let options = (["--epochs", "2", "--force"] + Self.tiny).joined(separator: " ")
    let outcome = try Senti.shell(
      """
      trap '' XFSZ
      ulimit -f 4
      senti train sentiment a.csv -o m2 --checkpoint c \(options) --progress never
      """, in: folder)
    let message = "senti: c: cannot be written: File too large\n"
    #expect(outcome == .init(errors: message, status: 74))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder["c"])) == last)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a.csv", "c", "m"])
  }

  // MARK: Bad input

  @Test func nothingIsReplacedUnlessForced() throws {
    let folder = try folder()
    for (name, arguments) in [("m", []), ("h", ["--history", "h"]), ("c", ["--checkpoint", "c"])] {
      let output = name == "m" ? "m" : "other"
      try folder.write("precious", to: name)
      let outcome = try Senti.run(
        ["train", "sentiment", "a.csv", "-o", output] + arguments, in: folder)
      let message = "senti: \(name): exists already; --force replaces it\n"
      #expect(outcome == .init(errors: message, status: 74))
      #expect(try String(contentsOfFile: folder[name], encoding: .utf8) == "precious")
    }
  }

  @Test(arguments: [
    ("none/m", "none/m: cannot be written: No such file or directory"),
    (".", ".: cannot be written: Is a directory"),
  ])
  func outputsThatCannotBeMadeAreRefusedBeforeTheWork(path: String, message: String) throws {
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", path, "--force"], in: folder())
    #expect(outcome == .init(errors: "senti: \(message)\n", status: 74))
  }

  @Test func aMissingFileExitsWith66() throws {
    let outcome = try Senti.run(["train", "sentiment", "none.csv", "-o", "m"], in: folder())
    #expect(outcome == .init(errors: "senti: none.csv: no such file or folder\n", status: 66))
  }

  @Test func oneLabelIsTooFew() throws {
    let folder = try TemporaryFolder()
    try folder.write("text,label\ngood,pos\nfine,positive\n", to: "a.csv")
    let outcome = try Senti.run(["train", "sentiment", "a.csv", "-o", "m"], in: folder)
    let message = "senti: a.csv: expected texts of at least 2 labels, found 1\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func rowsThatCannotBeReadAreLeftOutWithAWarning() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.rows + "no label,\nbroken\n", to: "a.csv")
    let outcome = try train(in: folder)
    #expect(
      outcome.errors.hasPrefix(
        """
        senti: warning: a.csv:63: expected 2 fields, found 1; left out
        senti: warning: a.csv:62: expected a label, found none; left out
        a.csv: 50 texts to learn from, 10 held out
        """))
    #expect(outcome.status == 0)
  }

  @Test func tooFewTextsToHoldOutExitsWith65() throws {
    let outcome = try train("--validation-count", "60", in: folder())
    let message = "senti: a.csv: expected more than the 60 texts to hold out, found 60\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func aMalformedCardExitsWith65() throws {
    let folder = try folder()
    try folder.write("[]", to: "card.json")
    let outcome = try train("--card", "card.json", in: folder)
    #expect(outcome.errors.hasPrefix("senti: card.json: expected a model card as JSON: "))
    #expect(outcome.status == 65)
  }

  @Test(arguments: [
    ["--validation-share", "0.1", "--validation-count", "1"], ["--validation-share", "1"],
    ["--resume"], ["--threads", "0"], ["--epochs", "0"], ["--hidden-size", "0"],
    ["--hidden-size", "65537"], ["--layers", "65"], ["--min-count", "0"],
    ["--word-dropout", "1"], ["--pooling", "last,last"], ["--pooling", ""], ["--max-size", "4"],
    ["--cell", "transformer"], ["--validation-count=-1"], ["--layer-dropout", "1"],
    ["--recurrent-dropout=-0.1"], ["--longest-memory", "2"],
    ["--longest-memory", "9", "--cell", "rnn"], ["--label-weights", "pos=0"],
    ["--label-weights", "pos"], ["--label-weights", "pos=1,pos=2"],
  ])
  func optionsThatMakeNoSenseExitWith64(arguments: [String]) throws {
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m"] + arguments, in: folder())
    #expect(outcome.output.isEmpty && outcome.status == 64)
    #expect(outcome.errors.hasPrefix("Error: "))
  }
}
