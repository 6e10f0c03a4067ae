import Foundation
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("Models that write")
struct GenerationModelTests {
  static func sources(_ model: GenerationModel, _ texts: [String]) -> [GenerationSource] {
    texts.map { model.source(for: $0) }
  }

  static let texts = ["one", "five four three two", "", "two two", "one three five"]

  // MARK: Writing

  @Test(arguments: [1, 3])
  func aSourceIsWrittenOfAlikeAloneAndBesideOthers(beamSize: Int) throws {
    let model = try TestWriters.model(TestWriters.numbers(20))
    var options = GenerationOptions()
    options.beamSize = beamSize
    options.hypothesisCount = beamSize
    let sources = Self.sources(model, Self.texts)
    let together = model.hypotheses(of: sources, options: options, threadCount: 2)
    #expect(together.count == 5)
    for (source, found) in zip(sources, together) {
      #expect(model.hypotheses(of: [source], options: options) == [found])
      #expect(!found.isEmpty)
    }
  }

  @Test func noTextIsLongerThanTwiceItsSourceAndTenMore() throws {
    let model = try TestWriters.model(TestWriters.numbers(20))
    let found = model.hypotheses(of: Self.sources(model, Self.texts))
    for (text, hypotheses) in zip(Self.texts, found) {
      let words = text.split(separator: " ").count
      #expect(hypotheses[0].tokens.count <= 2 * (words + 1) + 10)
    }
  }

  @Test func attentionHasARowForEachTokenAndTheEnd() throws {
    let model = try TestWriters.model(TestWriters.numbers(20))
    let weights = model.attention(of: model.source(for: "one two three"), writing: [5, 6])
    #expect(weights.rowCount == 3 && weights.columnCount == 4)
    for row in 0..<3 { #expect(abs(weights.row(row).reduce(0, +) - 1) < 1e-5) }
    let without = try TestWriters.model(TestWriters.numbers(20), attention: nil)
    #expect(without.attention(of: without.source(for: "one"), writing: [5]).columnCount == 0)
  }

  /// Whatever was written as unknown is the word of the source with the greatest weight.
  @Test func unknownWordsAreCopied() throws {
    let model = try TestWriters.model(TestWriters.numbers(20))
    let text = "one Zanzibar three"
    let (unknown, known) = (model.generator.tokens.unknown, Int32(5))
    let words = try #require(model.words(of: [unknown, known], copyingFrom: text))
    let weights = model.attention(of: model.source(for: text), writing: [unknown, known])
    let best = weights.row(0)[..<3].enumerated().max { $0.element < $1.element }?.offset
    #expect(words[0] == ["one", "zanzibar", "three"][try #require(best)])
    #expect(words[1] == model.targetCodec.decode([known]))
    #expect(model.words(of: [known], copyingFrom: text) == nil)
    let subwords = try TestWriters.model(TestWriters.numbers(20), usesSubwords: true)
    #expect(subwords.words(of: [unknown], copyingFrom: text) == nil)
  }

  // MARK: Codecs

  @Test func subwordsComeBackAsTheyWere() throws {
    let model = try TestWriters.model(TestWriters.numbers(20), usesSubwords: true)
    for text in ["drei fünf", " Ein  Satz. ", "", "never seen 漢字"] {
      #expect(model.targetCodec.decode(model.targetCodec.encode(text)) == text)
    }
    #expect(model.targetCodec.encode("eins").first != model.targetCodec.encode("zwei").first)
    // A first word is what it is elsewhere.
    let codec = model.targetCodec
    #expect(
      codec.encode("vier vier").prefix(codec.encode("vier").count) == codec.encode("vier")[...])
  }

  // MARK: Files

  @Test(arguments: [false, true], [false, true])
  func translatorsComeBackBitForBit(usesSubwords: Bool, sharesVocabulary: Bool) throws {
    let folder = try TemporaryFolder()
    let model = try TestWriters.model(
      TestWriters.numbers(20), usesSubwords: usesSubwords, sharesVocabulary: sharesVocabulary)
    try model.write(to: folder["m"], storedType: .float32)
    let read = try GenerationModel(contentsOf: folder["m"], kind: .translator)
    #expect(bits(read.parameters.values) == bits(model.parameters.values))
    #expect(read.card == model.card && read.network.configuration == model.network.configuration)
    let (found, expected) = (Self.sources(read, Self.texts), Self.sources(model, Self.texts))
    #expect(found == expected)
    #expect(read.texts(of: found) == model.texts(of: expected))
    let names = try SafetensorsArchive(contentsOf: folder["m"]).tensors.map(\.name)
    #expect(names.contains("source_vocabulary") == !sharesVocabulary)
    #expect(names.contains("source_embedding.weight") == !sharesVocabulary)
  }

  @Test func captionersComeBack() throws {
    let folder = try TemporaryFolder()
    let model = try TestWriters.model(TestWriters.figures)
    try model.write(to: folder["m"])
    let read = try GenerationModel(contentsOf: folder["m"])
    #expect(read.kind == .captioner && read.sourceCodec == nil)
    #expect(read.parameters.values == model.parameters.rounded(to: .float16).values)
    let metadata = try SafetensorsArchive(contentsOf: folder["m"]).metadata
    #expect(metadata["senti.kind"] == "captioner" && metadata["senti.target_codec"] == "words")
    #expect(throws: ModelError.self) { try model.write(to: folder["m"]) }
    try model.write(to: folder["m"], overwriting: true)
  }

  @Test func aModelOfAnotherKindIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    try TestWriters.model(TestWriters.figures).write(to: folder["m"])
    func message(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return "\(error)" }
      return nil
    }
    #expect(
      message { _ = try GenerationModel(contentsOf: folder["m"], kind: .translator) }
        == "\(folder["m"]): expected a translator model, found a captioner model")
    #expect(
      message { _ = try SentimentClassifier(contentsOf: folder["m"]) }
        == "\(folder["m"]): expected a sentiment model, found a captioner model")
    try TestModels.classifier().write(to: folder["s"])
    #expect(
      message { _ = try GenerationModel(contentsOf: folder["s"]) }
        == "\(folder["s"]): expected a captioner or translator model, found a sentiment model")
  }

  /// A model that all tests of damage share, for it is trained.
  private static let model = Result { try TestWriters.model(TestWriters.numbers(20)) }

  /// Rewrites a file's metadata and reads it again.
  private func failure(
    changing metadata: [String: String], without tensor: String? = nil
  ) throws -> String {
    let folder = try TemporaryFolder()
    let model = try Self.model.get()
    try model.write(to: folder["m"])
    let archive = try SafetensorsArchive(contentsOf: folder["m"])
    let reserved = [SafetensorsArchive.formatVersionKey, SafetensorsArchive.checksumKey]
    var writer = SafetensorsWriter(
      formatVersion: 1,
      metadata: archive.metadata.filter { !reserved.contains($0.key) }.merging(metadata) { $1 })
    for found in archive.tensors where found.name != tensor {
      if found.elementType == .unsigned8 {
        let bytes: [UInt8] = try archive.values(named: found.name)
        writer.append(bytes, named: found.name)
      } else {
        let values: [Float] = try archive.values(named: found.name)
        let slot = try #require(model.network.layout.slot(named: found.name))
        writer.append(values, slot, as: .float16)
      }
    }
    try writer.write(to: folder["n"], overwriting: true)
    do {
      _ = try GenerationModel(contentsOf: folder["n"])
      return "none"
    } catch { return "\(error)".replacing(folder["n"], with: "n") }
  }

  @Test func damageIsNamed() throws {
    #expect(
      try failure(changing: ["senti.target_codec": "letters"])
        == "n: senti.target_codec: expected words, subwords or characters, found letters")
    #expect(
      try failure(changing: ["senti.architecture": "{}"]).hasPrefix(
        "n: the metadata senti.architecture cannot be read: "))
    #expect(try failure(changing: [:], without: "readout.bias").contains("readout.bias"))
    #expect(try failure(changing: [:], without: "vocabulary").contains("vocabulary"))
    let architecture = try Self.model.get().network.configuration
    for (edit, message) in Self.edits {
      var changed = architecture
      edit(&changed)
      let json = String(decoding: try JSONEncoder().encode(changed), as: UTF8.self)
      #expect(try failure(changing: ["senti.architecture": json]) == "n: " + message)
    }
  }

  static let edits: [(@Sendable (inout GenerationConfiguration) -> Void, String)] = [
    (
      { $0.decoder.vocabularySize += 1 },
      "number of tokens in the vocabulary: expected 10, found 9"
    ),
    (
      { $0.encoder?.vocabularySize += 1 },
      "number of tokens in the source's vocabulary: expected 10, found 9"
    ),
    ({ $0.decoder.vectorSize = 5 }, "width of the decoder's vector: expected 12, found 5"),
    (
      { $0.decoder.hiddenSize = 1 << 40 },
      "architecture: expected sizes from 1 to 65536, 1 to 64 layers, found "
        + "[12, 8, 1099511627776, 8, 6], [1, 1] layers"
    ),
  ]

  // MARK: Rounded weights

  /// The weights that a file of rounded weights holds, the arithmetic, and so every bit.
  @Test(arguments: [WeightPrecision.integer8, .bfloat16])
  func aRoundedModelComesBackFromItsFile(_ precision: WeightPrecision) throws {
    let folder = try TemporaryFolder()
    let model = try TestWriters.model(TestWriters.numbers(20))
    let rounded = model.rounded(to: precision)
    try rounded.write(to: folder["rounded"])
    let read = try GenerationModel(contentsOf: folder["rounded"])
    #expect(read.precision == precision && model.precision == .full)
    let sources = Self.sources(model, Self.texts)
    let found = rounded.hypotheses(of: sources)
    #expect(read.hypotheses(of: sources) == found)
    #expect(found != model.hypotheses(of: sources))
    for (source, expected) in zip(sources, found) {
      #expect(rounded.hypotheses(of: [source]) == [expected])
    }
    #expect(throws: ModelError.self) { _ = try rounded.onnx() }
  }

  @Test(arguments: [WeightPrecision.integer8, .bfloat16])
  func aRoundedModelSaysNearlyTheSame(_ precision: WeightPrecision) throws {
    let model = try TestWriters.model(TestWriters.numbers(20))
    let rounded = model.rounded(to: precision)
    for (source, tokens) in [("one", [Int32]()), ("five four", [5, 6])] {
      var (state, other) = (
        model.generator.initialState([model.source(for: source)]),
        rounded.generator.initialState([model.source(for: source)])
      )
      for token in [model.generator.startID] + tokens {
        let (before, after) = (
          model.generator.step([token], state: &state),
          rounded.generator.step([token], state: &other)
        )
        #expect(mismatch(after, before, absolute: 0.2) == nil)
      }
    }
  }
}
