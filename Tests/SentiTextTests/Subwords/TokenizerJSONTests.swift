import Foundation
import SentiText
import Testing

@Suite("tokenizer.json")
struct TokenizerJSONTests {
  @Test(arguments: [Normalization.Form.none, .nfkc])
  func fileIsReadBack(form: Normalization.Form) throws {
    let encoding = try BytePairEncodingTests.encoding(form: form)
    let file = encoding.tokenizerJSON()
    let read = try BytePairEncoding(tokenizerJSON: file, path: "t.json")
    #expect(read.tokenizerJSON() == file && read.form == form)
    for text in BytePairEncodingTests.texts { #expect(read.encode(text) == encoding.encode(text)) }
  }

  @Test func olderMergesAreRead() throws {
    let encoding = try BytePairEncodingTests.encoding()
    let text = String(decoding: encoding.tokenizerJSON(), as: UTF8.self)
    let start = try #require(text.range(of: "\"merges\""))
    let older =
      text[..<start.lowerBound]
      + text[start.lowerBound...].replacing("\",\"", with: " ").replacing("[\"", with: "\"")
      .replacing("\"],", with: "\",").replacing("\"merges\":\"", with: "\"merges\":[\"")
      .replacing("\"]]", with: "\"]")
    let read = try BytePairEncoding(tokenizerJSON: bytes(String(older)), path: "t.json")
    #expect(read.tokenizerJSON() == encoding.tokenizerJSON())
  }

  @Test(arguments: [
    ("{", "no JSON"), ("[]", "'' has an unexpected type"), ("{}", "'model' is missing"),
    ("{\"model\":{\"vocab\":{}}}", "'merges' is missing"),
  ])
  func malformedFileIsNamed(text: String, reason: String) {
    #expect(throws: SubwordError.malformed(path: "t.json", reason: reason)) {
      try BytePairEncoding(tokenizerJSON: bytes(text), path: "t.json")
    }
  }

  @Test(arguments: [
    ("\"type\":\"BPE\"", "\"type\":\"Unigram\""),
    ("\"byte_fallback\":false", "\"byte_fallback\":true"),
    ("\"add_prefix_space\":false", "\"add_prefix_space\":true"),
    ("\"normalizer\":null", "\"normalizer\":{\"type\":\"Lowercase\"}"),
  ])
  func unsupportedFeatureIsRefused(part: String, other: String) throws {
    let text = String(decoding: try BytePairEncodingTests.encoding().tokenizerJSON(), as: UTF8.self)
    #expect(text.contains(part))
    let error = #expect(throws: SubwordError.self) {
      try BytePairEncoding(
        tokenizerJSON: bytes(text.replacing(part, with: other)), path: "t.json")
    }
    guard case .unsupported(path: "t.json", feature: _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.hasPrefix("t.json: ") == true)
  }

  @Test func missingFileIsNamed() {
    let path = "/nonexistent/t.json"
    #expect(throws: SubwordError.unreadable(path: path, reason: "No such file or directory")) {
      try BytePairEncoding(contentsOf: path)
    }
  }

  /// The heavy check against PyPI's `tokenizers`.
  ///
  /// `SENTI_TOKENIZERS_PYTHON=python swift test --filter tokenizersGiveTheSameIDs`, with a Python that
  /// has the package. The decomposed forms are left out: that package's Unicode is older than ICU's,
  /// and does not order marks that are newer (U+0D3C).
  @Test(.enabled(if: Self.python != nil), arguments: [Normalization.Form.none, .nfc])
  func tokenizersGiveTheSameIDs(form: Normalization.Form) throws {
    let encoding = try BytePairEncodingTests.encoding(size: 340, form: form)
    var generator = SeededGenerator(seed: 11)
    let texts =
      BytePairEncodingTests.texts + (0..<5_000).map { _ in RandomText.make(using: &generator) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(encoding.tokenizerJSON()).write(to: folder.appendingPathComponent("tokenizer.json"))
    try JSONEncoder().encode(texts).write(to: folder.appendingPathComponent("texts.json"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      try #require(Self.python), "-c",
      """
      import json, sys, tokenizers
      folder = sys.argv[1] + "/"
      tokenizer = tokenizers.Tokenizer.from_file(folder + "tokenizer.json")
      texts = json.load(open(folder + "texts.json"))
      json.dump([tokenizer.encode(text).ids for text in texts], open(folder + "ids.json", "w"))
      """, folder.path,
    ]
    try process.run()
    process.waitUntilExit()
    let data = try Data(contentsOf: folder.appendingPathComponent("ids.json"))
    let expected = try JSONDecoder().decode([[UInt32]].self, from: data)
    for (text, ids) in zip(texts, expected) {
      let found = encoding.encode(text).map(\.rawValue)
      guard found != ids else { continue }
      Issue.record("\(text.unicodeScalars.map { String($0.value, radix: 16) }): \(found), \(ids)")
      return
    }
    #expect(expected.count == texts.count)
  }

  private static var python: String? {
    ProcessInfo.processInfo.environment["SENTI_TOKENIZERS_PYTHON"]
  }
}
