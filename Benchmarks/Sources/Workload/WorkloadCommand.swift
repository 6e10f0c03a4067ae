internal import ArgumentParser
internal import Batches
internal import EngineWork
internal import Foundation
internal import SentiTensor

/// The program: writes the batches that the recurrent engines are measured on.
@main
struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload",
    abstract: "Writes batches of token ids for the measurement of recurrent engines.",
    discussion: """
      Three files of JSON Lines go to the folder: reviews.jsonl, batches whose lengths are \
      log-normal like those of reviews, in random order; level.jsonl, batches of the same sizes \
      and words whose sequences are all of one length; one.jsonl, one review alone.

      The words are those of a corpus where one is given, else drawn by Zipf's law. The same \
      arguments give the same files.

      Examples:
        workload /tmp/work
        workload /tmp/work --corpus aclImdb/train --batch-count 16
      """)

  @Argument(help: "The folder; it is made where it does not exist.")
  var folder: String

  @Option(help: "Take the words of these labelled texts, the texts shuffled.")
  var corpus: String?

  @Option(help: "The number of batches.")
  var batchCount = 8

  @Option(help: "The number of sequences in a batch.")
  var batchSize = 64

  @Option(help: "The most words in the vocabulary, special ones included.")
  var vocabularySize = 30_000

  @Option(help: "The number of tokens of the review that stands alone.")
  var oneLength = 230

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  func validate() throws {
    guard min(batchCount, batchSize, oneLength) > 0 && vocabularySize > 4 else {
      throw ValidationError("counts are numbers from 1, and a vocabulary has more than 4 words")
    }
  }

  func run() throws {
    var generator = SeededGenerator(seed: seed)
    var words =
      if let corpus {
        WordSource.corpus(
          try NumberedTexts(corpus, maximumVocabularySize: vocabularySize), &generator)
      } else {
        WordSource.zipf(vocabularySize: vocabularySize, count: 1 << 20, &generator)
      }
    let reviews = (0..<batchCount).map { _ in
      ReviewLengths.batch(size: batchSize, of: &words, &generator)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try BatchFile.write(reviews, to: folder + "/reviews.jsonl")
    try BatchFile.write(reviews.map(leveled), to: folder + "/level.jsonl")
    try BatchFile.write([[words.next(oneLength)]], to: folder + "/one.jsonl")
  }

  /// The same words in as many sequences, all of the mean length.
  private func leveled(_ batch: [[Int32]]) -> [[Int32]] {
    let words = Array(batch.joined())
    let length = max(1, words.count / batch.count)
    return (0..<batch.count).map { Array(words[$0 * length..<($0 + 1) * length]) }
  }
}
