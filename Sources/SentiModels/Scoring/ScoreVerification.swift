internal import SentiCorpora
internal import SentiText

/// Whether texts have the same scores, to the bit, in whatever way they are scored.
///
///     let verification = try await ScoreVerification(of: texts, by: classifier)
///     precondition(verification.isPassed)
///
/// The reference is each text scored alone.
public struct ScoreVerification: Sendable {
  /// A way of scoring texts.
  public struct Way: Hashable, Sendable {
    /// The way in words, such as "one batch, in reverse order, 2 threads".
    public let name: String
    /// How many texts have other bits than alone.
    public let differenceCount: Int
  }

  /// The predictions of each text alone.
  public let reference: [SentimentPrediction]

  /// The ways in which the texts were scored.
  public private(set) var ways: [Way] = []

  /// Whether no text ever has other bits than alone.
  public var isPassed: Bool { ways.allSatisfy { $0.differenceCount == 0 } }

  /// Scores texts alone, in batches, in reverse order, in pieces with carried states, sentence by
  /// sentence and as a stream, at each number of threads.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - classifier: What scores them.
  ///   - threadCounts: The numbers of threads.
  /// - Throws: `ICUError` when ICU's data is missing, or a `CancellationError`.
  public init(
    of texts: [String], by classifier: SentimentClassifier, threadCounts: ClosedRange<Int> = 1...4
  ) async throws {
    reference = texts.map { classifier.prediction(for: $0) }
    let timelines = try TimelineReader(classifier)
    add("in pieces, with carried states", texts.map { classifier.prediction(for: RowText($0)) })
    add("sentence by sentence", texts.map { timelines.timeline(of: RowText($0)).prediction })
    let bytes = texts.map { Array($0.utf8) }
    for threadCount in threadCounts {
      let threads = threadCount == 1 ? "1 thread" : "\(threadCount) threads"
      add("together, \(threads)", classifier.predictions(forUTF8: bytes, threadCount: threadCount))
      add(
        "together in reverse order, \(threads)",
        classifier.predictions(forUTF8: bytes.reversed(), threadCount: threadCount).reversed())
      add(
        "as a stream, \(threads)",
        try await Self.streamed(texts, SentimentScorer(classifier, threadCount: threadCount)))
    }
  }

  /// Compares predictions that were made in another way with the reference.
  ///
  /// - Parameters:
  ///   - name: The way in words.
  ///   - predictions: The predictions of the texts, in order.
  /// - Precondition: There are as many predictions as texts.
  public mutating func add(_ name: String, _ predictions: [SentimentPrediction]) {
    add(name, probabilities: predictions.map(\.probabilities.values))
  }

  /// Compares probabilities that were found in another way with the reference.
  ///
  /// - Parameters:
  ///   - name: The way in words.
  ///   - probabilities: The probabilities of each label for each text, in order.
  /// - Precondition: There are as many as texts.
  public mutating func add(_ name: String, probabilities: [[Double]]) {
    precondition(
      probabilities.count == reference.count,
      "\(probabilities.count) predictions for \(reference.count) texts")
    let differenceCount = zip(reference, probabilities).count {
      $0.probabilities.map(\.bitPattern) != $1.map(\.bitPattern)
    }
    ways.append(Way(name: name, differenceCount: differenceCount))
  }

  private static func streamed(
    _ texts: [String], _ scorer: SentimentScorer
  ) async throws -> [SentimentPrediction] {
    let rows = AsyncStream { continuation in
      for text in texts { continuation.yield(text) }
      continuation.finish()
    }
    return try await scorer.scores(of: rows).reduce(into: []) { $0.append($1.prediction) }
  }
}
