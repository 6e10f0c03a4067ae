import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("senti model inspect")
struct ModelInspectCommandTests {
  @Test func describesAModelInWords() throws {
    let place = try Workplace()
    let archive = try SafetensorsArchive(contentsOf: place.folder["tiny.safetensors"])
    let checksum = try archive.requireMetadata(SafetensorsArchive.checksumKey)
    let vocabularySize = try TinyModel.classifier().pipeline.vocabulary.serialized().count
    let outcome = try place.run("model", "inspect", "tiny.safetensors")
    let description = """
      file             tiny.safetensors
      model            sentiment, format version 1
      labels           negative, positive
      net              embedding 1, 1 x rnn 1 forward, pooling mean, 2 classes
      parameters       22
      precision        full
      vocabulary       14 tokens
      normalization    html nfkc fold
      built with       \(ICUVersion.linked)
      linked with      \(ICUVersion.linked)
      word boundaries  the test sentences' are the same
      temperature      1.0000
      checksum         \(checksum)

      name                 tiny
      language             en
      training seconds     12
      seed                 7
      validation_accuracy  0.8750

      tensor                type  shape
      embedding.weight      F32   14 x 1
      encoder.weight_ih_l0  F32   1 x 1
      encoder.weight_hh_l0  F32   1 x 1
      encoder.bias_ih_l0    F32   1
      encoder.bias_hh_l0    F32   1
      output.weight         F32   2 x 1
      output.bias           F32   2
      vocabulary            U8    \(vocabularySize)

      """
    #expect(outcome == .init(output: description))
  }

  @Test func describesAModelInJSON() throws {
    let outcome = try Workplace().run("model", "inspect", "tiny.safetensors", "--format", "json")
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["labels"] as? [String] == ["negative", "positive"])
    #expect(value["parameters"] as? Int == 22)
    #expect(value["format_version"] as? Int == 1)
    #expect(value["icu_version"] as? String == ICUVersion.linked.icu)
    #expect(value["linked_icu_version"] as? String == ICUVersion.linked.icu)
    let architecture = try #require(value["architecture"] as? [String: Any])
    #expect(architecture["cell"] as? String == "rnn")
    let card = try #require(value["card"] as? [String: Any])
    #expect(card["name"] as? String == "tiny")
    let tensors = try #require(value["tensors"] as? [[String: Any]])
    #expect(tensors.first?["name"] as? String == "embedding.weight")
    #expect(tensors.first?["shape"] as? [Int] == [14, 1])
  }

  @Test func describesACaptioner() throws {
    let place = try WritersPlace()
    let outcome = try place.run("model", "inspect", "captioner.safetensors")
    let model = try GenerationModel(contentsOf: place.folder["captioner.safetensors"])
    let parameters = model.network.layout.elementCount
    #expect(
      outcome.output.hasPrefix(
        """
        file        captioner.safetensors
        model       captioner, format version 1
        vectors     4 numbers each
        decoder     embedding 16, 1 x gru 24, entry initial-state, tied output
        writes      \(model.targetCodec.vocabularySize) words, nfc
        parameters  \(parameters / 1000),\("\(1000 + parameters % 1000)".dropFirst())
        precision   full
        checksum    xxh64:
        """))
    #expect(outcome.output.contains("\nreadout.weight"))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func describesATranslatorInWordsAndInJSON() throws {
    let place = try WritersPlace()
    let model = try GenerationModel(contentsOf: place.folder["translator.safetensors"])
    let reading = try #require(model.sourceCodec).vocabularySize
    let text = try place.run("model", "inspect", "translator.safetensors").output
    #expect(text.contains("\nencoder     embedding 16, 1 x gru 16 bidirectional\n"))
    #expect(text.contains("\nattention   dot\nreads       \(reading) words, nfc\n"))
    let json = try place.run("model", "inspect", "translator.safetensors", "--format", "json")
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(value["kind"] as? String == "translator" && value["format_version"] as? Int == 1)
    #expect(value["source_vocabulary_size"] as? Int == reading)
    #expect(value["parameters"] as? Int == model.network.layout.elementCount)
    let architecture = try #require(value["architecture"] as? [String: Any])
    #expect(architecture.keys.sorted() == ["decoder", "encoder"])
  }

  @Test func withoutAFileTheBundledModelIsDescribed() throws {
    let outcome = try Senti.run(["model", "inspect"], in: TemporaryFolder())
    #expect(
      outcome.output.hasPrefix(
        """
        file             english.safetensors (inside the program)
        model            sentiment, format version\u{20}
        """))
    #expect(outcome.output.contains("\nlabels           negative, neutral, positive\n"))
    #expect(outcome.output.contains("\nword boundaries  "))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test(arguments: [nil, "tiny.safetensors"])
  func jsonSaysWhetherTheModelIsAFile(_ file: String?) throws {
    let arguments = ["model", "inspect", "--format", "json"] + (file.map { [$0] } ?? [])
    let outcome = try Senti.run(arguments, in: Workplace().folder)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["file"] as? String == file)
    #expect(value["bundled"] as? String == (file == nil ? "english" : nil))
  }

  @Test func aForeignFileExitsWith65() throws {
    let place = try Workplace()
    try place.folder.write("a text, and no model", to: "model")
    let outcome = try place.run("model", "inspect", "model")
    #expect(outcome.errors.hasPrefix("senti: model: not a safetensors file: "))
    #expect(outcome.output.isEmpty && outcome.status == 65)
  }

  @Test func aMissingFileExitsWith66() throws {
    let outcome = try Workplace().run("model", "inspect", "none")
    #expect(outcome == .init(errors: "senti: none: no such file or folder\n", status: 66))
  }

  @Test func aDamagedTensorExitsWith65() throws {
    let place = try Workplace()
    var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: place.folder["tiny.safetensors"])))
    bytes[bytes.count - 3] ^= 1
    try place.folder.write(bytes, to: "model")
    let outcome = try place.run("model", "inspect", "model")
    #expect(outcome.errors.hasPrefix("senti: model: damaged: expected checksum xxh64:"))
    #expect(outcome.status == 65)
  }
}
