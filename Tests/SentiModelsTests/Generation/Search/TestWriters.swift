import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining
import Testing

/// Small tasks that a net can learn to write: figures described, numbers translated.
enum TestWriters {
  static let colours = ["red", "green", "blue"]
  static let shapes = ["circle", "square"]

  /// Every colour and shape as two ones among five numbers, with two ways to say it.
  static let figures: [GenerationText] = colours.indices.flatMap { colour in
    shapes.indices.map { shape in
      let vector = (0..<5).map { Float($0 == colour || $0 == 3 + shape ? 1 : 0) }
      let name = "\(colours[colour]) \(shapes[shape])"
      return GenerationText(source: .vector(vector), targets: ["a \(name).", "A \(name)."])
    }
  }

  static let english = ["one", "two", "three", "four", "five"]
  static let german = ["eins", "zwei", "drei", "vier", "fünf"]

  /// Rows of one to four numbers in two languages.
  static func numbers(_ count: Int, seed: UInt64 = 1) -> [GenerationText] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let numbers = (0...index % 4).map { _ in Int.random(in: 0..<5, using: &generator) }
      return GenerationText(
        source: .text(numbers.map { english[$0] }.joined(separator: " ")),
        targets: [numbers.map { german[$0] }.joined(separator: " ")])
    }
  }

  /// Options under which a net learns either task in some seconds.
  static func options(usesSubwords: Bool = false) -> GenerationTrainingOptions {
    var options = GenerationTrainingOptions()
    options.codec.unit = usesSubwords ? .subwords : .words
    options.codec.maximumSize = 270
    options.codec.minimumCount = 1
    options.codec.normalization = Normalization(foldsCase: true).description
    options.embeddingSize = 8
    options.encoderSize = 6
    options.decoderSize = 12
    options.decoderLayerCount = 1
    options.regularization = .none
    options.settings.epochCount = 12
    options.settings.tokenBudget = 40
    options.settings.learningRate = 0.03
    return options
  }

  static func finished(
    _ texts: [GenerationText], validation: [GenerationText] = [],
    _ options: GenerationTrainingOptions = options()
  ) throws -> GenerationTraining {
    var training = try GenerationTraining(texts, validation: validation, options: options)
    while !training.isFinished { _ = try #require(try training.runEpoch { _ in true }) }
    return training
  }

  /// Untrained models of every kind of codec.
  static func model(
    _ texts: [GenerationText], usesSubwords: Bool = false, sharesVocabulary: Bool = false,
    attention: AttentionKind? = .additive
  ) throws -> GenerationModel {
    var options = options(usesSubwords: usesSubwords)
    options.sharesVocabulary = sharesVocabulary
    options.attention = attention
    let training = try GenerationTraining(texts, validation: [], options: options)
    var model = training.model(storedAs: .float32)
    model.card.name = "test"
    model.card.figures = ["validation_bleu": 12.5]
    return model
  }
}
