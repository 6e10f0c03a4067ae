import SentiModels
import SentiRNN
import SentiTensor
import SentiText

/// A model that a person can compute in the head, so that the tests depend on no training.
///
/// A word vector is one number: 1 for `good` and `great`, -1 for `bad` and `awful`, 0 for all others.
/// The state is its hyperbolic tangent, without memory; the output takes the mean over the text,
/// and its logit for `positive` is three times the mean, for `negative` minus three times.
enum TinyModel {
  /// The words that the model knows.
  static let words = ["good", "great", "bad", "awful", "film", "the", "a", "not", "but", "."]

  static func classifier() throws -> SentimentClassifier {
    try classifier(inputWeights: [1]) { [$0] }
  }

  /// The tiny model with word vectors that 8-bit integers make all alike: a row's greatest element
  /// is so much greater than the one that counts.
  static func fragileClassifier() throws -> SentimentClassifier {
    try classifier(inputWeights: [0.001, 1]) { [1, 0.003 * $0 - 0.001] }
  }

  /// The tiny model with weights so large that the logits of favourable texts overflow.
  static func overflowingClassifier() throws -> SentimentClassifier {
    let tiny = try classifier()
    let parameters = Parameters<Float>(layout: tiny.network.layout) { slot in
      switch slot.name {
      case "output.weight": [-3e38, 3e38]
      case "output.bias": [-2e38, 2e38]
      default: tiny.parameters[slot]
      }
    }
    return SentimentClassifier(
      labels: tiny.labels, pipeline: tiny.pipeline, network: tiny.network, parameters: parameters)
  }

  /// A classifier with word vectors that are made of the sentiment of each word.
  private static func classifier(
    inputWeights: [Float], vector: @escaping (Float) -> [Float]
  ) throws -> SentimentClassifier {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    for word in words { builder.add(word) }
    let vocabulary = builder.vocabulary()
    var configuration = SentimentConfiguration(vocabularySize: vocabulary.count)
    (configuration.embeddingSize, configuration.hiddenSize) = (inputWeights.count, 1)
    (configuration.cell, configuration.pooling) = (.rnn, [.mean])
    let network = SentimentNetwork(configuration)
    let parameters = Parameters<Float>(layout: network.layout) { slot in
      switch slot.name {
      case "embedding.weight": vocabulary.entries.flatMap { vector(sentiment(of: $0.word)) }
      case "output.weight": [-3, 3]
      case let name where name.contains("weight_ih"): inputWeights
      default: [Float](repeating: 0, count: slot.range.count)
      }
    }
    var card = ModelCard()
    (card.name, card.language, card.trainingSeconds) = ("tiny", "en", 12)
    (card.recipe, card.figures) = (["seed": "7"], ["validation_accuracy": 0.875])
    return SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TextPipeline(vocabulary: vocabulary),
      network: network, parameters: parameters, card: card)
  }

  private static func sentiment(of word: String) -> Float {
    switch word {
    case "good", "great": 1
    case "bad", "awful": -1
    default: 0
    }
  }
}
