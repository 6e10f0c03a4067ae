import Foundation
import SentiText
import Testing

@Suite("Bounded vocabulary builder")
struct BoundedVocabularyBuilderTests {
  /// Texts with many different words, so that a small memory overflows.
  private static let texts: [[UInt8]] = {
    var generator = SeededGenerator(seed: 7)
    return (0..<400).map { _ in
      let words = (0..<60).map { _ in
        let rank = Int.random(in: 1...40, using: &generator)
        return "w\(Int.random(in: 0..<(rank * rank), using: &generator))"
      }
      return bytes(words.joined(separator: " ") + " \u{E9}t\u{E9}!")
    }
  }()

  private func expected(
    minimumCount: Int = 1, maximumSize: Int? = nil
  ) throws -> [UInt8] {
    var builder = try VocabularyBuilder(normalization: .reviews)
    for text in Self.texts { builder.add(utf8: text.span) }
    return builder.vocabulary(minimumCount: minimumCount, maximumSize: maximumSize).serialized()
  }

  @Test(arguments: [1, 2, 5], [1 << 30, 100_000, 1])
  func anyThreadsAndMemoryGiveTheSameBytes(threadCount: Int, maximumMemory: Int) async throws {
    let builder = try BoundedVocabularyBuilder(
      normalization: .reviews, maximumMemory: maximumMemory, threadCount: threadCount)
    for start in stride(from: 0, to: Self.texts.count, by: 37) {
      try await builder.add(Self.texts[start..<min(Self.texts.count, start + 37)])
    }
    #expect(try builder.vocabulary().serialized() == expected())
    #expect(
      try builder.vocabulary(minimumCount: 3, maximumSize: 50).serialized()
        == expected(minimumCount: 3, maximumSize: 50))
  }

  /// Texts as large as a thread takes at once, given out until two threads have taken some.
  private final class TextsForTwo: Sequence, IteratorProtocol {
    private(set) var count = 0
    private var threads: Set<pthread_t> = []
    private let padding = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 18)

    func next() -> [UInt8]? {
      guard threads.count < 2 && count < 200 else { return nil }
      threads.insert(pthread_self())
      count += 1
      return bytes("every t\(count)") + padding
    }
  }

  /// With the least memory all that is counted is spilled, by each thread on its own.
  @Test(arguments: [1, 1 << 30])
  func whatEachThreadHasCountedCounts(maximumMemory: Int) async throws {
    let texts = TextsForTwo()
    let builder = try BoundedVocabularyBuilder(
      normalization: .reviews, maximumMemory: maximumMemory, threadCount: 2)
    try await builder.add(texts)
    let vocabulary = try builder.vocabulary()
    let every = try #require(vocabulary.id(for: "every"))
    #expect(vocabulary.frequency(of: every) == texts.count)
    for index in 1...texts.count { #expect(vocabulary.id(for: "t\(index)") != nil) }
    #expect(vocabulary.header.textCount == texts.count)
  }

  @Test(arguments: [1, 3])
  func anyThreadsLearnTheSameSubwords(threadCount: Int) async throws {
    var trainer = try BytePairTrainer(form: .nfc)
    for text in Self.texts { trainer.add(String(decoding: text, as: UTF8.self)) }
    let expected = try trainer.encoding(size: 400, minimumCount: 3).tokenizerJSON()
    let builder = try BoundedVocabularyBuilder(
      subwordForm: .nfc, maximumMemory: 1 << 20, threadCount: threadCount)
    try await builder.add(Self.texts)
    #expect(try builder.encoding(size: 400, minimumCount: 3).tokenizerJSON() == expected)
  }

  @Test func littleMemoryLearnsFromFrequentWordsAlone() async throws {
    let builder = try BoundedVocabularyBuilder(subwordForm: .none, maximumMemory: 1_024)
    try await builder.add([bytes("aaaa aaaa aaaa bbbb bbbb bbbb cccc cccc")])
    let encoding = try builder.encoding(size: 300)
    #expect(encoding.encode("cccc").count == 4 && encoding.encode(" bbbb").count == 1)
  }

  @Test func noTextsMakeTheSpecialTokens() throws {
    let builder = try BoundedVocabularyBuilder(normalization: .none, locale: "")
    #expect(try builder.vocabulary(reservedTokens: ["<mask>"]).count == 5)
  }

  /// What is spilled has no name, and no program that is started meanwhile holds it open.
  @Test func whatIsSpilledIsTheProcesssAlone() async throws {
    let folder = NSTemporaryDirectory() + "senti-\(UUID().uuidString)"
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? files.removeItem(atPath: folder) }
    let builder = try BoundedVocabularyBuilder(
      normalization: .none, maximumMemory: 1, temporaryDirectory: folder)
    try await builder.add(Self.texts[..<20])
    #expect(try files.contentsOfDirectory(atPath: folder).isEmpty)
    let descriptors = try files.contentsOfDirectory(atPath: "/proc/self/fd").filter {
      let target = try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      return target?.hasPrefix(folder) == true
    }
    #expect(!descriptors.isEmpty)
    for descriptor in descriptors {
      let facts = try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
      let line = facts.split(separator: "\n").first { $0.hasPrefix("flags:") }
      let digits = try #require(line?.split(separator: "\t").last)
      let flags = try #require(Int32(digits, radix: 8))
      #expect(flags & O_CLOEXEC != 0)
    }
    #expect(try builder.vocabulary().count > 4)
  }

  @Test func missingDirectoryIsNamed() async throws {
    let builder = try BoundedVocabularyBuilder(
      normalization: .none, maximumMemory: 0, temporaryDirectory: "/nonexistent")
    await #expect(
      throws: VocabularyError.unwritable(
        path: "/nonexistent", reason: "No such file or directory")
    ) { try await builder.add([bytes("word")]) }
  }

  @Test func noThreadIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = try BoundedVocabularyBuilder(normalization: .none, threadCount: 0)
    }
  }
}
