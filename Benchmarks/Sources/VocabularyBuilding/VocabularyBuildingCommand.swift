internal import ArgumentParser
internal import Measurement
internal import SentiCorpora
internal import SentiText

/// The program: measures the building of a vocabulary in bounded memory, on several threads.
@main
struct VocabularyBuildingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary-building",
    abstract: "Measures how fast, and in how much memory, a vocabulary is built.",
    discussion: """
      Texts are streamed from their files, which were read once before the clock starts. Exits \
      with 1 where the vocabularies differ between numbers of threads, or a limit is missed.

      Example:
        vocabulary-building aclImdb/train --memory-at-most 200 --speed-up-at-least 1
      """)

  @Argument(help: "Folders of texts, or files of JSON Lines, CSV, TSV or plain lines.")
  var corpora: [String]

  @Option(help: "The field that holds the text.")
  var textField = "text"

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "The memory that counts may take, in megabytes.")
  var countingMemory = 64

  @Option(help: "Fail where the process takes more memory than this, in megabytes.")
  var memoryAtMost: Double?

  @Option(
    help: "Fail where the last number of threads is not this many times as fast as the first.")
  var speedUpAtLeast: Double?

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  func validate() throws {
    guard !threads.isEmpty && threads.allSatisfy({ $0 > 0 }) && countingMemory > 0 else {
      throw ValidationError("--threads and --counting-memory take numbers from 1")
    }
  }

  func run() async throws {
    var byteCount = 0
    for reader in try readers() {
      for text in reader { byteCount += try text.get().text.utf8.count }
    }
    var builds: [Build] = []
    for threadCount in threads { builds.append(try await build(threadCount: threadCount)) }
    let figures = builds.map { build in
      Figure(
        "vocabulary", threads: build.threadCount,
        value: Double(byteCount) / 1e6 / build.seconds, unit: "MB/s")
    }
    let memory = Figure(
      "vocabulary, memory", threads: threads.max() ?? 1,
      value: Double(Memory.peakByteCount) / 1e6, unit: "MB")
    for figure in figures + [memory] { print(row(figure)) }
    if let json { try Report.write(lines: figures + [memory], to: json) }
    try check(builds, memory: memory.value)
  }

  /// A vocabulary and the time that it took.
  private struct Build {
    var threadCount: Int
    var seconds: Double
    var vocabulary: [UInt8]
  }

  private func build(threadCount: Int) async throws -> Build {
    let stopwatch = Stopwatch()
    let builder = try BoundedVocabularyBuilder(
      normalization: .reviews, maximumMemory: countingMemory << 20, threadCount: threadCount)
    for reader in try readers() {
      try await builder.add(
        reader.lazy.compactMap { try? $0.get() }.map { Array($0.text.utf8) })
    }
    let vocabulary = try builder.vocabulary(minimumCount: 2, maximumSize: 30_000)
    return Build(
      threadCount: threadCount, seconds: stopwatch.elapsed.seconds,
      vocabulary: Array(vocabulary.serialized()))
  }

  private func readers() throws -> [CorpusReader] {
    try corpora.map { try CorpusReader($0, fields: CorpusFields(text: textField, label: nil)) }
  }

  private func check(_ builds: [Build], memory: Double) throws {
    var misses: [String] = []
    if builds.contains(where: { $0.vocabulary != builds[0].vocabulary }) {
      misses.append("the vocabularies differ between numbers of threads")
    }
    if let memoryAtMost, memory > memoryAtMost {
      misses.append("\(memory) MB of memory, expected \(memoryAtMost) at most")
    }
    let speedUp = builds[0].seconds / builds[builds.count - 1].seconds
    if let speedUpAtLeast, speedUp < speedUpAtLeast {
      misses.append("\(speedUp) times as fast with more threads, expected \(speedUpAtLeast)")
    }
    for miss in misses { print("MISSED: \(miss)") }
    if !misses.isEmpty { throw ExitCode.failure }
  }

  private func row(_ figure: Figure) -> String {
    Report.column(figure.work, width: 20) + "\(figure.threads) threads  "
      + Report.column(figure.value, width: 8, decimals: 1) + " " + figure.unit
  }
}
