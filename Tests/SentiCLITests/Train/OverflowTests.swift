import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

/// Models of finite numbers whose sums are none.
@Suite("Models that overflow")
struct OverflowTests {
  private static let answer =
    "expected finite numbers from the model, found infinity or none; its weights are too large"

  /// A folder in which the tiny model has no answer for favourable texts.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try TinyModel.overflowingClassifier().write(
      to: place.folder["tiny.safetensors"], storedType: .float32, overwriting: true)
    try place.folder.write("text,label\nbad,neg\ngood,pos\n", to: "a.csv")
    try place.folder.write("bad", to: "bad.txt")
    try place.folder.write("good", to: "good.txt")
    return place
  }

  @Test(arguments: [[], ["--timeline"]])
  func classifyReportsTheText(arguments: [String]) throws {
    let place = try Self.place()
    let outcome = try Senti.run(
      ["classify", "--model", "tiny.safetensors", "bad.txt", "good.txt"] + arguments,
      in: place.folder)
    #expect(outcome.output.hasPrefix("negative\t") && !outcome.output.contains("good.txt"))
    #expect(outcome.errors == "senti: good.txt: \(Self.answer)\n" && outcome.status == 1)
    let alone = try place.classify("good.txt")
    #expect(alone == .init(errors: "senti: good.txt: \(Self.answer)\n", status: 1))
  }

  @Test(arguments: [[], ["--timeline"]])
  func scoreKeepsTheRowWithTheReason(arguments: [String]) throws {
    let place = try Self.place()
    let outcome = try Senti.run(
      ["score", "--model", "tiny.safetensors", "a.csv", "--format", "jsonl"] + arguments,
      in: place.folder)
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 2)
    #expect(lines[0].contains(#""senti_label":"negative""#))
    #expect(lines[1].contains(#""senti_label":null"#) && lines[1].contains(Self.answer))
    #expect(outcome.errors.contains("senti: a.csv:3: \(Self.answer)\n") && outcome.status == 1)
  }

  @Test(arguments: [
    ["evaluate", "a.csv"], ["model", "quantize", "a.csv", "-o", "small"],
    ["model", "quantize", "a.csv", "-o", "small", "--precision", "bfloat16"],
  ])
  func verbsOnModelsNameTheTextAndExitWith65(arguments: [String]) throws {
    let place = try Self.place()
    let outcome = try Senti.run(arguments + ["--model", "tiny.safetensors"], in: place.folder)
    #expect(outcome == .init(errors: "senti: a.csv:3: \(Self.answer)\n", status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["small"]))
  }

  @Test func verifyExitsWith65() throws {
    let outcome = try Self.place().run("verify", "a.csv", "--model", "tiny.safetensors")
    #expect(outcome == .init(errors: "senti: a.csv: \(Self.answer)\n", status: 65))
  }

  @Test func aTrainingThatDivergesSaysSo() throws {
    let folder = try TemporaryFolder()
    try folder.write(TrainSentimentCommandTests.rows, to: "a.csv")
    let outcome = try Senti.run(
      ["train", "sentiment", "a.csv", "-o", "m", "--epochs", "1", "--schedule", "constant"]
        + TrainSentimentCommandTests.tiny + ["--learning-rate", "1e38", "--batch-tokens", "9999"],
      in: folder)
    #expect(outcome.errors.contains(" is not finite"))
    #expect(outcome.status == 65 && !FileManager.default.fileExists(atPath: folder["m"]))
  }

  // MARK: Models that write

  /// Makes all numbers of a model as large as they can be.
  private static func overflow(_ name: String, in place: WritersPlace) throws {
    let model = try GenerationModel(contentsOf: place.folder[name])
    let parameters = Parameters<Float>(layout: model.network.layout) { slot in
      model.parameters[slot].map { $0 < 0 ? -3e38 : 3e38 }
    }
    try GenerationModel(
      sourceCodec: model.sourceCodec, targetCodec: model.targetCodec, network: model.network,
      parameters: parameters
    ).write(to: place.folder[name], storedType: .float32, overwriting: true)
  }

  @Test(arguments: [[], ["--beam", "3"], ["--sample"], ["--no-repeat-ngram", "2"]])
  func captionReportsEachVector(arguments: [String]) throws {
    let place = try WritersPlace()
    try Self.overflow("captioner.safetensors", in: place)
    let outcome = try Senti.run(
      ["caption", "-m", "captioner.safetensors", "v.npy", "--names", "names.txt"] + arguments,
      in: place.folder)
    let names = ["sleeping cat", "running cat", "sleeping dog", "running dog"]
    let messages = names.map { "senti: \($0): \(Self.answer)\n" }.joined()
    #expect(outcome == .init(errors: messages, status: 65))
  }

  @Test func translateKeepsALineAndExplainsNothing() throws {
    let place = try WritersPlace()
    try Self.overflow("translator.safetensors", in: place)
    try place.folder.write("the cat sleeps .\nthe dog runs .\n", to: "a.en")
    let outcome = try place.translate("a.en", "--explain", "page.html")
    #expect(outcome.output == "\n\n" && outcome.status == 65)
    #expect(outcome.errors.hasPrefix("senti: a.en:1: \(Self.answer)\n"))
    #expect(FileManager.default.fileExists(atPath: place.folder["page.html"]))
  }

  @Test(arguments: [["evaluate", "translator"], ["model", "quantize", "-o", "small"]])
  func modelsThatWriteAreNotMeasured(arguments: [String]) throws {
    let place = try WritersPlace()
    try Self.overflow("translator.safetensors", in: place)
    try place.folder.write("the cat sleeps .\n", to: "a.en")
    try place.folder.write("Die Katze.\n", to: "a.de")
    let references = arguments[0] == "model" ? ["--references", "a.de"] : ["a.de"]
    let outcome = try Senti.run(
      arguments + ["a.en"] + references + ["--model", "translator.safetensors"], in: place.folder)
    #expect(outcome == .init(errors: "senti: a.en:1: \(Self.answer)\n", status: 65))
  }
}
