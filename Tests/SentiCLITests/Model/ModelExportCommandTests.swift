import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti model export")
struct ModelExportCommandTests {
  private func export(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try Senti.run(["model", "export"] + arguments, in: place.folder)
  }

  @Test func writesWhatTheLibraryWrites() throws {
    let place = try Workplace()
    #expect(try export("tiny.safetensors", "--onnx", "-o", "tiny.onnx", in: place) == .init())
    #expect(try place.folder.bytes("tiny.onnx") == Data(TinyModel.classifier().onnx()))
    #expect(try place.folder.names() == ["tiny.onnx", "tiny.safetensors"])
  }

  /// The bundled model computes in 8-bit integers, for which ONNX has no such operators.
  @Test func takesTheBundledModelUnlessAskedForAnother() throws {
    let place = try Workplace()
    let outcome = try export("--onnx", "-o", "english.onnx", in: place)
    #expect(outcome.errors.contains("expected a model in full precision, found int8"))
    #expect(outcome.status == 65)
    #expect(try place.folder.names() == ["tiny.safetensors"])
  }

  @Test func theModelsFileIsWrittenAsItIs() throws {
    let place = try Workplace()
    #expect(try export("--safetensors", "-o", "english.safetensors", in: place) == .init())
    // The first line names the file.
    let found = try place.run("model", "inspect", "english.safetensors").output
    let expected = try place.run("model", "inspect").output
    #expect(found.drop { $0 != "\n" } == expected.drop { $0 != "\n" })
    #expect(
      try export("tiny.safetensors", "--safetensors", "-o", "copy.safetensors", in: place)
        == .init())
    #expect(
      try place.folder.bytes("copy.safetensors") == place.folder.bytes("tiny.safetensors"))
    let refused = try export("--safetensors", "-o", "copy.safetensors", in: place)
    let message = "senti: copy.safetensors: exists already; --force replaces it\n"
    #expect(refused == .init(errors: message, status: 74))
  }

  @Test func aFileThatExistsIsKeptUnlessForced() throws {
    let place = try Workplace()
    try place.folder.write("mine", to: "a.onnx")
    let refused = try export("tiny.safetensors", "--onnx", "-o", "a.onnx", in: place)
    let message = "senti: a.onnx: exists already; --force replaces it\n"
    #expect(refused == .init(errors: message, status: 74))
    #expect(try place.folder.bytes("a.onnx") == Data("mine".utf8))
    let forced = try export("tiny.safetensors", "--onnx", "-o", "a.onnx", "--force", in: place)
    #expect(forced == .init())
    #expect(try place.folder.bytes("a.onnx") != Data("mine".utf8))
  }

  @Test func theModelItselfIsNotReplaced() throws {
    let place = try Workplace()
    let before = try place.folder.bytes("tiny.safetensors")
    let outcome = try export(
      "tiny.safetensors", "--onnx", "-o", "tiny.safetensors", "--force", in: place)
    let message = "senti: tiny.safetensors: is read and cannot be written at the same time\n"
    #expect(outcome == .init(errors: message, status: 64))
    #expect(try place.folder.bytes("tiny.safetensors") == before)
  }

  @Test func roundedWeightsAreRefused() throws {
    let place = try Workplace()
    try TinyModel.classifier().rounded(to: .integer8).write(to: place.folder["int8.safetensors"])
    let outcome = try export("int8.safetensors", "--onnx", "-o", "a.onnx", in: place)
    let message = "senti: int8.safetensors: expected a model in full precision, found int8\n"
    #expect(outcome == .init(errors: message, status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["a.onnx"]))
  }

  @Test func aModelThatIsNotThereIsNoInput() throws {
    let outcome = try export("none.safetensors", "--onnx", "-o", "a.onnx", in: Workplace())
    let message = "senti: none.safetensors: no such file or folder\n"
    #expect(outcome == .init(errors: message, status: 66))
  }

  @Test(arguments: ["captioner", "translator"])
  func aNetThatWritesBecomesTwoFiles(_ name: String) throws {
    let place = try WritersPlace()
    let arguments = ["model", "export", "\(name).safetensors", "--onnx", "-o", "a.onnx"]
    #expect(try Senti.run(arguments, in: place.folder) == .init())
    let model = try GenerationModel(contentsOf: place.folder["\(name).safetensors"])
    #expect(try place.folder.bytes("a-encoder.onnx") == Data(model.onnx().encoder))
    #expect(try place.folder.bytes("a-decoder.onnx") == Data(model.onnx().decoder))
    let refused = try Senti.run(arguments, in: place.folder)
    let message = "senti: a-encoder.onnx: exists already; --force replaces it\n"
    #expect(refused == .init(errors: message, status: 74))
    #expect(try Senti.run(arguments + ["--force"], in: place.folder) == .init())
  }

  @Test func aFormatIsAskedFor() throws {
    let outcome = try export("tiny.safetensors", "-o", "a.onnx", in: Workplace())
    #expect(outcome.errors.contains("Missing one of: '--onnx', '--safetensors'"))
    #expect(outcome.status == 64)
  }
}
