import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining

/// Small models, and texts by a rule that they can learn.
enum TestModels {
  static let words = (0..<46).map { "word\($0)" }

  /// A pipeline whose vocabulary has 50 tokens, four of them special.
  static func pipeline() throws -> TextPipeline {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add(words.joined(separator: " "))
    return try TextPipeline(vocabulary: builder.vocabulary())
  }

  /// An untrained classifier of random weights.
  static func classifier(
    labels: [String] = ["negative", "positive"], cell: CellConfiguration = .gru,
    isBidirectional: Bool = false
  ) throws -> SentimentClassifier {
    var configuration = SentimentConfiguration(vocabularySize: 50)
    configuration.classCount = labels.count
    configuration.embeddingSize = 5
    configuration.hiddenSize = 9
    configuration.cell = cell
    configuration.isBidirectional = isBidirectional
    let network = SentimentNetwork(configuration)
    var generator = SeededGenerator(seed: 6)
    var card = ModelCard()
    card.name = "test"
    card.figures = ["validation_accuracy": 0.875, "undefined": .infinity]
    return SentimentClassifier(
      labels: labels, pipeline: try pipeline(), network: network,
      parameters: generator.parameters(network.layout, deviation: 0.4), temperature: 1.25,
      card: card)
  }

  /// A classifier that a person can compute in the head: great is favourable, awful is not, and the
  /// logits are three times the mean over the text.
  static func opinionated() throws -> SentimentClassifier {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add("great awful")
    let vocabulary = builder.vocabulary()
    var configuration = SentimentConfiguration(vocabularySize: vocabulary.count)
    (configuration.embeddingSize, configuration.hiddenSize) = (1, 1)
    (configuration.cell, configuration.pooling) = (.rnn, [.mean])
    let network = SentimentNetwork(configuration)
    let parameters = Parameters<Float>(layout: network.layout) { slot in
      switch slot.name {
      case "embedding.weight":
        vocabulary.entries.map { ["great": 1, "awful": -1][$0.word] ?? 0 }
      case "output.weight": [-3, 3]
      case let name where name.contains("weight_ih"): [1]
      default: [Float](repeating: 0, count: slot.range.count)
      }
    }
    return SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TextPipeline(vocabulary: vocabulary),
      network: network, parameters: parameters)
  }

  /// Reviews of two to eight words, of which one tells the label.
  static func reviews(_ count: Int, seed: UInt64 = 1) -> [LabelledText] {
    let telling = [["awful", "dull", "poor"], ["great", "fine", "lovely"]]
    let filler = ["the", "film", "was", "a", "story", "with", "songs", "and"]
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      var words = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
        filler.randomElement(using: &generator) ?? ""
      }
      words.append(telling[index % 2].randomElement(using: &generator) ?? "")
      return LabelledText(
        words.shuffled(using: &generator).joined(separator: " "),
        label: ["negative", "positive"][index % 2],
        origin: LabelledText.Origin(path: "reviews", line: index + 1))
    }
  }

  /// Options under which a net learns ``reviews(_:seed:)`` in a second.
  static func options() -> SentimentTrainingOptions {
    var options = SentimentTrainingOptions()
    options.minimumCount = 1
    options.embeddingSize = 8
    options.hiddenSize = 12
    options.settings.epochCount = 6
    options.settings.tokenBudget = 40
    options.settings.learningRate = 0.05
    options.regularization.wordDropout = 0.05
    options.regularization.embeddingDropout = 0.1
    options.regularization.outputDropout = 0.1
    return options
  }
}
