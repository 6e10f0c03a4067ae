internal import SentiCorpora
internal import SentiModels
internal import SentiTensor

/// What the bundled classifier makes of labelled reviews, in full precision or rounded.
struct RoundedAccuracy {
  /// Enough that two tenths of a point are eight reviews.
  private static let reviewCount = 4000

  private let classifier: SentimentClassifier
  private let reviews: [(bytes: [UInt8], label: String)]

  /// Takes reviews from all over a corpus whose labels are the classifier's or begin theirs.
  ///
  /// Reviews that the classifier was trained on are answered better than new ones.
  init(_ corpus: String) throws {
    classifier = try .bundledEnglish()
    let labels = classifier.labels
    let labelled = try Corpus(CorpusReader(corpus)).texts.compactMap { text in
      labels.first { label in text.label.map { label.hasPrefix($0) } ?? false }.map {
        (Array(text.text.utf8), $0)
      }
    }
    let step = max(1, labelled.count / Self.reviewCount)
    reviews = stride(from: 0, to: labelled.count, by: step).map { labelled[$0] }
  }

  /// The share of reviews that are classified rightly, in percent.
  func percent(_ precision: WeightPrecision) -> Double {
    precondition(!reviews.isEmpty, "no review of the corpus has a label of the classifier")
    let predictions = classifier.rounded(to: precision).predictions(
      forUTF8: reviews.map(\.bytes), threadCount: 2)
    let rightCount = zip(predictions, reviews).count { $0.label == $1.label }
    return 100 * Double(rightCount) / Double(reviews.count)
  }
}
