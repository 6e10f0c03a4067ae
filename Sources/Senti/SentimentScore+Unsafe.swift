/// Scores a text by the English model that comes with senti, for `NLTagger` of SentiNaturalLanguage.
///
/// - Parameters:
///   - text: UTF-8.
///   - count: The number of its bytes.
///   - score: Where the score is written, from -1, negative, to 1, positive.
/// - Returns: Whether there is one; false where ICU's data is missing.
@c(Senti_sentimentScore)
public func sentimentScore(
  _ text: UnsafePointer<UInt8>?, _ count: Int64, _ score: UnsafeMutablePointer<Double>
) -> Bool {
  guard let classifier = bundledClassifier else { return false }
  let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(count))
  let prediction = classifier.prediction(for: String(decoding: bytes, as: UTF8.self))
  let probabilities = prediction.probabilities
  unsafe score.pointee =
    (probabilities["positive"] ?? 0) - (probabilities["negative"] ?? 0)
  return true
}

private let bundledClassifier = try? SentimentClassifier.bundledEnglish()
