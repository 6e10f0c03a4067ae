/// How much is on its way at a time; the results do not depend on it.
enum ScoringLimits {
  /// The bytes of all rows that are held.
  static let heldByteCount = 12 << 20
  /// The bytes at which a window is full: some 2,000 reviews, which make batches of like lengths.
  static let windowByteCount = 3 << 20
  /// What a row takes up beside its bytes.
  static let rowByteCount = 512
  /// The bytes of a batch, of which each text counts by as many as the net reads at once.
  static let batchByteCount = 80 << 10
  /// About as many bytes as the net reads at once of a text.
  static let chunkByteCount = 5 * SentimentNetwork.chunkLength
  /// A text this long is read alone, in pieces.
  static let longByteCount = 1 << 20

  /// Cuts texts, longest first, into batches of a bounded size.
  ///
  /// A text counts by no more than the net reads of it at once: where states are carried from chunk to
  /// chunk, several long texts together are faster than one after the other. In all, a batch has four
  /// times its budget, so that there are batches of long texts for every core.
  static func batches(_ lengths: [Int], chunk: Int, budget: Int) -> [[Int]] {
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var (batches, batch, cost, total) = ([[Int]](), [Int](), 0, 0)
    for index in order {
      batch.append(index)
      cost += min(lengths[index], chunk)
      total += lengths[index]
      guard cost >= budget || total >= 4 * budget else { continue }
      batches.append(batch)
      (batch, cost, total) = ([], 0, 0)
    }
    return batch.isEmpty ? batches : batches + [batch]
  }
}
