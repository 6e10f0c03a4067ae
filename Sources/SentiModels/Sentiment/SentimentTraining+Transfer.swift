public import SentiCorpora
internal import SentiRNN
internal import SentiTensor
public import SentiText
internal import SentiTraining

/// How much of a vocabulary another source knows.
public struct WordCoverage: Hashable, Sendable {
  /// The number of words that got a vector.
  public var foundCount = 0
  /// The number of words of the vocabulary, special ones left out.
  public var wordCount = 0
  /// The number of lines that could not be read.
  public var problemCount = 0
  /// The first of them.
  public var problems: [CorpusError] = []
}

/// A trained model that a training of a classifier starts from: a classifier or a language model.
public struct PretrainedModel: Sendable {
  /// Where the model is read from.
  public let source: ModelSource
  /// The words that it knows.
  public let vocabulary: Vocabulary
  /// The labels of a classifier; nil for a language model.
  public let labels: [String]?
  private let adoptShape: @Sendable (inout SentimentTrainingOptions) -> Void

  /// Loads a model file of either kind.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String) throws(ModelError) { try self.init(.file(path)) }

  /// Loads a model of either kind.
  ///
  /// - Parameter source: Where the model is read from.
  /// - Throws: ``ModelError``, which names the model and what is wrong with it.
  public init(_ source: ModelSource) throws(ModelError) {
    self.source = source
    let kinds = [SentimentClassifier.kind, LanguageModel.kind]
    let file = try ModelFile(
      source, formatVersion: SentimentClassifier.formatVersion, kinds: kinds)
    if try file.text(ModelFile.Key.kind) == LanguageModel.kind, let path = source.path {
      let model = try LanguageModel(contentsOf: path)
      guard case .words(let pipeline) = model.codec else {
        throw file.inconsistent("vocabulary", expected: "words", found: "subwords")
      }
      let configuration = model.network.configuration
      (vocabulary, labels) = (pipeline.vocabulary, nil)
      adoptShape = { $0.adoptShape(of: configuration) }
    } else {
      let classifier = try SentimentClassifier(source)
      (vocabulary, labels) = (classifier.pipeline.vocabulary, classifier.labels)
      adoptShape = { $0.adoptShape(of: classifier) }
    }
  }

  /// The vocabulary that a training takes over whole: a language model's, which has seen more texts
  /// than those with labels; nil for a classifier's.
  public var trainingVocabulary: Vocabulary? { labels == nil ? vocabulary : nil }

  /// Writes the shape and the normalization that a net must have to start from the model into options.
  ///
  /// - Parameter options: The options of the training.
  public func adoptShape(in options: inout SentimentTrainingOptions) {
    adoptShape(&options)
    options.normalization = vocabulary.header.normalization.description
  }
}

extension SentimentTrainingOptions {
  /// Takes over what a net must have in common with a language model.
  fileprivate mutating func adoptShape(of configuration: LanguageModelConfiguration) {
    embeddingSize = configuration.embeddingSize
    cell = configuration.cell
    hiddenSize = configuration.hiddenSize
    layerCount = configuration.layerCount
    isBidirectional = configuration.isBidirectional
  }

  /// Takes over what a net must have in common with a trained one: shape and normalization.
  ///
  /// - Parameter classifier: The trained one.
  public mutating func adoptShape(of classifier: SentimentClassifier) {
    let configuration = classifier.network.configuration
    embeddingSize = configuration.embeddingSize
    cell = configuration.cell
    hiddenSize = configuration.hiddenSize
    layerCount = configuration.layerCount
    isBidirectional = configuration.isBidirectional
    pooling = configuration.pooling
    normalization = classifier.pipeline.vocabulary.header.normalization.description
  }

  /// The names of a net's layers, lowest first, for `ParameterGroup.layers`.
  public var layerPatterns: [String] {
    [SentimentNetwork.embeddingPrefix]
      + (0..<layerCount).map { "\(SentimentNetwork.encoderPrefix)*_l\($0)" }
      + [SentimentNetwork.outputPrefix]
  }
}

extension SentimentTraining {
  /// The names of all parameters, in order.
  public var parameterNames: [String] { network.layout.slots.map(\.name) }

  /// Starts from a trained model: its recurrent layers, the vectors of the words that both know, and
  /// the output layer where the labels are the same.
  ///
  /// - Parameter path: The model's file; see ``PretrainedModel/adoptShape(in:)``.
  /// - Returns: How many words both know.
  /// - Throws: ``ModelError`` or `ArchiveError`, where the file cannot be read or a shape is another.
  /// - Precondition: No epoch was trained.
  public mutating func adopt(modelAt path: String) throws -> WordCoverage {
    try adopt(PretrainedModel(contentsOf: path))
  }

  /// Starts from a trained model, as ``adopt(modelAt:)`` does.
  ///
  /// - Parameter model: The model.
  /// - Returns: How many words both know.
  /// - Throws: `ArchiveError`, where the file cannot be read or a shape is another.
  /// - Precondition: No epoch was trained.
  public mutating func adopt(_ model: PretrainedModel) throws -> WordCoverage {
    let archive = try model.source.archive()
    var parameters = parameters
    _ = try parameters.load(from: archive, SentimentNetwork.encoderPrefix)
    if model.labels == labels {
      _ = try parameters.load(from: archive, SentimentNetwork.outputPrefix)
    }
    let embedding = network.embedding.weights
    let theirs = model.vocabulary
    let vectors = try archive.matrix(
      named: embedding.name, shape: [theirs.count, embedding.columnCount])
    let pairs = vocabulary.entries.enumerated().compactMap { index, entry in
      theirs.id(for: entry.word).map { (mine: index, theirs: Int32($0.rawValue)) }
    }
    var found = Matrix<Float>(rowCount: 0, columnCount: embedding.columnCount)
    vectors.gather(pairs.map(\.theirs), into: &found)
    parameters.replaceRows(
      of: embedding, with: pairs.enumerated().map { ($1.mine, found.row($0)) })
    restart(from: parameters)
    var coverage = WordCoverage(wordCount: knownWordCount)
    coverage.foundCount = pairs.count { !isSpecial($0.mine) }
    return coverage
  }

  /// Starts from given word vectors, as far as they are in a file.
  ///
  /// - Parameter path: A text file of GloVe, word2vec or fastText; see `WordVectorReader`.
  /// - Returns: How many words have a vector there, and which lines are malformed.
  /// - Throws: `CorpusError`, where the file cannot be read, or ``ModelError``, where its vectors are
  ///   of another width.
  /// - Precondition: No epoch was trained.
  /// - Complexity: O(file), in memory that does not grow with it.
  public mutating func adopt(wordVectorsAt path: String) throws -> WordCoverage {
    var reader = try WordVectorReader(contentsOf: path)
    let embedding = network.embedding.weights
    guard reader.vectorSize == embedding.columnCount else {
      throw ModelError.inconsistent(
        path: path, what: "width of a word vector", expected: "\(embedding.columnCount)",
        found: "\(reader.vectorSize)")
    }
    var rows: [Int: [Float]] = [:]
    func row(_ word: [UInt8]) -> Int? {
      vocabulary.id(forUTF8: word.span, 0..<word.count).map { Int($0.rawValue) }
    }
    while let (word, vector) = try reader.next(where: { row($0).map { rows[$0] == nil } ?? false })
    {
      if let row = row(word) { rows[row] = vector }
    }
    var parameters = parameters
    parameters.replaceRows(of: embedding, with: rows.map { ($0.key, $0.value) })
    restart(from: parameters)
    return WordCoverage(
      foundCount: rows.keys.count { !isSpecial($0) }, wordCount: knownWordCount,
      problemCount: reader.problemCount, problems: reader.problems)
  }

  private var knownWordCount: Int { (0..<vocabulary.count).count { !isSpecial($0) } }

  private func isSpecial(_ row: Int) -> Bool {
    vocabulary.isSpecial(TokenID(rawValue: UInt32(row)))
  }
}
