internal import CAllocations
internal import Measurement
internal import SentiText

/// Measures ICU's loop, then boundaries and ids through SentiText's public interface.
struct TokenizationMeasurement {
  static let icu = "ICU word iterator, UTF-16"
  static let boundaries = "boundaries, [UInt8] to [Token]"
  static let ids = "case, ids, [UInt8] to [TokenID]"
  static let idsOfStrings = "case, ids, String to [TokenID]"
  static let idsOfReviews = "HTML, NFKC, case, ids"

  private let texts: MeasuredTexts
  private let sampling: Sampling
  private let tokenizer: WordTokenizer
  private let folding: TextPipeline
  private let reviews: TextPipeline

  /// Builds vocabularies of the texts, and finds out whether the tokens are as many as ICU's.
  init(_ texts: MeasuredTexts, maximumVocabularySize: Int, sampling: Sampling) throws {
    self.texts = texts
    self.sampling = sampling
    tokenizer = try WordTokenizer()
    folding = try Self.pipeline(texts, Normalization(foldsCase: true), maximumVocabularySize)
    reviews = try Self.pipeline(texts, .reviews, maximumVocabularySize)
    let (expected, found) = (texts.countByICU(), Self.countTokens(texts, tokenizer))
    guard expected == found else { throw DifferentTokens(expected: expected, found: found) }
  }

  private static func pipeline(
    _ texts: MeasuredTexts, _ normalization: Normalization, _ maximumSize: Int
  ) throws -> TextPipeline {
    var builder = try VocabularyBuilder(normalization: normalization)
    for text in texts.strings { builder.add(text) }
    let vocabulary = builder.vocabulary(minimumCount: 2, maximumSize: maximumSize)
    return try TextPipeline(vocabulary: vocabulary)
  }

  /// What is measured on.
  var conditions: String {
    let megabytes = Report.column(Double(texts.byteCount) / 1e6, width: 0, decimals: 1)
    let share = Report.column(100 * texts.shareBeyondASCII, width: 0, decimals: 1)
    return """
      processor   \(Machine.processorName)
      texts       \(texts.strings.count), \(megabytes) MB, \(share) % of them beyond ASCII
      vocabulary  \(folding.vocabulary.count) words

      """
  }

  /// Measures all works in turn, again and again; ICU's figure first.
  ///
  /// What else the machine does then falls on all of them alike. Times are the processor's.
  func results(onlyBoundaries: Bool) -> [TokenizationResult] {
    let works = onlyBoundaries ? Array(works.prefix(2)) : works
    var times = works.map { _ in [Double]() }
    let tokenCounts = works.map { $0.count() }
    let total = Stopwatch()
    let seconds = sampling.seconds * Double(works.count)
    while times[0].count < sampling.minimumCount || total.elapsed.seconds < seconds {
      for (index, work) in works.enumerated() {
        let stopwatch = Stopwatch()
        let tokenCount = work.count()
        times[index].append(stopwatch.elapsed.processorSeconds)
        precondition(tokenCount == tokenCounts[index], "\(work.name): other tokens each time")
      }
    }
    return works.indices.map { index in
      TokenizationResult(
        work: works[index].name, seconds: times[index].median, byteCount: texts.byteCount,
        ratio: zip(times[0], times[index]).map { $0 / $1 }.median, tokenCount: tokenCounts[index],
        allocationsPerToken: allocations(of: works[index]) / Double(tokenCounts[index]))
    }
  }

  private typealias Work = (name: String, count: () -> Int)

  private var works: [Work] {
    [
      (Self.icu, { texts.countByICU() }),
      (Self.boundaries, { Self.countTokens(texts, tokenizer) }),
      (Self.ids, { countIDs(folding) }),
      (Self.idsOfStrings, { texts.strings.reduce(0) { $0 + folding.encode($1).count } }),
      (Self.idsOfReviews, { countIDs(reviews) }),
    ]
  }

  private static func countTokens(_ texts: MeasuredTexts, _ tokenizer: WordTokenizer) -> Int {
    texts.utf8.reduce(0) { $0 + tokenizer.tokens(utf8: $1.span).tokens.count }
  }

  private func countIDs(_ pipeline: TextPipeline) -> Int {
    texts.utf8.reduce(0) { $0 + pipeline.encode(utf8: $1.span).count }
  }

  /// How often a work asks for memory, but for once a text: its result is an array.
  private func allocations(of work: Work) -> Double {
    let before = CAllocations_count()
    _ = work.count()
    return Double(max(0, Int(CAllocations_count() - before) - texts.utf8.count))
  }
}

/// What one work came to.
struct TokenizationResult {
  var work: String
  var seconds: Double
  var byteCount: Int
  /// The speed in proportion to ICU's.
  var ratio: Double
  var tokenCount: Int
  var allocationsPerToken: Double

  var megabytesPerSecond: Double { Double(byteCount) / 1e6 / seconds }

  static let heading =
    "work                                MB/s  x ICU      tokens  allocations a token"

  var row: String {
    Report.column(work, width: 32) + Report.column(megabytesPerSecond, width: 8, decimals: 1)
      + Report.column(ratio, width: 7, decimals: 2) + Report.column(Double(tokenCount), width: 12)
      + Report.column(allocationsPerToken, width: 21, decimals: 4)
  }

  /// The figures as all benchmarks write them.
  var figures: [Figure] {
    [
      ("MB/s", megabytesPerSecond), ("x ICU", ratio), ("allocations a token", allocationsPerToken),
    ].map { unit, value in
      var figure = Figure(work, threads: 1, value: value, unit: unit)
      if work == TokenizationMeasurement.icu { figure.program = "icu" }
      return figure
    }
  }
}

/// The tokenizer does not find what ICU finds.
struct DifferentTokens: Error, CustomStringConvertible {
  let expected: Int
  let found: Int

  var description: String { "expected ICU's \(expected) tokens, found \(found)" }
}
