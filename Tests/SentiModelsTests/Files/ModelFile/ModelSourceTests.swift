import Foundation
import Glibc
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Model source")
struct ModelSourceTests {
  let folder: TemporaryFolder
  let classifier: SentimentClassifier

  init() throws {
    folder = try TemporaryFolder()
    classifier = try TestModels.classifier()
    try classifier.write(to: folder["model.safetensors"], storedType: .float32)
  }

  /// All words of the test vocabulary, so that every row of the table is read.
  static let everyWord: [[Int32]] = [Array(0..<50)]

  @Test func aFileIsLoadedFromItsPathOrFromMemory() throws {
    let path = folder["model.safetensors"]
    let bytes = [UInt8](try folder.bytes("model.safetensors"))
    for source in [ModelSource.file(path), .memory(bytes, name: "mine")] {
      let read = try SentimentClassifier(source)
      #expect(
        read.predictions(forTokens: Self.everyWord)
          == classifier.predictions(forTokens: Self.everyWord))
      #expect(bits(read.parameters.values) == bits(classifier.parameters.values))
    }
  }

  @Test func messagesNameTheSource() throws {
    #expect(ModelSource.file("a/b").name == "a/b")
    #expect(ModelSource.memory([], name: "mine").name == "mine")
    #expect(
      ModelSource.bundled(.english).name == "english.safetensors (inside the program)")
    let bytes = [UInt8](try folder.bytes("model.safetensors").dropLast())
    let error = #expect(throws: ModelError.self) {
      try SentimentClassifier(.memory(bytes, name: "mine"))
    }
    #expect(
      error?.description
        == "mine: cut short: expected \(bytes.count + 1) bytes, found \(bytes.count)")
  }

  @Test func aGeneratorIsLoadedFromMemoryToo() throws {
    let bytes = [UInt8](try folder.bytes("model.safetensors"))
    #expect(try GenerationModel.Kind(of: .memory(bytes, name: "mine")) == nil)
    let error = #expect(throws: ModelError.self) {
      try GenerationModel(.memory(bytes, name: "mine"))
    }
    #expect(
      error?.description
        == "mine: expected a captioner or translator model, found a sentiment model")
  }

  @Test func theFileIsWrittenAsItIs() throws {
    let source = ModelSource.bundled(.english)
    try source.write(to: folder["english.safetensors"])
    let model = BundledModel.english.fileBytes
    #expect(try folder.bytes("english.safetensors") == Data(model.bytes(0..<model.count)))
    #expect(throws: ModelError.self) { try source.write(to: folder["english.safetensors"]) }
    try ModelSource.file(folder["model.safetensors"]).write(
      to: folder["english.safetensors"], overwriting: true)
    #expect(
      try folder.bytes("english.safetensors") == folder.bytes("model.safetensors"))
  }

  // MARK: Files that change under a program that runs

  /// As `cp new.safetensors model.safetensors` does under a server; at first it truncates.
  @Test(arguments: [false, true])
  func aLoadedModelOutlivesItsFile(isOverwritten: Bool) throws {
    let path = folder["model.safetensors"]
    let read = try SentimentClassifier(contentsOf: path)
    try #require(truncate(path, 0) == 0)
    if isOverwritten {
      let other = try TestModels.classifier()
      try other.rounded(to: .integer8).write(to: folder["other"])
      try folder.change("model.safetensors") { _ in try folder.bytes("other") }
    }
    #expect(
      read.predictions(forTokens: Self.everyWord)
        == classifier.predictions(forTokens: Self.everyWord))
    #expect(bits(read.parameters.values) == bits(classifier.parameters.values))
  }
}
