import Foundation
import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

/// Files of models and checkpoints with anything in their headers: each is refused, or works.
@Suite("Any files")
struct AnyFilesTests {
  /// What is damaged, and how it is used.
  enum Kind: CaseIterable, Sendable {
    case classifier, roundedClassifier, captioner, translator, checkpoint
  }

  private let folder: TemporaryFolder
  private let texts = TestModels.reviews(12)

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: Kind.allCases)
  func damagedHeadersAreRefusedOrWork(_ kind: Kind) throws {
    #expect(try refusedCount(kind, seed: 1, count: 60) > 20)
  }

  /// The heavy check: `SENTI_HEAVY=1 swift test --sanitize=address --filter manyHeadersDoNotTrap`.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["SENTI_HEAVY"] != nil),
    arguments: Kind.allCases, 0..<20)
  func manyHeadersDoNotTrap(_ kind: Kind, seed: Int) throws {
    _ = try refusedCount(kind, seed: 100 + UInt64(seed), count: 1_000)
  }

  /// How many of so many damaged files are refused; the others are used.
  private func refusedCount(_ kind: Kind, seed: UInt64, count: Int) throws -> Int {
    let path = folder["file"]
    try write(kind, to: path)
    let whole = [UInt8](try folder.bytes("file"))
    var generator = SeededGenerator(seed: seed)
    var refusedCount = 0
    for _ in 0..<count {
      try folder.write(DamagedHeader.make(of: whole, using: &generator), to: "file")
      do { try use(kind, path) } catch { refusedCount += 1 }
    }
    return refusedCount
  }

  private func write(_ kind: Kind, to path: String) throws {
    switch kind {
    case .classifier: try TestModels.classifier(cell: .lstm, isBidirectional: true).write(to: path)
    case .roundedClassifier: try TestModels.classifier().rounded(to: .integer8).write(to: path)
    case .captioner: try TestWriters.model(TestWriters.figures, attention: nil).write(to: path)
    case .translator: try TestWriters.model(TestWriters.numbers(12)).write(to: path)
    case .checkpoint:
      var training = try training
      _ = try training.runEpoch { $0.batch < 2 }
      try training.checkpoint.write(to: path)
    }
  }

  private func use(_ kind: Kind, _ path: String) throws {
    switch kind {
    case .classifier, .roundedClassifier:
      let classifier = try SentimentClassifier(contentsOf: path)
      _ = classifier.prediction(for: "word1 word2 word3")
    case .captioner, .translator:
      let model = try GenerationModel(contentsOf: path)
      let source: GenerationSource =
        kind == .captioner
        ? .vector([Float](repeating: 1, count: model.vectorSize)) : model.source(for: "one two")
      var search = GenerationOptions()
      search.maximumLength = 4
      _ = model.texts(of: [source], options: search)
    case .checkpoint:
      var training = try training
      try training.resume(from: path)
      _ = try training.runEpoch { $0.batch < 3 }
      _ = training.checkpoint
    }
  }

  private var training: SentimentTraining {
    get throws {
      var options = TestModels.options()
      options.settings.threadCount = 1
      return try SentimentTraining(
        texts, validation: TestModels.reviews(4, seed: 2), labels: ["negative", "positive"],
        options: options)
    }
  }
}

/// A safetensors file whose header says something else.
private enum DamagedHeader {
  private static let numbers = [
    "0", "-1", "1", "3", "65536", "65537", "2147483647", "2147483648", "9223372036854775807",
    "-9223372036854775808", "99999999999999999999", "1e308", "1.5", "null", "true", "[]", "\"x\"",
  ]
  private static let words = [
    "gru", "lstm", "rnn-relu", "last", "true", "null", "F32", "F64", "I8", "BOOL", "dot", "float16",
  ]

  static func make(of file: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    let length = (0..<8).reduce(0) { $0 + Int(file[$1]) << (8 * $1) }
    var header = Array(file[8..<8 + length])
    for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&header, &generator) }
    let count = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return count + header + file[(8 + length)...]
  }

  private static func damage(_ header: inout [UInt8], _ generator: inout SeededGenerator) {
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<6: replace(where: isDigit, by: numbers, in: &header, &generator)
    case 6..<8: replace(where: isLetter, by: words, in: &header, &generator)
    case 8:
      header[Int.random(in: header.indices, using: &generator)] =
        UInt8.random(in: 0...255, using: &generator)
    default:
      let start = Int.random(in: header.indices, using: &generator)
      header.removeSubrange(
        start..<min(header.count, start + Int.random(in: 1...40, using: &generator)))
    }
  }

  /// Puts something else in the place of one run of like bytes.
  private static func replace(
    where isLike: (UInt8) -> Bool, by others: [String], in header: inout [UInt8],
    _ generator: inout SeededGenerator
  ) {
    let starts = header.indices.filter {
      isLike(header[$0]) && ($0 == 0 || !isLike(header[$0 - 1]))
    }
    guard let start = starts.randomElement(using: &generator) else { return }
    let end = header[start...].firstIndex { !isLike($0) } ?? header.count
    let other = others.randomElement(using: &generator) ?? ""
    header.replaceSubrange(start..<end, with: Array(other.utf8))
  }
}
