internal import Synchronization

/// Counts the words of texts of any size in bounded memory, on several threads.
///
/// When the counts outgrow their share of memory they are written, sorted, to a file that has no name;
/// at the end the files are merged. The vocabulary is the same, byte for byte, as `VocabularyBuilder`
/// makes, at any thread count and any memory.
///
///     var builder = try BoundedVocabularyBuilder(normalization: .reviews, maximumMemory: 200 << 20)
///     try await builder.add(texts)
///     let vocabulary = try builder.vocabulary(minimumCount: 2, maximumSize: 30_000)
public struct BoundedVocabularyBuilder: Sendable {
  private let workers: [CountingWorker]
  /// How many bytes the counts may take, all threads together.
  let maximumMemory: Int

  /// Starts with no text.
  ///
  /// - Parameters:
  ///   - normalization: How texts are normalized.
  ///   - locale: The locale of the word boundaries.
  ///   - maximumMemory: How many bytes the counts may take, all threads together.
  ///   - threadCount: How many threads count.
  ///   - temporaryDirectory: Where counts are written that outgrow memory.
  /// - Throws: `ICUError` when the locale is unknown or ICU's data is missing.
  public init(
    normalization: Normalization, locale: String = "", maximumMemory: Int = 200 << 20,
    threadCount: Int = 1, temporaryDirectory: String = "/tmp"
  ) throws(ICUError) {
    self.init(
      try VocabularyBuilder(normalization: normalization, locale: locale),
      maximumMemory: maximumMemory, threadCount: threadCount, directory: temporaryDirectory)
  }

  /// Starts with no text, for ``encoding(size:minimumCount:)``.
  ///
  /// - Parameters:
  ///   - form: The normalization form that texts are brought to.
  ///   - maximumMemory: How many bytes the counts may take, all threads together.
  ///   - threadCount: How many threads count.
  ///   - temporaryDirectory: Where counts are written that outgrow memory.
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  public init(
    subwordForm form: Normalization.Form, maximumMemory: Int = 200 << 20, threadCount: Int = 1,
    temporaryDirectory: String = "/tmp"
  ) throws(ICUError) {
    self.init(
      try VocabularyBuilder(subwordForm: form), maximumMemory: maximumMemory,
      threadCount: threadCount, directory: temporaryDirectory)
  }

  private init(
    _ empty: VocabularyBuilder, maximumMemory: Int, threadCount: Int, directory: String
  ) {
    precondition(threadCount > 0, "\(threadCount) threads cannot count")
    self.maximumMemory = maximumMemory
    // A table holds at most 4 GiB of words.
    let share = min(maximumMemory / threadCount, 2 << 30)
    workers = (0..<threadCount).map { _ in
      CountingWorker(empty, maximumMemory: share, directory: directory)
    }
  }

  /// Counts the words of texts in UTF-8.
  ///
  /// Each thread takes the next texts whenever it has counted its last ones, so that all of them read
  /// and count alike: one thread reads while another counts.
  ///
  /// - Throws: `VocabularyError.unwritable` when counts cannot be written to the temporary directory,
  ///   and `CancellationError` when the task was cancelled.
  public func add(_ texts: some Sequence<[UInt8]>) async throws {
    let source = SharedTexts(texts)
    guard workers.count > 1 else { return try workers[0].count(source) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { try worker.count(source) } }
      try await group.waitForAll()
    }
  }

  /// Makes the vocabulary: special tokens, reserved tokens, then words by falling count and, where
  /// counts are equal, by rising bytes.
  ///
  /// - Parameters:
  ///   - minimumCount: How often a word must occur.
  ///   - maximumSize: How many tokens there may be, special ones included; nil for any number.
  ///   - reservedTokens: Further special tokens, which no text has a word for.
  /// - Returns: The vocabulary; words that are not in it count as `<unk>`.
  /// - Throws: `VocabularyError.unreadable` when counts cannot be read from the temporary directory.
  public func vocabulary(
    minimumCount: Int = 1, maximumSize: Int? = nil, reservedTokens: [String] = []
  ) throws(VocabularyError) -> Vocabulary {
    let (ranking, summary) = try ranking(minimumCount: minimumCount, maximumSize: maximumSize)
    return ranking.vocabulary(summary: summary, reservedTokens: reservedTokens)
  }

  /// The words that occur often enough, and what is known of all texts.
  func ranking(
    minimumCount: Int, maximumSize: Int?
  ) throws(VocabularyError) -> (WordRanking, CorpusSummary) {
    var ranking = WordRanking(minimumCount: minimumCount, maximumSize: maximumSize)
    var counts = workers.map { $0.counts }
    if counts.allSatisfy(\.runs.isEmpty) {
      var all = counts.removeFirst().builder
      for other in counts { all.merge(other.builder) }
      all.forEachWord { ranking.add($0, count: $1) }
      return (ranking, all.summary)
    }
    var summary = counts[0].builder.summary
    for other in counts.dropFirst() { summary = summary.adding(other.builder.summary) }
    let runs = counts.indices.flatMap { index in
      counts[index].runs + [CountedRun(counts[index].builder.removeWords())]
    }
    try RunMerge(runs).forEachWord { word, count in ranking.add(word[...], count: count) }
    return (ranking, summary)
  }
}

extension CorpusSummary {
  fileprivate func adding(_ other: CorpusSummary) -> CorpusSummary {
    var sum = self
    sum.checksum &+= other.checksum
    sum.textCount += other.textCount
    sum.tokenCount += other.tokenCount
    return sum
  }
}

/// Texts that threads take in turn.
///
/// Sendable: the closure is called under a lock, by one thread at a time, and while they take of it
/// whoever gave it waits.
private final class SharedTexts: @unchecked Sendable {
  /// How many bytes a thread takes at once: enough that a turn costs nothing.
  private static let batchSize = 1 << 18

  private let turn = Mutex(())
  private let nextText: () -> [UInt8]?

  init(_ texts: some Sequence<[UInt8]>) {
    var iterator = texts.makeIterator()
    nextText = { iterator.next() }
  }

  /// The next texts; none at the end.
  func next() -> [[UInt8]] {
    turn.withLock { _ in
      var batch: [[UInt8]] = []
      var byteCount = 0
      while byteCount < Self.batchSize, let text = nextText() {
        batch.append(text)
        byteCount += text.count
      }
      return batch
    }
  }
}

/// A thread's counts, and what of them went to files.
private final class CountingWorker: Sendable {
  struct Counts {
    var builder: VocabularyBuilder
    var runs: [CountedRun] = []
  }

  private let state: Mutex<Counts>
  /// How many bytes the counts may take, all threads together.
  let maximumMemory: Int
  private let directory: String

  init(_ builder: VocabularyBuilder, maximumMemory: Int, directory: String) {
    state = Mutex(Counts(builder: builder))
    self.maximumMemory = maximumMemory
    self.directory = directory
  }

  /// Counts the words of texts until there are no more, and writes the counts away whenever they
  /// outgrow their memory.
  func count(_ source: SharedTexts) throws {
    while true {
      try Task.checkCancellation()
      let texts = source.next()
      guard !texts.isEmpty else { return }
      try state.withLock { state throws(VocabularyError) in
        for text in texts {
          state.builder.add(utf8: text.span)
          guard state.builder.memorySize > maximumMemory else { continue }
          state.runs.append(try CountedRun(state.builder.removeWords(), writtenTo: directory))
        }
      }
    }
  }

  /// All counts.
  var counts: Counts { state.withLock { $0 } }
}
