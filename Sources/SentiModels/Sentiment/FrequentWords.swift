public import SentiRNN
public import SentiTensor

/// What the lowest layer of a sentiment net makes of the words that are frequent, for all batches.
///
/// A vocabulary is in order of frequency, so these are its first words: as many as take 64 MB. They are
/// projected when as many tokens were read as there are of them, so that one text does not wait for
/// them and a pile of texts does not project them in each batch. No bit of a result changes.
///
/// It belongs to one set of word vectors and weights. Safe to use from any thread.
public final class FrequentWords<Scalar: MatrixScalar>: Sendable {
  /// The number of words.
  public let count: Int

  private let shared: SharedTable<[CachedProjection<Scalar>]>

  /// Prepares for words that are not projected yet.
  ///
  /// - Parameters:
  ///   - network: The net that will read them.
  ///   - mostElements: The most numbers to keep; as many as take 64 MB in single precision.
  public init(
    _ network: SentimentNetwork, mostElements: Int = CachedProjection<Scalar>.mostElements
  ) {
    count = CachedProjection<Scalar>.count(
      of: network.configuration.vocabularySize, for: network.encoder, mostElements: mostElements)
    shared = SharedTable(rowCount: count == 0 ? nil : count)
  }

  /// Counts tokens that are read, and gives a cache for each stack that reads words.
  ///
  /// - Parameters:
  ///   - tokenCount: How many tokens are read now.
  ///   - network: The net that reads them.
  ///   - wordVectors: Where its words' vectors are.
  ///   - weights: Its packed parameters.
  /// - Returns: The caches; nil: they are not there yet.
  func caches(
    reading tokenCount: Int, _ network: SentimentNetwork, _ wordVectors: WordVectors<Scalar>,
    _ weights: SentimentNetwork.Weights<Scalar>
  ) -> [CachedProjection<Scalar>]? {
    shared.table(reading: tokenCount) {
      let (encoder, rows) = (network.encoder, wordVectors.rows(Array(0..<Int32(count))))
      guard encoder.canStream else {
        return [CachedProjection(rows, weights: weights.encoder)]
      }
      return encoder.layers[0].indices.map { direction in
        CachedProjection(rows, weights: weights.encoder.direction(direction))
      }
    }
  }
}
