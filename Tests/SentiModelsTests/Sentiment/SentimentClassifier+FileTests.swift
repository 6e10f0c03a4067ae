import Foundation
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Sentiment classifier: file")
struct SentimentClassifierFileTests {
  let folder: TemporaryFolder
  let classifier: SentimentClassifier

  init() throws {
    folder = try TemporaryFolder()
    classifier = try TestModels.classifier()
  }

  var path: String { folder.path("model.safetensors") }

  static let texts: [[Int32]] = [[], [4], [7, 9, 30, 30], [11, 12, 13, 14, 15, 49]]

  // MARK: Round trip

  @Test func singlePrecisionComesBackBitForBit() throws {
    try classifier.write(to: path, storedType: .float32)
    let read = try SentimentClassifier(contentsOf: path)
    #expect(bits(read.parameters.values) == bits(classifier.parameters.values))
    #expect(read.labels == classifier.labels)
    #expect(read.temperature == classifier.temperature)
    #expect(read.card == classifier.card)
    #expect(read.network.configuration == classifier.network.configuration)
    #expect(
      read.pipeline.vocabulary.serialized() == classifier.pipeline.vocabulary.serialized())
    #expect(
      read.predictions(forTokens: Self.texts) == classifier.predictions(forTokens: Self.texts))
  }

  @Test(arguments: [SafetensorsArchive.ElementType.float16, .brainFloat16])
  func shortTypesComeBackRounded(_ type: SafetensorsArchive.ElementType) throws {
    try classifier.write(to: path, storedType: type)
    let read = try SentimentClassifier(contentsOf: path)
    #expect(bits(read.parameters.values) == bits(classifier.parameters.rounded(to: type).values))
    #expect(read.parameters.values != classifier.parameters.values)
    let rounded = SentimentClassifier(
      labels: classifier.labels, pipeline: classifier.pipeline, network: classifier.network,
      parameters: read.parameters)
    let (found, expected) = (
      read.logits(forTokens: Self.texts), rounded.logits(forTokens: Self.texts)
    )
    #expect(found.map { bits($0) } == expected.map { bits($0) })
  }

  @Test(arguments: [WeightPrecision.bfloat16, .integer8])
  func roundedClassifiersComeBackBitForBit(_ precision: WeightPrecision) throws {
    let rounded = classifier.rounded(to: precision)
    try rounded.write(to: path)
    let read = try SentimentClassifier(contentsOf: path)
    #expect(read.precision == precision)
    #expect(bits(read.parameters.values) == bits(rounded.parameters.values))
    let expected = rounded.logits(forTokens: Self.texts)
    #expect(read.logits(forTokens: Self.texts).map { bits($0) } == expected.map { bits($0) })
    let full = classifier.logits(forTokens: Self.texts)
    #expect(full != expected)
    #expect(mismatch(expected.flatMap(\.self), full.flatMap(\.self), absolute: 0.05) == nil)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(archive.metadata["senti.precision"] == precision.rawValue)
    #expect(archive.metadata["senti.format_version"] == "2")
  }

  /// A matrix takes a byte an element, or two.
  @Test(arguments: [WeightPrecision.bfloat16, .integer8])
  func roundedWeightsAreStoredAsTheyAreRounded(_ precision: WeightPrecision) throws {
    try classifier.rounded(to: precision).write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    for slot in classifier.network.layout.slots where slot.shape.count == 2 {
      let tensor = try archive.tensor(named: slot.name)
      #expect(tensor.elementType == (precision == .integer8 ? .integer8 : .brainFloat16))
      let width = precision == .integer8 ? 1 : 2
      #expect(tensor.byteRange.count == slot.range.count * width)
    }
  }

  /// As `senti model quantize --help` says.
  @Test func theBundledModelIsHalfAsLargeAsInHalfPrecision() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    #expect(classifier.precision == .integer8)
    let whole = 2 * classifier.network.layout.elementCount
    let share = Double(BundledModel.english.fileBytes.count) / Double(whole)
    #expect((0.45...0.6).contains(share))
  }

  @Test func anUnknownPrecisionIsRefused() throws {
    try write(metadata: ["senti.precision": "int4"])
    guard case .inconsistent(path, "precision", "full, bfloat16, int8", "int4") = try failure()
    else {
      Issue.record("another error")
      return
    }
  }

  @Test func halfPrecisionIsTheDefault() throws {
    try classifier.write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(try archive.tensor(named: "output.weight").elementType == .float16)
    #expect(try archive.tensor(named: "vocabulary").elementType == .unsigned8)
    #expect(archive.tensors.count == classifier.network.layout.slots.count + 1)
  }

  @Test func theSameModelIsTheSameFile() throws {
    try classifier.write(to: path)
    try TestModels.classifier().write(to: folder.path("other"))
    #expect(try folder.bytes("model.safetensors") == folder.bytes("other"))
  }

  @Test func statesItsTokenizer() throws {
    try classifier.write(to: path)
    let metadata = try SafetensorsArchive(contentsOf: path).metadata
    let header = classifier.pipeline.vocabulary.header
    #expect(metadata["senti.kind"] == "sentiment")
    #expect(metadata["senti.format_version"] == "1")
    #expect(metadata["senti.tokenizer"] == header.normalization.description)
    #expect(metadata["senti.icu_version"] == header.versions.icu)
    #expect(metadata["senti.unicode_version"] == header.versions.unicode)
    #expect(SentimentClassifier.formatVersion == 2)
  }

  @Test func replacesAFileOnlyWhenTold() throws {
    try classifier.write(to: path)
    #expect(throws: ModelError.self) { try classifier.write(to: path) }
    try classifier.write(to: path, storedType: .float32, overwriting: true)
    #expect(try folder.names() == ["model.safetensors"])
  }

  // MARK: Damage

  /// Writes the model anew with other metadata, other bytes of the vocabulary, or one bad number.
  func write(
    version: Int = 1, metadata changes: [String: String?] = [:], vocabulary: [UInt8]? = nil,
    without missing: String? = nil, poisoning poisoned: String? = nil, with poison: Float = .nan
  ) throws {
    try classifier.write(to: path, overwriting: true)
    let archive = try SafetensorsArchive(contentsOf: path)
    var metadata = archive.metadata
    for key in [SafetensorsArchive.formatVersionKey, SafetensorsArchive.checksumKey] {
      metadata[key] = nil
    }
    for (key, value) in changes { metadata[key] = value }
    var writer = SafetensorsWriter(formatVersion: version, metadata: metadata)
    for tensor in archive.tensors where tensor.name != missing {
      if tensor.elementType == .unsigned8 {
        let bytes: [UInt8] = try archive.values(named: tensor.name)
        writer.append(vocabulary ?? bytes, named: tensor.name)
      } else {
        var values: [Float] = try archive.values(named: tensor.name)
        if tensor.name == poisoned { values[values.count / 2] = poison }
        writer.append(values, named: tensor.name, shape: tensor.shape)
      }
    }
    try writer.write(to: path, overwriting: true)
  }

  /// The error that reading the file throws.
  func failure() throws -> ModelError {
    try #require(throws: ModelError.self) { try SentimentClassifier(contentsOf: path) }
  }

  /// Without changes the rewritten file is read, so that the tests below fail for their reason.
  @Test func theRewrittenFileIsRead() throws {
    try write()
    #expect(try SentimentClassifier(contentsOf: path).labels == classifier.labels)
  }

  @Test func aMissingFileIsNamed() throws {
    guard case .archive(.cannotRead(path, _)) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func truncatedFilesAreRefused() throws {
    try classifier.write(to: path)
    let count = try folder.bytes("model.safetensors").count
    for kept in [0, 5, 300, count / 2, count - 1] {
      try classifier.write(to: path, overwriting: true)
      try folder.change("model.safetensors") { $0.prefix(kept) }
      guard case .archive = try failure() else {
        Issue.record("another error")
        return
      }
    }
  }

  @Test func aFlippedBitIsRefused() throws {
    try classifier.write(to: path)
    try folder.change("model.safetensors") { data in
      var damaged = data
      damaged[damaged.count / 2] ^= 4
      return damaged
    }
    guard case .archive(.checksumMismatch(path, _, _)) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func aNewerFormatIsRefusedWithBothNumbers() throws {
    try write(version: 3)
    #expect(
      try failure().description
        == "\(path): format version 3 is newer than 2, the newest known here")
  }

  @Test func anotherKindIsNamed() throws {
    try write(metadata: ["senti.kind": "checkpoint"])
    #expect(
      try failure().description
        == "\(path): expected a sentiment model, found a checkpoint model")
  }

  @Test(arguments: [
    "senti.kind", "senti.architecture", "senti.labels", "senti.calibration", "senti.card",
  ])
  func missingMetadataIsNamed(_ key: String) throws {
    try write(metadata: [key: nil])
    #expect(try failure().description == "\(path): no metadata '\(key)'")
  }

  @Test(arguments: ["senti.architecture", "senti.labels", "senti.calibration", "senti.card"])
  func malformedMetadataIsNamed(_ key: String) throws {
    try write(metadata: [key: "{"])
    guard case .malformedMetadata(path, key, _) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func aMissingTensorIsNamed() throws {
    try write(without: "encoder.bias_hh_l0")
    #expect(try failure().description == "\(path): no tensor 'encoder.bias_hh_l0'")
  }

  @Test func aMissingVocabularyIsNamed() throws {
    try write(without: "vocabulary")
    #expect(try failure().description == "\(path): no tensor 'vocabulary'")
  }

  @Test(
    arguments: ["embedding.weight", "encoder.weight_hh_l0", "output.bias"],
    [Float.nan, .infinity, -.infinity])
  func weightsThatAreNotFiniteAreRefusedByName(_ name: String, _ poison: Float) throws {
    try write(poisoning: name, with: poison)
    guard case .archive(.unexpectedTensor(path, name, "finite numbers", _)) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func aMalformedVocabularyIsRefused() throws {
    try write(vocabulary: Array("no vocabulary".utf8))
    guard case .vocabulary(.notAVocabulary(path)) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func aTokenizerThatCannotBeSetUpIsRefused() throws {
    let text = String(decoding: classifier.pipeline.vocabulary.serialized(), as: UTF8.self)
    let changed = text.replacing("\nlocale: \n", with: "\nlocale: qqq\n")
    try #require(changed != text)
    try write(vocabulary: Array(changed.utf8))
    guard case .vocabulary(.malformedLine) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func anotherNumberOfLabelsIsRefused() throws {
    try write(metadata: ["senti.labels": #"["one","two","three"]"#])
    #expect(try failure().description == "\(path): number of labels: expected 2, found 3")
  }

  @Test(arguments: [
    (#""vocabularySize":50"#, #""vocabularySize":51"#),
    (#""embeddingSize":5"#, #""embeddingSize":0"#),
    (#""hiddenSize":9"#, #""hiddenSize":-9"#),
    (#""hiddenSize":9"#, #""hiddenSize":4611686018427387904"#),
    (#""layerCount":1"#, #""layerCount":0"#),
    (#""layerCount":1"#, #""layerCount":1000000000"#),
    (#""pooling":["last","max","mean"]"#, #""pooling":[]"#),
  ])
  func impossibleArchitecturesAreRefused(_ old: String, _ new: String) throws {
    let architecture = MetadataJSON.encoded(classifier.network.configuration)
    try #require(architecture.contains(old))
    try write(metadata: ["senti.architecture": architecture.replacing(old, with: new)])
    guard case .inconsistent(path, _, _, _) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  @Test func aNetWithoutClassesIsRefused() throws {
    let architecture = MetadataJSON.encoded(classifier.network.configuration)
    try write(metadata: [
      "senti.labels": "[]",
      "senti.architecture": architecture.replacing(#""classCount":2"#, with: #""classCount":0"#),
    ])
    guard case .inconsistent(path, "architecture", _, _) = try failure() else {
      Issue.record("another error")
      return
    }
  }

  /// Sizes that are possible, but are not those of the tensors: no memory is taken for them.
  @Test func aLargerArchitectureThanTheTensorsIsRefused() throws {
    let architecture = MetadataJSON.encoded(classifier.network.configuration)
    try write(metadata: [
      "senti.architecture": architecture.replacing(#""hiddenSize":9"#, with: #""hiddenSize":65536"#)
    ])
    guard case .archive(.unexpectedTensor(path, "encoder.weight_ih_l0", _, _)) = try failure()
    else {
      Issue.record("another error")
      return
    }
  }

  @Test(arguments: ["0", "-1", #""nan""#, #""infinity""#])
  func impossibleTemperaturesAreRefused(_ temperature: String) throws {
    try write(metadata: ["senti.calibration": temperature])
    guard case .inconsistent(path, "temperature", _, _) = try failure() else {
      Issue.record("another error")
      return
    }
  }
}
