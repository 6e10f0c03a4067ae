import Foundation
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti model quantize")
struct ModelQuantizeCommandTests {
  private static let rows = """
    text,label
    a good film,pos
    great,pos
    awful,neg
    "not good, not bad but awful",pos

    """

  private func quantize(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try place.folder.write(Self.rows, to: "a.csv")
    let command = ["model", "quantize", "a.csv", "--model", "tiny.safetensors"]
    return try Senti.run(command + arguments, in: place.folder)
  }

  /// A folder whose model says something else once it is rounded.
  private static func fragilePlace() throws -> Workplace {
    let place = try Workplace()
    try TinyModel.fragileClassifier().write(
      to: place.folder["tiny.safetensors"], storedType: .float32, overwriting: true)
    return place
  }

  @Test(arguments: [("int8", WeightPrecision.integer8), ("bfloat16", .bfloat16)])
  func writesARoundedModelAndWhatItCosts(_ name: String, _ precision: WeightPrecision) throws {
    let place = try Workplace()
    let outcome = try quantize("-o", "small", "--precision", name, in: place)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines[0] == ["full", name[...], "change"])
    #expect(lines[1] == ["accuracy", "0.7500", "0.7500", "0.0000"])
    #expect(lines.map { $0.first } == ["full", "accuracy", "macro", "log", "expected"])
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let small = try SentimentClassifier(contentsOf: place.folder["small"])
    #expect(small.precision == precision)
    #expect(small.card.recipe == ["seed": "7", "precision": name])
    let again = try place.run("model", "quantize", "a.csv", "--model", "small", "-o", "smaller")
    let message = "senti: small: expected a model in full precision, found \(name)\n"
    #expect(again == .init(errors: message, status: 65))
  }

  /// What is reported of each model is what `senti evaluate` finds of it.
  @Test func writesJSON() throws {
    let place = try Self.fragilePlace()
    let outcome = try quantize("-o", "small", "--format", "json", "--max-loss", "1", in: place)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["precision"] as? String == "int8")
    let (before, after) = (
      value["before"] as? [String: Any], value["after"] as? [String: Any]
    )
    #expect(before?["accuracy"] as? Double == 0.75 && after?["accuracy"] as? Double == 0.25)
    for (model, reported) in [("tiny.safetensors", before), ("small", after)] {
      let evaluation = try place.run(
        "evaluate", "sentiment", "a.csv", "--model", model, "--format", "json")
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
      for figure in ["accuracy", "macro_f1", "log_loss", "expected_calibration_error"] {
        let (value, expected) = (reported?[figure] as? Double, found[figure] as? Double)
        #expect(value != nil && value == expected, "\(model) \(figure)")
      }
    }
    #expect(before?["log_loss"] as? Double != after?["log_loss"] as? Double)
  }

  @Test(arguments: ["text,label\n", "text,label\n\n"])
  func withoutTextsNothingIsWritten(content: String) throws {
    let place = try Workplace()
    try place.folder.write(content, to: "none.csv")
    let outcome = try place.run(
      "model", "quantize", "none.csv", "--model", "tiny.safetensors", "-o", "small")
    #expect(outcome == .init(errors: "senti: none.csv: expected texts, found none\n", status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["small"]))
  }

  @Test func aLossThatIsTooGreatWritesNothing() throws {
    let place = try Self.fragilePlace()
    let outcome = try quantize("-o", "small", in: place)
    let message =
      "senti: a.csv: expected a loss of accuracy of 0.005 or less, found 0.5000; "
      + "nothing was written\n"
    #expect(outcome.errors == message && outcome.status == 1)
    #expect(!FileManager.default.fileExists(atPath: place.folder["small"]))
    let accepted = try quantize("-o", "small", "--max-loss", "1", in: place)
    #expect(accepted.errors.isEmpty && accepted.status == 0)
  }

  @Test func aFileThatExistsIsKeptUnlessForced() throws {
    let place = try Workplace()
    try place.folder.write("mine", to: "small")
    let refused = try quantize("-o", "small", in: place)
    #expect(refused.errors.hasPrefix("senti: small: ") && refused.status == 74)
    #expect(try place.folder.bytes("small") == Data("mine".utf8))
    #expect(try quantize("-o", "small", "--force", in: place).status == 0)
  }

  @Test(arguments: ["a.csv", "tiny.safetensors"])
  func whatIsReadIsNotReplaced(_ path: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let before = try place.folder.bytes(path)
    let outcome = try quantize("-o", "./\(path)", "--force", in: place)
    let message = "senti: ./\(path): is read and cannot be written at the same time\n"
    #expect(outcome == .init(errors: message, status: 64))
    #expect(try place.folder.bytes(path) == before)
  }

  @Test func aShareOutsideOfZeroToOneIsAMistake() throws {
    let outcome = try quantize("-o", "small", "--max-loss", "2", in: Workplace())
    #expect(outcome.errors.contains("Expected --max-loss from 0 to 1, found 2.0."))
    #expect(outcome.status == 64)
  }

  // MARK: Models that write

  @Test func aTranslatorIsRounded() throws {
    let place = try WritersPlace()
    try place.folder.write("the cat runs .\nthe dog sleeps .\n", to: "s.en")
    try place.folder.write("Die Katze rennt.\nDer Hund schl\u{E4}ft.\n", to: "t.de")
    let outcome = try place.run(
      "model", "quantize", "s.en", "--references", "t.de", "--model", "translator.safetensors",
      "-o",
      "small", "--beam", "2")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines[0] == ["full", "int8", "change"])
    #expect(lines.contains(["BLEU-4", "100.00", "100.00", "0.00"]))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let translated = try place.run("translate", "-m", "small", "s.en")
    #expect(translated.output == "Die Katze rennt.\nDer Hund schl\u{E4}ft.\n")
    let again = try place.run(
      "model", "quantize", "s.en", "--references", "t.de", "--model", "small", "-o", "smaller")
    let message = "senti: small: expected a model in full precision, found int8\n"
    #expect(again == .init(errors: message, status: 65))
    let exported = try place.run("model", "export", "small", "--onnx", "-o", "a.onnx")
    #expect(exported == .init(errors: message, status: 65))
  }

  /// A column of weights so great that all others become zero beside it, of an element that is zero:
  /// what the model writes is lost to 8-bit integers alone, and all of it is a loss of at most 1.
  @Test func aLossOfBLEUIsAFraction() throws {
    let place = try WritersPlace()
    let model = try TinyWriters.translator.get()
    let encoder = try #require(model.network.encoder)
    var parameters = model.parameters
    func setFirstColumn(of slot: ParameterSlot, to value: Float) {
      var values = parameters[slot]
      for row in 0..<slot.rowCount { values[row * slot.columnCount] = value }
      parameters[slot] = values
    }
    setFirstColumn(of: encoder.embedding.weights, to: 0)
    for direction in encoder.stack.layers[0] {
      setFirstColumn(of: direction.cell.parameters.inputWeights, to: 10_000)
    }
    let spoilt = GenerationModel(
      sourceCodec: model.sourceCodec, targetCodec: model.targetCodec, network: model.network,
      parameters: parameters)
    try spoilt.write(to: place.folder["spoilt"])
    try place.folder.write("the cat runs .\nthe dog sleeps .\n", to: "s.en")
    let translated = try place.run("translate", "-m", "spoilt", "s.en").output
    try place.folder.write(translated, to: "t.de")
    func status(_ maximumLoss: String) throws -> Int32 {
      try place.run(
        "model", "quantize", "s.en", "--references", "t.de", "--model", "spoilt", "-o", "small",
        "--max-loss", maximumLoss
      ).status
    }
    #expect(try status("0.01") == 1)
    #expect(try status("1") == 0)
  }

  @Test func aCaptionerIsRounded() throws {
    let place = try WritersPlace()
    try place.folder.write("sleeping cat\tA cat sleeps.\nrunning cat\tA cat runs.\n", to: "c.tsv")
    let outcome = try place.run(
      "model", "quantize", "v.npy", "--names", "names.txt", "--references", "c.tsv", "--model",
      "captioner.safetensors", "-o", "small", "--precision", "bfloat16", "--format", "json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["precision"] as? String == "bfloat16")
    let (before, after) = (json["before"] as? [String: Any], json["after"] as? [String: Any])
    #expect(before?["bleu_4"] as? Double == after?["bleu_4"] as? Double)
    #expect(outcome.status == 0)
    #expect(try GenerationModel(contentsOf: place.folder["small"]).precision == .bfloat16)
  }

  @Test func aModelThatWritesNeedsReferences() throws {
    let place = try WritersPlace()
    try place.folder.write("the cat runs .\n", to: "s.en")
    let outcome = try place.run(
      "model", "quantize", "s.en", "--model", "translator.safetensors", "-o", "small")
    #expect(outcome.errors.hasPrefix("Error: Expected --references for a translator, found 0."))
    #expect(outcome.status == 64)
    let other = try quantize("-o", "small", "--references", "a.csv", in: Workplace())
    #expect(other.errors.hasPrefix("Error: Expected labelled texts for a classifier, found"))
    #expect(other.status == 64)
  }

  @Test func optionsOfTheOtherKindAreRefused() throws {
    for option in [["--beam", "5"], ["--names", "n.txt"], ["--lowercase"]] {
      let outcome = try Senti.run(
        ["model", "quantize", "a.csv", "--model", "tiny.safetensors", "-o", "small"] + option,
        in: Workplace().folder)
      #expect(outcome.errors.hasPrefix("Error: Expected --names, --beam and --lowercase with a"))
      #expect(outcome.status == 64)
    }
    let place = try WritersPlace()
    for option in [["--text-field", "t"], ["--label-map", "a=b"], ["--input-format", "csv"]] {
      let outcome = try Senti.run(
        [
          "model", "quantize", "s.en", "--references", "t.de", "--model", "translator.safetensors",
          "-o", "small",
        ] + option, in: place.folder)
      #expect(outcome.errors.hasPrefix("Error: Expected options of fields, formats and labels"))
      #expect(outcome.status == 64)
    }
  }
}
