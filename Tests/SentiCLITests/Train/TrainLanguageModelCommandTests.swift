import SentiModels
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("senti train language-model")
struct TrainLanguageModelCommandTests {
  static let lines = (0..<40).map { index in
    let words = ["one", "two", "three", "four", "five"]
    return (0..<4 + index % 3).map { words[(index + $0) % 5] }.joined(separator: " ")
  }.joined(separator: "\n")

  /// A net that trains in some milliseconds an epoch, also in a debug build.
  static let tiny = [
    "--embedding-size", "3", "--hidden-size", "4", "--min-count", "1", "--batch-tokens", "40",
    "--candidates", "3", "--window", "3", "--validation-count", "5", "--threads", "2",
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.lines, to: "a.txt")
    return folder
  }

  private func train(_ arguments: String..., in folder: TemporaryFolder) throws -> Senti.Outcome {
    try Senti.run(
      ["train", "language-model", "a.txt", "-o", "m", "--epochs", "2"] + Self.tiny + arguments,
      in: folder)
  }

  @Test func makesAModelThatAClassifierStartsFrom() throws {
    let folder = try folder()
    let outcome = try train("--bidirectional", "--cell", "gru", in: folder)
    #expect(outcome.output.isEmpty && outcome.status == 0)
    #expect(outcome.errors.hasPrefix("a.txt: 35 texts to learn from, 5 held out, "))
    #expect(outcome.errors.contains("\nperplexity of a token, held out: "))
    let model = try LanguageModel(contentsOf: folder["m"])
    #expect(model.network.configuration.isBidirectional)
    #expect(model.card.command.hasPrefix("senti train language-model a.txt -o m "))
    #expect(model.card.recipe["candidates"] == "3")
    #expect(model.card.figures["validation_perplexity"] != nil)
    try folder.write("text,label\nfive one,pos\ntwo two,neg\nfive,pos\ntwo,neg\n", to: "l.csv")
    let classifier = try Senti.run(
      ["train", "sentiment", "l.csv", "-o", "c", "--from", "m", "--validation-count", "0"]
        + ["--epochs", "1"], in: folder)
    #expect(classifier.status == 0)
    #expect(classifier.errors.contains("m: vectors of 5 of 5 words"))
  }

  @Test func interruptedAndResumedIsTheSame() throws {
    let folder = try folder()
    #expect(try train("--checkpoint", "c", in: folder).status == 0)
    let first = try LanguageModel(contentsOf: folder["m"])
    let resumed = try train("--checkpoint", "c", "--resume", "--force", in: folder)
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("c: going on after 2 epochs"))
    #expect(try LanguageModel(contentsOf: folder["m"]).parameters.values == first.parameters.values)
    let other = try train("--checkpoint", "c", "--resume", "--force", "--window", "4", in: folder)
    #expect(other.status == 65)
  }

  @Test(
    arguments: [
      (["--validation-count", "40"], 65), (["--candidates", "0"], 64), (["--window", "0"], 64),
      (["--bidirectional", "--layers", "2"], 64), (["--validation-count=-1"], 64),
    ] as [([String], Int32)])
  func optionsThatMakeNoSenseAreRefused(_ arguments: [String], _ status: Int32) throws {
    let folder = try folder()
    let command = ["train", "language-model", "a.txt", "-o", "m"] + Self.tiny + arguments
    #expect(try Senti.run(command, in: folder).status == status)
  }

  @Test func aModelOfCharactersWritesThem() throws {
    let folder = try folder()
    let outcome = try train("--characters", in: folder)
    #expect(outcome.status == 0 && outcome.errors.contains(" characters\n"))
    #expect(try train("--characters", "--subwords", "--force", in: folder).status == 64)
    let codec = try LanguageModel(contentsOf: folder["m"]).codec
    #expect(codec.unit == .characters && codec.pieces(codec.encode("one")) == ["o", "n", "e"])
    let generated = try Senti.run(
      ["generate", "-m", "m", "on", "--max-length", "5"], in: folder)
    #expect(generated.status == 0 && generated.output.hasPrefix("on"))
    let tokenized = try Senti.run(["tokenize", "--vocab", "m", "--text", "x"], in: folder)
    #expect(tokenized.status == 65)
  }

  @Test func aModelOfBytesIsNoStartForAClassifier() throws {
    let folder = try folder()
    #expect(try train("--subwords", "--max-size", "260", in: folder).status == 0)
    #expect(try LanguageModel(contentsOf: folder["m"]).codec.vocabularySize == 260)
    try folder.write("text,label\none,pos\ntwo,neg\n", to: "l.csv")
    let outcome = try Senti.run(
      ["train", "sentiment", "l.csv", "-o", "c", "--from", "m", "--validation-count", "0"],
      in: folder)
    #expect(
      outcome == .init(errors: "senti: m: vocabulary: expected words, found subwords\n", status: 65)
    )
  }

  /// Lines and folders of Latin-1 are trained on where the option says so, and left out else.
  @Test(arguments: ["a.txt", "texts"])
  func readsOtherEncodings(data: String) throws {
    let folder = try TemporaryFolder()
    for index in 0..<8 {
      try folder.write([0xE9] + Array(" one two\n".utf8), to: "texts/\(index).txt")
    }
    try folder.write(
      (0..<8).flatMap { _ in [0xE9] + Array(" one two\n".utf8) }, to: "a.txt")
    func train(_ options: String...) throws -> Senti.Outcome {
      let output = ["-o", "m", "--epochs", "1", "--force"]
      return try Senti.run(
        ["train", "language-model", data] + output + Self.tiny + options, in: folder)
    }
    #expect(try train().status == 65)
    #expect(try train("--encoding", "latin-1").status == 0)
    let codec = try LanguageModel(contentsOf: folder["m"]).codec
    #expect(codec.decode(codec.encode("\u{E9}")) == "\u{E9}")
  }

  @Test func aMissingFileExitsWith66() throws {
    let folder = try folder()
    let command = ["train", "language-model", "b.txt", "-o", "m"] + Self.tiny
    #expect(try Senti.run(command, in: folder).status == 66)
  }
}
