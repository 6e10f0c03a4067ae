internal import SentiCorpora
internal import SentiModels
internal import SentiTraining

/// Batches as JSON Lines: a line is an array of sequences, each an array of token ids.
///
/// The ids are those of the vocabulary. Its 0 is the padding that no text has a word for, so that a
/// reader may pad with 0.
enum BatchFile {
  /// Writes the first batches of a plan.
  static func write(
    _ plan: BatchPlan, _ examples: [SentimentExample], to path: String, limit: Int?
  ) throws {
    let file = try AtomicFile(path, overwrite: true)
    for batch in plan.batches.prefix(limit ?? plan.batches.count) {
      try file.write(Array(line(batch.map { examples[$0].tokens }).utf8))
    }
    try file.commit()
  }

  private static func line(_ sequences: [[Int32]]) -> String {
    precondition(sequences.allSatisfy { !$0.contains(0) }, "a text holds the padding's id")
    return "\(sequences)\n"
  }
}
