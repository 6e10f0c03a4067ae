import Foundation
import SentiText
import Testing

@Suite("Vocabulary writing")
struct VocabularyWritingTests {
  private let vocabulary: Vocabulary
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("senti-\(UUID().uuidString).vocabulary").path

  init() throws {
    var builder = try VocabularyBuilder(normalization: .none)
    builder.add("good good \u{E9} \u{1F600} \\ film")
    vocabulary = builder.vocabulary()
  }

  @Test func writtenFileIsReadBack() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try vocabulary.write(to: path)
    #expect(try Vocabulary(contentsOf: path).serialized() == vocabulary.serialized())
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let name = URL(fileURLWithPath: path).lastPathComponent
    let besides = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(besides.filter { $0.hasPrefix(name) } == [name])
  }

  @Test func existingFileIsKeptUnlessAsked() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try vocabulary.write(to: path)
    #expect(throws: VocabularyError.fileExists(path: path)) { try vocabulary.write(to: path) }
    try vocabulary.write(to: path, replacing: true)
  }

  @Test func missingFolderIsNamed() {
    let path = "/nonexistent/folder/v.txt"
    #expect(
      throws: VocabularyError.unwritable(path: path, reason: "No such file or directory")
    ) { try vocabulary.write(to: path) }
  }
}
