internal import SentiCorpora
package import SentiModels
internal import SentiText

/// Labelled texts as token ids, and the size of the vocabulary that was built of them.
package struct NumberedTexts {
  /// The texts that have a token, in the order of the corpus.
  package let examples: [SentimentExample]
  /// The number of words of the vocabulary, special ones included.
  package let vocabularySize: Int
  /// The number of labels.
  package let classCount: Int
  /// The number of texts without a single token, which are left out.
  package let emptyCount: Int

  /// Reads a corpus, builds its vocabulary and numbers its texts.
  ///
  /// - Parameters:
  ///   - path: A folder of labelled subfolders, or a file of JSON Lines, CSV or TSV.
  ///   - maximumVocabularySize: The most words in the vocabulary, special ones included.
  /// - Throws: What is wrong with the corpus.
  package init(_ path: String, maximumVocabularySize: Int) throws {
    let corpus = try Corpus(CorpusReader(path))
    if let problem = corpus.problems.first { throw problem }
    var builder = try VocabularyBuilder(normalization: .reviews)
    for text in corpus.texts { builder.add(text.text) }
    let vocabulary = builder.vocabulary(minimumCount: 2, maximumSize: maximumVocabularySize)
    let pipeline = try TextPipeline(vocabulary: vocabulary)
    let labels = corpus.labels
    let numbered = try corpus.texts.map { text in
      guard let label = text.label.flatMap(labels.firstIndex) else {
        throw MissingLabel(origin: text.origin)
      }
      let tokens = pipeline.encode(text.text).map { Int32($0.rawValue) }
      return SentimentExample(tokens: tokens, label: label)
    }
    examples = numbered.filter { !$0.tokens.isEmpty }
    vocabularySize = vocabulary.count
    classCount = labels.count
    emptyCount = numbered.count - examples.count
  }

  /// The number of tokens of each text.
  package var lengths: [Int] { examples.map(\.tokens.count) }

  /// The number of real tokens.
  package var tokenCount: Int { lengths.reduce(0, +) }
}

/// A text has no label.
private struct MissingLabel: Error, CustomStringConvertible {
  let origin: LabelledText.Origin

  var description: String { "\(origin): the text has no label" }
}
