internal import SentiTensor

/// A search under way: a batch of beams, and one row of the model's state for each open hypothesis.
struct SearchRun<Generator: TokenGenerator>: Sendable {
  private let search: TokenSearch<Generator>
  private var state: Generator.State
  /// The token that each row is fed next.
  private var tokens: [Int32]
  private(set) var beams: [Beam]
  private(set) var results: [[Hypothesis]]

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
    let (generator, options, rowCount) = (search.generator, search.options, tokens.count)
    // One of a row's tokens may be the end, which leaves enough for a whole beam.
    let count = min(options.beamSize + 1, generator.vocabularySize)
    if !options.needsAllScores {
      let found = generator.topK(count, after: tokens, required: forcedTokens, state: &state)
      for index in beams.indices { beams[index].extend(by: found, found.isUndefined) }
    } else {
      var scores = generator.step(tokens, state: &state)
      precondition(
        scores.rowCount == rowCount && scores.columnCount == generator.vocabularySize,
        "scores [\(scores.rowCount), \(scores.columnCount)] for \(rowCount) rows of "
          + "\(generator.vocabularySize) tokens")
      // Rules make numbers infinite, so that the model's own are looked at before.
      let undefined = scores.isUndefinedByRow
      for index in beams.indices { beams[index].applyRules(to: &scores) }
      if options.sampling != nil {
        for index in beams.indices { beams[index].draw(from: scores) { undefined[$0] } }
      } else {
        let found = TopK(count, of: scores, required: forcedTokens)
        for index in beams.indices { beams[index].extend(by: found) { undefined[$0] } }
      }
    }
    keepOpenRows(of: rowCount)
  }

  /// For each row the token that must come next; -1 where there is a choice.
  private var forcedTokens: [Int32] {
    var forced = [Int32](repeating: -1, count: tokens.count)
    for beam in beams {
      guard let token = beam.forcedToken else { continue }
      for hypothesis in beam.open { forced[Int(hypothesis.row)] = token }
    }
    return forced
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

extension TopK {
  /// Whether a row has no most probable column, though none was forbidden.
  fileprivate func isUndefined(_ row: Int) -> Bool { columns[row * count] < 0 }
}

extension Matrix<Float> {
  /// For each row of logarithms of probabilities whether they are no numbers, as all are where one is.
  fileprivate var isUndefinedByRow: [Bool] {
    (0..<rowCount).map { columnCount > 0 && self[$0, 0].isNaN }
  }
}

extension Hypothesis {
  var generatedTokens: [GeneratedToken] {
    zip(tokens, logProbabilities).map { GeneratedToken(id: $0, logProbability: $1) }
  }
}
