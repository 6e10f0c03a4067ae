import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti train captioner, senti train translator")
struct TrainGenerationCommandsTests {
  /// Nets that train in some milliseconds an epoch, also in a debug build.
  static let tiny = [
    "--embedding-size", "6", "--decoder-size", "10", "--min-count", "1", "--no-subwords",
    "--batch-tokens", "32", "--learning-rate", "0.03", "--averaging", "0", "--threads", "2",
    "--embedding-dropout", "0", "--layer-dropout", "0", "--output-dropout", "0",
  ]

  static let vectors = "a,1,0,1,0\nb,0,1,1,0\nc,1,0,0,1\nd,0,1,0,1\n"
  static let captions =
    "a#0\ta red circle\na#1\tred circle\nb\ta blue circle\nc\ta red square\nd\ta blue square\n"

  static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.vectors, to: "v.csv")
    try folder.write(Self.captions, to: "c.tsv")
    try folder.write("one\ntwo\n\none two\ntwo one\n", to: "a.en")
    try folder.write("eins\nzwei\ndrei\neins zwei\nzwei eins\n", to: "a.de")
    return folder
  }

  private func captioner(
    _ arguments: String..., epochs: Int = 2, in folder: TemporaryFolder
  ) throws -> Senti.Outcome {
    try Senti.run(
      ["train", "captioner", "v.csv", "c.tsv", "-o", "m", "--epochs", "\(epochs)"] + Self.tiny
        + arguments, in: folder)
  }

  private func translator(
    _ arguments: String..., epochs: Int = 2, in folder: TemporaryFolder
  ) throws -> Senti.Outcome {
    try Senti.run(
      ["train", "translator", "a.en", "a.de", "-o", "m", "--epochs", "\(epochs)"] + Self.tiny
        + ["--encoder-size", "6"] + arguments, in: folder)
  }

  private func checksum(_ path: String) throws -> String {
    try SafetensorsArchive(contentsOf: path).requireMetadata(SafetensorsArchive.checksumKey)
  }

  // MARK: What comes out

  @Test func makesACaptioner() throws {
    let folder = try Self.folder()
    let outcome = try captioner(
      "--validation-vectors", "v.csv", "--validation-captions", "c.tsv", "--learning-rate", "0.01",
      epochs: 200, in: folder)
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(
      outcome.errors.hasPrefix(
        "4 sources with 5 texts to learn from, 4 held out, 9 tokens, "))
    #expect(outcome.errors.contains("\nbeam 5: BLEU-1 "))
    #expect(outcome.errors.hasSuffix("\nm: written\n"))
    let model = try GenerationModel(contentsOf: folder["m"], kind: .captioner)
    #expect(
      model.texts(of: [.vector([0, 1, 1, 0]), .vector([1, 0, 0, 1])])
        == ["a blue circle", "a red square"])
    #expect(model.card.command.hasPrefix("senti train captioner v.csv c.tsv -o m "))
    #expect(try #require(model.card.figures["validation_bleu_beam_1"]) > 0)
  }

  @Test func makesATranslator() throws {
    let folder = try Self.folder()
    let outcome = try translator(epochs: 80, in: folder)
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("senti: warning: a.de: 1 pairs with an empty line left out\n"))
    let model = try GenerationModel(contentsOf: folder["m"], kind: .translator)
    #expect(
      model.texts(of: [model.source(for: "one two"), model.source(for: "two")])
        == ["eins zwei", "zwei"])
  }

  @Test func writesAHistoryWithBLEU() throws {
    let folder = try Self.folder()
    let outcome = try translator(
      "--validation-source", "a.en", "--validation-target", "a.de", "--history", "h", "--progress",
      "never", in: folder)
    #expect(outcome.status == 0)
    let text = try String(contentsOfFile: folder["h"], encoding: .utf8)
    let records = try text.split(separator: "\n").map {
      try JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8))
    }
    #expect(records.map(\.epoch) == [1, 2])
    #expect(records.allSatisfy { $0.validationBLEU != nil && $0.validationLoss != nil })
  }

  @Test func theCardNotesWhatTheRecipeWas() throws {
    let folder = try Self.folder()
    let outcome = try captioner(
      "--optimizer", "nesterov", "--schedule", "cosine", "--clip-value", "0.5", "--lazy", in: folder
    )
    #expect(outcome.status == 0)
    let first = try GenerationModel(contentsOf: folder["m"])
    #expect(first.card.recipe["schedule"] == "cosine")
    #expect(first.card.recipe["optimizer"]?.contains("isNesterov: true") == true)
    #expect(first.card.recipe["clipping_value"] == "0.5")
    #expect(first.card.recipe["lazy_rows"] == "true")
    #expect(try captioner("--force", "--weight-decay", "0.1", in: folder).status == 0)
    let second = try GenerationModel(contentsOf: folder["m"]).card.recipe
    #expect(second["optimizer"]?.hasPrefix("adamW(") == true)
    #expect(second["optimizer"]?.contains("weightDecay: 0.1") == true)
  }

  // MARK: Interruption

  @Test func resumingGivesTheSameModel() throws {
    let folder = try Self.folder()
    #expect(try translator(epochs: 6, in: folder).status == 0)
    let expected = try checksum(folder["m"])
    let arguments =
      ["train", "translator", "a.en", "a.de", "-o", "n", "--epochs", "6"] + Self.tiny
      + ["--encoder-size", "6", "--checkpoint", "c", "--checkpoint-interval", "0"]
    let interrupted = try Senti.interruptTraining(arguments, in: folder)
    #expect(interrupted.status == 130)
    #expect(try Senti.run(arguments + ["--resume"], in: folder).status == 0)
    #expect(try checksum(folder["n"]) == expected)
  }

  /// Bytes of Latin-1 are words where the option says so, and an error else.
  @Test func readsOtherEncodings() throws {
    let folder = try Self.folder()
    let word = "\u{E9}t\u{E9}"
    let bytes: [UInt8] = [0xE9, 0x74, 0xE9]
    try folder.write(bytes + Array("\ntwo\n\none two\ntwo one\n".utf8), to: "a.en")
    try folder.write(Array("a\tred ".utf8) + bytes + Array("\n".utf8), to: "c.tsv")
    #expect(try translator(in: folder).errors.hasPrefix("senti: a.en:1: "))
    #expect(try translator("--encoding", "latin-1", in: folder).status == 0)
    let codec = try GenerationModel(contentsOf: folder["m"], kind: .translator).sourceCodec
    #expect(codec.map { $0.decode($0.encode(word)) } == word)
    #expect(try captioner("--force", in: folder).errors.hasPrefix("senti: c.tsv:1: "))
    #expect(try captioner("--force", "--encoding", "latin-1", in: folder).status == 0)
    let other = try GenerationModel(contentsOf: folder["m"], kind: .captioner).targetCodec
    #expect(other.decode(other.encode(word)) == word)
  }

  // MARK: Bad input

  @Test func filesOfOtherLengthsExitWith65() throws {
    let folder = try Self.folder()
    try folder.write("eins\n", to: "a.de")
    let message = "senti: a.de: expected 5 lines as in a.en, found 1\n"
    #expect(try translator(in: folder) == .init(errors: message, status: 65))
  }

  @Test func filesOfNothingExitWith65() throws {
    let folder = try Self.folder()
    try folder.write("", to: "a.en")
    try folder.write("", to: "a.de")
    let outcome = try translator(in: folder)
    #expect(outcome.errors.hasPrefix("senti: a.en: expected texts, found none"))
    #expect(outcome.status == 65)
  }

  @Test func validationVectorsOfAnotherWidthAreRefused() throws {
    let folder = try Self.folder()
    try folder.write("a,1,2\n", to: "w.csv")
    try folder.write("a\ttext\n", to: "w.tsv")
    let outcome = try captioner(
      "--validation-vectors", "w.csv", "--validation-captions", "w.tsv", in: folder)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("w.csv") && outcome.errors.contains("4"))
  }

  @Test func captionsOfUnknownImagesAreRefused() throws {
    let folder = try Self.folder()
    try folder.write(Self.captions + "z\ta ghost\n", to: "c.tsv")
    let outcome = try captioner(in: folder)
    #expect(outcome.status == 65 && outcome.errors.contains("c.tsv:6"))
  }

  @Test func vectorsWithoutCaptionsAreLeftOutWithAWarning() throws {
    let folder = try Self.folder()
    try folder.write("a\ta red circle\n", to: "c.tsv")
    let outcome = try captioner(in: folder)
    #expect(
      outcome.errors.hasPrefix(
        "senti: warning: c.tsv: 3 vectors have no caption\n1 sources with 1 texts"))
    #expect(outcome.status == 0)
  }

  @Test(arguments: [
    ["--validation-source", "a.en"], ["--patience", "0"], ["--encoder-size", "0"],
    ["--layer-dropout", "1"], ["--attention", "much"], ["--entry", "nowhere"], ["--resume"],
    ["--max-size", "4"], ["--optimizer", "adagrad"], ["--clip-value=-1"],
    ["--weight-decay", "0.1", "--optimizer", "sgd"], ["--decoder-layers", "65"],
  ])
  func optionsThatMakeNoSenseExitWith64(arguments: [String]) throws {
    let outcome = try Senti.run(
      ["train", "translator", "a.en", "a.de", "-o", "m"] + arguments, in: Self.folder())
    #expect(outcome.output.isEmpty && outcome.status == 64)
    #expect(outcome.errors.hasPrefix("Error: "))
  }
}
