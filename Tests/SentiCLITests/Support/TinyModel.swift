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
    var builder = try VocabularyBuilder(normalization: .reviews)
    for word in words { builder.add(word) }
    let vocabulary = builder.vocabulary()
    var configuration = SentimentConfiguration(vocabularySize: vocabulary.count)
    (configuration.embeddingSize, configuration.hiddenSize) = (1, 1)
    (configuration.cell, configuration.pooling) = (.rnn, [.mean])
    let network = SentimentNetwork(configuration)
    let parameters = Parameters<Float>(layout: network.layout) { slot in
      values(of: slot, vocabulary)
    }
    var card = ModelCard()
    (card.name, card.language, card.trainingSeconds) = ("tiny", "en", 12)
    (card.recipe, card.figures) = (["seed": "7"], ["validation_accuracy": 0.875])
    return SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TextPipeline(vocabulary: vocabulary),
      network: network, parameters: parameters, card: card)
  }

  private static func values(of slot: ParameterSlot, _ vocabulary: Vocabulary) -> [Float] {
    switch slot.name {
    case "embedding.weight":
      vocabulary.entries.map { entry in
        switch entry.word {
        case "good", "great": 1
        case "bad", "awful": -1
        default: 0
        }
      }
    case "output.weight": [-3, 3]
    case let name where name.contains("weight_ih"): [Float](repeating: 1, count: slot.range.count)
    default: [Float](repeating: 0, count: slot.range.count)
    }
  }
}
