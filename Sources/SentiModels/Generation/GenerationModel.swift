public import SentiTensor
internal import SentiText

/// A net that writes with what turns texts into its tokens: a captioner, or a translator.
///
///     let translator = try GenerationModel(contentsOf: "en-de.safetensors")
///     let source = translator.source(for: "A dog runs on the beach.")
///     print(translator.texts(of: [source])[0])
///
/// A source has the same results, to the bit, alone and in any batch, at any thread count. Safe to
/// use from any thread.
public struct GenerationModel: Sendable {
  /// What a model writes of.
  public enum Kind: String, CaseIterable, Sendable {
    /// Vectors, such as the features of images.
    case captioner
    /// Texts.
    case translator

    /// How a model of this kind is usually searched: greedily until a beam is asked for.
    ///
    /// Captions are ranked by their probability as it is: divided by their length, the long ones win,
    /// and the net says more than it sees. On Flickr8k, a beam of 5 gains 7 points of BLEU-1 and 3 of
    /// BLEU-4 by it.
    public var searchOptions: GenerationOptions {
      var options = GenerationOptions()
      if self == .captioner { options.lengthPenalty = 0 }
      return options
    }
  }

  /// What turns texts to read into tokens; nil for a captioner.
  public let sourceCodec: TextCodec?

  /// What turns texts to write into tokens, and tokens into texts.
  public let targetCodec: TextCodec

  /// The net, as a search drives it.
  public let generator: NetworkGenerator

  /// The net's parameters.
  public let parameters: Parameters<Float>

  /// What people should know of the model.
  public var card: ModelCard

  /// The sources that are searched together by one thread; bounds memory, not results.
  static let batchSize = 64

  /// Puts a model together.
  ///
  /// - Parameters:
  ///   - sourceCodec: What turns texts to read into tokens; nil for a captioner.
  ///   - targetCodec: What turns texts to write into tokens.
  ///   - network: The net.
  ///   - parameters: The net's parameters.
  ///   - precision: How the net computes.
  ///   - card: What people should know of the model.
  public init(
    sourceCodec: TextCodec?, targetCodec: TextCodec, network: GenerationNetwork,
    parameters: Parameters<Float>, precision: WeightPrecision = .full, card: ModelCard = ModelCard()
  ) {
    precondition(
      sourceCodec?.vocabularySize == network.configuration.encoder?.vocabularySize
        && targetCodec.vocabularySize == network.configuration.decoder.vocabularySize,
      "codecs of \(sourceCodec?.vocabularySize ?? 0) and \(targetCodec.vocabularySize) tokens for "
        + "\(network.configuration)")
    self.sourceCodec = sourceCodec
    self.targetCodec = targetCodec
    self.parameters = parameters
    self.card = card
    generator = NetworkGenerator(network, parameters: parameters, precision: precision)
  }

  /// How the net computes; less than full precision is faster and smaller.
  public var precision: WeightPrecision { generator.precision }

  /// The model with rounded weights, as it comes back from a file of that precision.
  ///
  /// - Parameter precision: How matrices are rounded, in memory, in computing and in the file.
  /// - Returns: A model that is faster, smaller, and a little other than this one.
  public func rounded(to precision: WeightPrecision) -> GenerationModel {
    GenerationModel(
      sourceCodec: sourceCodec, targetCodec: targetCodec, network: network,
      parameters: parameters.rounded(to: precision.storedType), precision: precision, card: card)
  }

  /// What the model writes of.
  public var kind: Kind { sourceCodec == nil ? .captioner : .translator }

  /// The net.
  public var network: GenerationNetwork { generator.network }

  /// The width of the vectors that a captioner writes of.
  public var vectorSize: Int { network.configuration.decoder.vectorSize }

  /// A text as a translator reads it: its tokens and the end.
  ///
  /// - Parameter text: The text.
  /// - Returns: What to write of.
  /// - Precondition: The model is a translator.
  public func source(for text: String) -> GenerationSource {
    guard let sourceCodec else { preconditionFailure("a captioner reads no text") }
    return .tokens(sourceCodec.encode(text) + [generator.endID])
  }

  // MARK: Writing

  /// Searches for what to write of sources.
  ///
  /// Sources are sorted by length and searched in batches.
  ///
  /// - Parameters:
  ///   - sources: Vectors or texts, as the model wants them.
  ///   - options: How to search; `maximumLength` also bounds twice a text's length and ten more.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  ///   - firstSeed: The first source's number among all, where they come in parts; see `sampling`.
  /// - Returns: For each source, in order, its hypotheses, best first.
  public func hypotheses(
    of sources: [GenerationSource], options: GenerationOptions = GenerationOptions(),
    threadCount: Int = 1, firstSeed: UInt64 = 0
  ) -> [[Hypothesis]] {
    let codec = targetCodec
    let search = TokenSearch(generator, options: options) { codec.decode($0) }
    let order = sources.indices.sorted {
      (sources[$1].tokenCount, $0) < (sources[$0].tokenCount, $1)
    }
    let batches = stride(from: 0, to: order.count, by: Self.batchSize).map {
      Array(order[$0..<min(order.count, $0 + Self.batchSize)])
    }
    let found = concurrentlyMapped(batches, threadCount: threadCount) { batch in
      search.hypotheses(
        from: generator.initialState(batch.map { sources[$0] }),
        for: batch.map { request(sources[$0], seed: firstSeed + UInt64($0), options) })
    }
    var results = [[Hypothesis]](repeating: [], count: sources.count)
    for (batch, hypotheses) in zip(batches, found) {
      for (place, source) in batch.enumerated() { results[source] = hypotheses[place] }
    }
    return results
  }

  /// The texts that are written of sources.
  ///
  /// - Parameters:
  ///   - sources: Vectors or texts, as the model wants them.
  ///   - options: How to search.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: The best text of each source.
  public func texts(
    of sources: [GenerationSource], options: GenerationOptions = GenerationOptions(),
    threadCount: Int = 1
  ) -> [String] {
    hypotheses(of: sources, options: options, threadCount: threadCount).map { found in
      found.first.map { targetCodec.decode($0.tokens) } ?? ""
    }
  }

  private func request(
    _ source: GenerationSource, seed: UInt64, _ options: GenerationOptions
  ) -> GenerationRequest {
    let length = source.tokenCount == 0 ? options.maximumLength : 2 * source.tokenCount + 10
    return GenerationRequest(
      maximumLength: max(options.minimumLength, min(options.maximumLength, length)),
      seed: seed)
  }

  // MARK: Attention

  /// How much each token that is written looks at each token of its source.
  ///
  /// - Parameters:
  ///   - source: What is written of.
  ///   - tokens: What is written, without start and end.
  /// - Returns: A row for each token and for the end, a column for each token of the source; no
  ///   columns where the net has no attention.
  public func attention(of source: GenerationSource, writing tokens: [Int32]) -> Matrix<Float> {
    var state = generator.initialState([source])
    let rows = ([generator.startID] + tokens).map { token in
      _ = generator.step([token], state: &state)
      return state.attentionWeights
    }
    return Matrix(stacking: rows)
  }

  /// The words of what was written, with unknown ones copied from the source: each is the word that
  /// the net looked at most.
  ///
  /// - Parameters:
  ///   - tokens: What was written, without start and end.
  ///   - text: The text that was translated.
  /// - Returns: The words; nil where there is nothing to copy, or nothing to copy it by.
  public func words(of tokens: [Int32], copyingFrom text: String) -> [String]? {
    guard case .words(let target) = targetCodec, case .words(let source)? = sourceCodec,
      network.decoder.attention != nil, tokens.contains(generator.tokens.unknown)
    else { return nil }
    let words = source.tokens(in: text).map(\.text)
    let weights = attention(of: self.source(for: text), writing: tokens)
    return tokens.enumerated().map { row, token in
      let best = weights.row(row).prefix(words.count).enumerated().max { $0.element < $1.element }
      guard token == generator.tokens.unknown, let best else {
        return target.vocabulary.word(for: TokenID(rawValue: UInt32(token))) ?? ""
      }
      return words[best.offset]
    }
  }
}
