/// Finds likely sequences of a model: greedy, by beam or by chance, for many inputs at once.
///
///     let search = TokenSearch(generator, options: options)
///     let results = search.hypotheses(from: state, for: [GenerationRequest()])
///
/// An input's results are the same alone and in any batch. Hypotheses that have ended leave the
/// batch, so that they cost nothing. See <doc:Generation>.
public struct TokenSearch<Generator: TokenGenerator>: Sendable {
  /// The model.
  public let generator: Generator
  /// How to search.
  public let options: GenerationOptions
  let identity: (@Sendable ([Int32]) -> String)?

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - generator: The model.
  ///   - options: How to search.
  ///   - identity: What makes two sequences the same result, of which the better one is kept: their
  ///     text, for instance. The tokens themselves where nil.
  /// - Precondition: The options fit each other and the vocabulary.
  public init(
    _ generator: Generator, options: GenerationOptions = GenerationOptions(),
    identity: (@Sendable ([Int32]) -> String)? = nil
  ) {
    options.check(vocabularySize: generator.vocabularySize)
    self.generator = generator
    self.options = options
    self.identity = identity
  }

  /// Finds the results of a batch of inputs.
  ///
  /// - Parameters:
  ///   - state: The state before the start token, a row for each input.
  ///   - requests: What is asked for each input.
  /// - Returns: For each input its results, best first: at least one, at most `hypothesisCount`, and
  ///   no two the same.
  public func hypotheses(
    from state: Generator.State, for requests: [GenerationRequest]
  ) -> [[Hypothesis]] {
    var run = SearchRun(self, state: state, requests: requests)
    while !run.beams.isEmpty { run.advance() }
    return run.results
  }

  /// Gives the tokens of one input as they come.
  ///
  /// Greedy search and sampling give each token at once; a beam gives those that all hypotheses agree
  /// upon which may still win.
  ///
  /// - Parameters:
  ///   - state: The state before the start token, one row.
  ///   - request: What is asked.
  /// - Returns: The tokens of what `hypotheses` would find, without the end token.
  /// - Precondition: `options.hypothesisCount` is 1.
  public func tokens(
    from state: Generator.State, for request: GenerationRequest = GenerationRequest()
  ) -> TokenStream<Generator> {
    precondition(options.hypothesisCount == 1, "\(options.hypothesisCount) results in one stream")
    return TokenStream(run: SearchRun(self, state: state, requests: [request]))
  }
}

/// The tokens of one sequence, each with its log-probability, as a search comes to them.
///
/// Every iterator starts a search of its own. It ends early where its task is cancelled.
public struct TokenStream<Generator: TokenGenerator>: AsyncSequence, Sendable {
  let run: SearchRun<Generator>

  /// Starts the search.
  public func makeAsyncIterator() -> Iterator { Iterator(run: run) }

  /// A search under way.
  public struct Iterator: AsyncIteratorProtocol {
    var run: SearchRun<Generator>
    private var settled: [GeneratedToken] = []
    private var givenCount = 0

    init(run: SearchRun<Generator>) { self.run = run }

    /// Searches on until the next token is certain; nil at the end.
    public mutating func next() async -> GeneratedToken? {
      while givenCount == settled.count {
        guard !run.beams.isEmpty, !Task.isCancelled else { return nil }
        run.advance()
        settled = run.settledTokens
      }
      givenCount += 1
      return settled[givenCount - 1]
    }
  }
}
