internal import Glibc
public import SentiCorpora
internal import SentiTensor

/// Scores rows of texts as they come, on all cores, in order, in constant memory.
///
///     let scorer = SentimentScorer(try .bundledEnglish())
///     for try await scored in scorer.scores(of: reviews) {
///       print(scored.row, scored.prediction.label)
///     }
///
/// Rows are read ahead, gathered in windows, sorted by length and scored in batches; they come out in
/// the order in which they went in. A row has the same bits whatever comes before or behind it, at any
/// thread count. See <doc:ScoringRows>.
///
/// A value may be used from any number of tasks, and scores any number of sequences at a time.
public struct SentimentScorer: Sendable {
  /// What scores the texts.
  public let classifier: SentimentClassifier

  /// The number of threads.
  public let threadCount: Int

  private let timelines: TimelineReader?
  private let sentences: SentenceReader?
  private let explainedLabel: Int?

  /// Prepares to score.
  ///
  /// - Parameters:
  ///   - classifier: What scores the texts.
  ///   - threadCount: The number of threads, one a core where nil; scores do not depend on it.
  ///   - timelines: Follows the score through each text, where it is asked for.
  ///   - sentences: Classifies each sentence of a text, where it is asked for.
  ///   - explainedLabel: The index of the label to whose log-odds words contribute; nil: nothing is explained.
  /// - Precondition: `threadCount` is at least 1.
  public init(
    _ classifier: SentimentClassifier, threadCount: Int? = nil, timelines: TimelineReader? = nil,
    sentences: SentenceReader? = nil, explainedLabel: Int? = nil
  ) {
    let threadCount = threadCount ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    precondition(threadCount > 0, "thread count \(threadCount)")
    self.classifier = classifier
    self.threadCount = threadCount
    self.timelines = timelines
    self.sentences = sentences
    self.explainedLabel = explainedLabel
  }

  /// Scores texts.
  ///
  /// - Parameter texts: The texts.
  /// - Returns: The texts, each with what the net says of it, in order.
  public func scores<Texts: AsyncSequence & Sendable>(
    of texts: Texts
  ) -> ScoredRows<Texts> where Texts.Element == String {
    scores(of: texts, byteCount: { $0.utf8.count }, text: { RowText($0) })
  }

  /// Scores texts that are at hand, or made when they are asked for: an array, a set, a lazy sequence.
  ///
  /// - Parameter texts: The texts.
  /// - Returns: The texts, each with what the net says of it, in order.
  public func scores<Texts: Sequence<String> & Sendable>(
    of texts: Texts
  ) -> ScoredRows<AsyncElements<Texts>> {
    scores(of: AsyncElements(texts))
  }

  /// Scores rows that have a text.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - byteCount: The number of bytes that a row holds, by which it is decided how far to read
  ///     ahead.
  ///   - text: The text of a row; ``SentiCorpora/RowText/empty`` for a row that has none.
  /// - Returns: The rows, each with what the net says of it, in order. Where a text has no word, the
  ///   prediction has no token and says nothing.
  public func scores<Rows: AsyncSequence & Sendable>(
    of rows: Rows, byteCount: @escaping @Sendable (Rows.Element) -> Int,
    text: @escaping @Sendable (Rows.Element) -> RowText
  ) -> ScoredRows<Rows> where Rows.Element: Sendable {
    ScoredRows(scorer: self, rows: rows, byteCount: byteCount, text: text)
  }

  /// Scores texts that are taken together; nil when the task is cancelled meanwhile.
  func outcomes(of texts: [RowText]) -> [ScoringOutcome]? {
    let cancellation = Cancellation()
    let outcomes = cancellation.watch { watchedOutcomes(of: texts) }
    return cancellation.isRequested ? nil : outcomes
  }

  private func watchedOutcomes(of texts: [RowText]) -> [ScoringOutcome] {
    if timelines == nil && texts.allSatisfy({ $0.byteCount < ScoringLimits.longByteCount }) {
      let outcomes = outcomes(ofShort: texts)
      guard let sentences, !Cancellation.isRequested else { return outcomes }
      return zip(outcomes, sentences.sentences(of: texts)).map { $0.with(sentences: $1) }
    }
    var outcomes: [ScoringOutcome] = []
    for text in texts {
      if Cancellation.isRequested { break }
      let timeline = timelines?.timeline(of: text)
      let explanation = explainedLabel.map {
        classifier.explanations(ofUTF8: [Array(text.bytes)], of: $0)[0]
      }
      let prediction =
        timeline?.prediction ?? explanation?.prediction ?? classifier.prediction(for: text)
      let outcome = ScoringOutcome(prediction, timeline: timeline, explanation: explanation)
      outcomes.append(outcome.with(sentences: sentences?.sentences(of: text)))
    }
    return outcomes
  }

  private func outcomes(ofShort texts: [RowText]) -> [ScoringOutcome] {
    if let explainedLabel {
      return classifier.explanations(
        ofUTF8: texts.map { Array($0.bytes) }, of: explainedLabel
      ).map { ScoringOutcome($0.prediction, explanation: $0) }
    }
    let tokens = texts.map { classifier.pipeline.tokenIDs($0.bytes) }
    return classifier.predictions(forTokens: tokens).map { ScoringOutcome($0) }
  }
}
