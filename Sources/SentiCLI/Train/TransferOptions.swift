import ArgumentParser
import SentiModels
import SentiText
import SentiTraining

/// What a training takes over from others, and how it treats it.
struct TransferOptions: ParsableArguments {
  @Option(
    help: .file(
      "Fine-tune this classifier or language model, or the English ones that come with senti, english "
        + "and small: the layers, and the vectors of words that both know. The network takes over "
        + "its shape and normalization, and of a language model the vocabulary."),
    completion: .file(extensions: ["safetensors"]))
  var from: String?

  @Flag(
    help: "Keep all words of the classifier in --from, also those that the texts lack.")
  var keepVocabulary = false

  @Option(
    help: .file("Initialize word vectors from a file of GloVe, word2vec or fastText."),
    completion: .file())
  var wordVectors: String?

  @Option(
    help: ArgumentHelp(
      "Freeze parameters with this prefix; * matches anything. Can be repeated.",
      valueName: "prefix"))
  var freeze: [String] = []

  @Flag(help: "Divide the learning rate by 2.6 from each layer to the one below.")
  var discriminativeRates = false

  @Flag(help: "Train the output layer alone at first, and one layer more in each epoch.")
  var gradualUnfreezing = false

  func validate() throws {
    guard !keepVocabulary || from != nil else {
      throw ValidationError("Expected --from beside --keep-vocabulary.")
    }
  }

  /// The model that the training starts from.
  func pretrainedModel() throws -> PretrainedModel? {
    try from.map { try PretrainedModel(ModelSource(argument: $0)) }
  }

  /// The vocabulary of the training; nil: the words of its texts.
  func vocabulary(of pretrained: PretrainedModel?) -> Vocabulary? {
    keepVocabulary ? pretrained?.vocabulary : pretrained?.trainingVocabulary
  }

  /// Writes the options into a training's.
  func apply(to options: inout SentimentTrainingOptions, _ pretrained: PretrainedModel?) {
    pretrained?.adoptShape(in: &options)
    if discriminativeRates || gradualUnfreezing {
      options.settings.groups = ParameterGroup.layers(
        options.layerPatterns, divisor: discriminativeRates ? 2.6 : 1, isGradual: gradualUnfreezing)
    }
    options.settings.groups += freeze.map { ParameterGroup($0, isFrozen: true) }
  }

  /// Fills a training with what it starts from.
  ///
  /// - Returns: Lines that tell what was taken over.
  func start(
    _ training: inout SentimentTraining, _ pretrained: PretrainedModel?
  ) throws -> [String] {
    for group in training.options.settings.groups
    where !training.parameterNames.contains(where: group.matches) {
      throw Failure(
        "--freeze \(group.pattern): no parameter begins so; found "
          + training.parameterNames.joined(separator: ", "), .usage)
    }
    var lines: [String] = []
    if let pretrained { lines += describe(pretrained.source.name, try training.adopt(pretrained)) }
    if let wordVectors {
      lines += describe(wordVectors, try training.adopt(wordVectorsAt: wordVectors))
    }
    return lines
  }

  private func describe(_ path: String, _ coverage: WordCoverage) -> [String] {
    for problem in coverage.problems { Diagnostics.warn("\(problem); left out") }
    let rest = coverage.problemCount - coverage.problems.count
    if rest > 0 {
      Diagnostics.warn("\(path): \(Columns.grouped(rest)) more malformed lines left out")
    }
    return [
      "\(path): vectors of \(Columns.grouped(coverage.foundCount)) of "
        + "\(Columns.grouped(coverage.wordCount)) words"
    ]
  }
}
