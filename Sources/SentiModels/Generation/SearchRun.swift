internal import SentiTensor

/// A search under way: a batch of beams, and one row of the model's state for each open hypothesis.
struct SearchRun<Generator: TokenGenerator>: Sendable {
  private let search: TokenSearch<Generator>
  private var state: Generator.State
  /// The token that each row is fed next.
  private var tokens: [Int32]
  private(set) var beams: [Beam]
  private(set) var results: [[Hypothesis]]
  private var best: [Float] = []
  private var places: [Int32] = []

  init(
    _ search: TokenSearch<Generator>, state: Generator.State, requests: [GenerationRequest]
  ) {
    self.search = search
    self.state = state
    tokens = Array(repeating: search.generator.startID, count: requests.count)
    results = Array(repeating: [], count: requests.count)
    beams = requests.enumerated().map { input, request in
      Beam(
        input: input, request, options: search.options, endID: search.generator.endID,
        vocabularySize: search.generator.vocabularySize, identity: search.identity)
    }
  }

  /// Takes one step with every open hypothesis.
  mutating func advance() {
    var scores = search.generator.step(tokens, state: &state)
    precondition(
      scores.rowCount == tokens.count && scores.columnCount == search.generator.vocabularySize,
      "scores [\(scores.rowCount), \(scores.columnCount)] for \(tokens.count) rows of "
        + "\(search.generator.vocabularySize) tokens")
    for index in beams.indices { beams[index].applyRules(to: &scores) }
    if search.options.sampling != nil {
      for index in beams.indices { beams[index].draw(from: scores) }
    } else {
      extend(by: scores)
    }
    keepOpenRows(of: scores.rowCount)
  }

  /// Lets every beam choose among the best tokens of its rows.
  private mutating func extend(by scores: Matrix<Float>) {
    // One of a row's tokens may be the end, which leaves enough for a whole beam.
    let count = min(search.options.beamSize + 1, scores.columnCount)
    let found = count * scores.rowCount
    if best.count != found {
      best = Array(repeating: 0, count: found)
      places = Array(repeating: 0, count: found)
    }
    Kernels<Float>.best.top(count, of: scores, into: &best, places: &places)
    for index in beams.indices {
      beams[index].extend(by: scores, count: count, best: best, places: places)
    }
  }

  /// Takes beams that are done out of the batch, and rows that nobody goes on from.
  private mutating func keepOpenRows(of rowCount: Int) {
    var rows: [Int32] = []
    tokens.removeAll(keepingCapacity: true)
    for index in beams.indices {
      if beams[index].isDone { results[beams[index].input] = beams[index].kept }
      beams[index].renumberRows(into: &rows, tokens: &tokens)
    }
    beams.removeAll(where: \.isDone)
    guard !beams.isEmpty, rows.count != rowCount || rows.enumerated().contains(where: { $0 != $1 })
    else { return }
    search.generator.select(rows, of: &state)
  }

  /// The tokens that no later step can change, in a run of one input.
  var settledTokens: [GeneratedToken] {
    guard let beam = beams.first else { return results[0].first?.generatedTokens ?? [] }
    return beam.settledTokens
  }
}

extension Hypothesis {
  var generatedTokens: [GeneratedToken] {
    zip(tokens, logProbabilities).map { GeneratedToken(id: $0, logProbability: $1) }
  }
}
