import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import Synchronization
import Testing

@Suite("Sentiment scorer", .timeLimit(.minutes(60)))
struct SentimentScorerTests {
  /// Texts of 0 to 999 words, in no order of length.
  static func texts(_ count: Int) -> [String] {
    (0..<count).map { index in
      let length = index * 37 % 1000 * (index % 5 == 0 ? 1 : 0) + index % 23
      return (0..<length).map { "word\(($0 * 7 + index) % 50)" }.joined(separator: " ")
    }
  }

  static func stream<Element: Sendable>(_ elements: [Element]) -> AsyncStream<Element> {
    AsyncStream { continuation in
      for element in elements { continuation.yield(element) }
      continuation.finish()
    }
  }

  // MARK: Law 1 and law 5

  @Test(arguments: [1, 2, 5], [CellConfiguration.gru, .lstm])
  func rowsComeOutInOrderWithTheBitsOfEachTextAlone(threadCount: Int, cell: CellConfiguration)
    async throws
  {
    let classifier = try TestModels.classifier(cell: cell)
    let texts = Self.texts(900)
    let scorer = SentimentScorer(classifier, threadCount: threadCount)
    var count = 0
    for try await scored in scorer.scores(of: Self.stream(texts)) {
      #expect(scored.row == texts[count] && scored.timeline == nil)
      if count % 11 == 0 { #expect(scored.prediction == classifier.prediction(for: texts[count])) }
      count += 1
    }
    #expect(count == 900)
  }

  @Test(arguments: [false, true])
  func aTextOfMoreThanAMebibyteIsReadInPiecesWithTheBitsOfTheWhole(isBidirectional: Bool)
    async throws
  {
    let classifier = try TestModels.classifier(isBidirectional: isBidirectional)
    let unknown = String(repeating: "o", count: 200)
    let long = String(repeating: "word1 word2, \(unknown)! word3\n", count: 5_000)
    #expect(long.utf8.count > 1 << 20)
    let scorer = SentimentScorer(classifier, threadCount: 2)
    var found: [SentimentPrediction] = []
    for try await scored in scorer.scores(of: Self.stream(["word4", long, "word5"])) {
      found.append(scored.prediction)
    }
    #expect(found == ["word4", long, "word5"].map { classifier.prediction(for: $0) })
    #expect(found[1] == classifier.prediction(for: RowText(long)))
    #expect(found[1].tokenCount == 6 * 5_000)
  }

  /// Arrays and lazy sequences alike, without a stream around them.
  @Test func anySequenceOfTextsIsScored() async throws {
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    let texts = Self.texts(40)
    let expected = texts.map { scorer.classifier.prediction(for: $0) }
    var found: [SentimentPrediction] = []
    for try await scored in scorer.scores(of: texts) { found.append(scored.prediction) }
    #expect(found == expected)
    found = []
    for try await scored in scorer.scores(of: Repeated(text: texts[7], count: 3)) {
      #expect(scored.row == texts[7])
      found.append(scored.prediction)
    }
    #expect(found == [expected[7], expected[7], expected[7]])
  }

  /// A sequence that holds no more than one of its elements.
  struct Repeated: Sequence, IteratorProtocol, Sendable {
    let text: String
    var count: Int

    mutating func next() -> String? {
      count -= 1
      return count < 0 ? nil : text
    }
  }

  @Test func rowsKeepWhatTheyCarry() async throws {
    struct Review: Sendable {
      let id: Int
      let text: String?
    }
    let reviews = (0..<50).map { Review(id: $0, text: $0 % 7 == 0 ? nil : "word\($0)") }
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    let rows = scorer.scores(
      of: Self.stream(reviews), byteCount: { _ in 100 },
      text: { $0.text.map { RowText($0) } ?? .empty })
    var ids: [Int] = []
    for try await scored in rows {
      ids.append(scored.row.id)
      #expect((scored.prediction.tokenCount == 0) == (scored.row.text == nil))
    }
    #expect(ids == Array(0..<50))
  }

  @Test func noRowsGiveNoRows() async throws {
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 3)
    for try await _ in scorer.scores(of: Self.stream([])) { Issue.record("expected no row") }
  }

  @Test func usesAThreadForEachCoreUnlessToldOtherwise() throws {
    let classifier = try TestModels.classifier()
    #expect(SentimentScorer(classifier).threadCount >= 1)
    #expect(SentimentScorer(classifier, threadCount: 7).threadCount == 7)
    #expect(SentimentScorer(classifier).classifier.labels == classifier.labels)
  }

  // MARK: Flow

  /// Counts what is taken from it.
  struct Source: AsyncSequence, Sendable {
    let taken: Counter
    let count: Int
    let text: String

    struct AsyncIterator: AsyncIteratorProtocol {
      let source: Source
      func next() async throws -> String? {
        let index = source.taken.count.add(1, ordering: .relaxed).newValue
        guard index <= source.count else { throw Broken() }
        return source.text
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: self) }
  }

  final class Counter: Sendable {
    let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
  }

  struct Broken: Error, Equatable {}

  @Test func nothingIsReadBeforeTheFirstRowIsAskedFor() async throws {
    let source = Source(taken: Counter(), count: 10, text: "word1")
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    var rows = scorer.scores(of: source).makeAsyncIterator()
    #expect(source.taken.value == 0 && !rows.isReady)
    #expect(try await rows.next()?.row == "word1")
    #expect(source.taken.value > 0)
  }

  /// 12 MiB are on their way, at least two windows of 3 MiB among them, and one row waits.
  ///
  /// Reading takes no time, so a reader that nothing held back would be far ahead of the net by then.
  @Test func aConsumerThatIsSlowHoldsTheReaderBack() async throws {
    let text = String(repeating: "word1 ", count: 10_000)
    let source = Source(taken: Counter(), count: 1_000_000, text: text)
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    var rows = scorer.scores(of: source).makeAsyncIterator()
    for consumed in 1...110 {
      _ = try await rows.next()
      while source.taken.value < consumed + 100 { await Task.yield() }
      #expect(source.taken.value <= consumed + 211)
    }
  }

  @Test func anErrorComesBehindTheRowsBeforeIt() async throws {
    let source = Source(taken: Counter(), count: 500, text: "word1 word2")
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 3)
    var count = 0
    await #expect(throws: Broken()) {
      for try await _ in scorer.scores(of: source) { count += 1 }
    }
    #expect(count == 500)
  }

  @Test func aRowThatComesAloneIsScoredAtOnce() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    var rows = scorer.scores(of: stream).makeAsyncIterator()
    for index in 0..<5 {
      continuation.yield("word\(index)")
      #expect(try await rows.next()?.row == "word\(index)")
    }
    continuation.finish()
    #expect(try await rows.next() == nil)
  }

  // MARK: Cancellation

  @Test func aCancelledTaskGetsAnErrorAndNoEnd() async throws {
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    continuation.yield("word1")
    let counter = Counter()
    let task = Task {
      for try await _ in scorer.scores(of: stream) { counter.count.add(1, ordering: .relaxed) }
    }
    while counter.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    continuation.finish()
  }

  /// Whoever reads lets go of what is read, which is waited for; else that would not come.
  @Test func readingEndsWithTheIterator() async throws {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let scorer = SentimentScorer(try TestModels.classifier(), threadCount: 2)
    for try await _ in scorer.scores(of: Endless(end: end)) { break }
    for await _ in ends { break }
  }

  /// The same text again and again; says when nobody holds its iterator any longer.
  private struct Endless: AsyncSequence, Sendable {
    let end: AsyncStream<Void>.Continuation

    final class AsyncIterator: AsyncIteratorProtocol {
      private let end: AsyncStream<Void>.Continuation

      init(_ end: AsyncStream<Void>.Continuation) { self.end = end }

      deinit { end.finish() }

      func next() async -> String? { "word1" }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(end) }
  }

  @Test func oneScorerServesManySequences() async throws {
    let classifier = try TestModels.classifier()
    let scorer = SentimentScorer(classifier, threadCount: 2)
    let texts = Self.texts(60)
    let expected = texts.map { classifier.prediction(for: $0) }
    let all = try await withThrowingTaskGroup(of: [SentimentPrediction].self) { group in
      for _ in 0..<6 {
        group.addTask {
          var found: [SentimentPrediction] = []
          for try await row in scorer.scores(of: Self.stream(texts)) {
            found.append(row.prediction)
          }
          return found
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all == Array(repeating: expected, count: 6))
  }

  @Test func stopsWithoutThreads() async {
    await #expect(processExitsWith: .failure) {
      _ = SentimentScorer(try TestModels.classifier(), threadCount: 0)
    }
  }
}
