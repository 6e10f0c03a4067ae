internal import Glibc
internal import SentiTensor

/// The hypotheses of one input: those that go on, and the best of those that have ended.
///
/// Hypotheses are paths in a tree of tokens, so that a step costs one node for each.
struct Beam: Sendable {
  /// A token that follows another; node 0 is the start, before which there is nothing.
  struct Node {
    let token: Int32
    let parent: Int32
    let logProbability: Float
  }

  /// A hypothesis that goes on.
  struct Open {
    let node: Int32
    /// The sum of log-probabilities, after penalties.
    let score: Double
    /// Its row in the batch.
    var row: Int32
  }

  /// A token that may follow an open hypothesis.
  struct Candidate {
    let parent: Int
    let token: Int32
    let logProbability: Float
    let score: Double
    var isForced = false
  }

  /// The number of the input in its batch.
  let input: Int
  let options: GenerationOptions
  private let request: GenerationRequest
  private let endID: Int32
  private let identity: (@Sendable ([Int32]) -> String)?
  private let maximumLength: Int
  private(set) var open: [Open]
  private(set) var kept: [Hypothesis] = []
  private var identities: [String] = []
  private var nodes = [Node(token: -1, parent: -1, logProbability: 0)]
  /// How many tokens every open hypothesis has.
  private(set) var length = 0
  private var finishedCount = 0
  private var generator: SeededGenerator
  /// The model's own log-probabilities of tokens that were penalized, by row and token.
  private var penalized: [Int64: Float] = [:]

  init(
    input: Int, _ request: GenerationRequest, options: GenerationOptions, endID: Int32,
    vocabularySize: Int, identity: (@Sendable ([Int32]) -> String)?
  ) {
    let length = request.maximumLength ?? options.maximumLength
    precondition(length > 0, "a maximum length of \(length)")
    precondition(
      request.prefix.allSatisfy { $0 >= 0 && $0 < vocabularySize },
      "prefix \(request.prefix) of \(vocabularySize) tokens")
    self.input = input
    self.request = request
    self.options = options
    self.endID = endID
    self.identity = identity
    maximumLength = length
    // Samples share the first row; each goes its own way from there.
    let count = options.sampling == nil ? 1 : options.hypothesisCount
    open = Array(repeating: Open(node: 0, score: 0, row: Int32(input)), count: count)
    let seed = (options.sampling?.seed ?? 0) &+ request.seed &* 0x9E37_79B9_7F4A_7C15
    generator = SeededGenerator(seed: seed)
  }

  /// Whether nothing is left to be searched.
  var isDone: Bool { open.isEmpty || finishedCount >= finishedLimit }

  private var finishedLimit: Int {
    if options.sampling != nil { return options.hypothesisCount }
    if options.beamSize == 1 { return 1 }
    let limit = Double(options.beamSize) * options.patience
    return limit < 0x1p31 ? max(1, Int(limit.rounded())) : .max
  }

  // MARK: Rules

  /// The token that must come next, where there is no choice.
  var forcedToken: Int32? {
    if length >= maximumLength { return endID }
    return length < request.prefix.count ? request.prefix[length] : options.forcedTokens[length]
  }

  private var isEndTooEarly: Bool {
    length < min(request.minimumLength ?? options.minimumLength, maximumLength)
  }

  /// Takes away what must not come next, and lowers what has come before.
  mutating func applyRules(to scores: inout Matrix<Float>) {
    penalized.removeAll(keepingCapacity: true)
    guard forcedToken == nil else { return }
    for (place, hypothesis) in open.enumerated() {
      if place > 0 && open[place - 1].row == hypothesis.row { continue }
      let row = Int(hypothesis.row)
      for token in options.bannedTokens { scores[row, Int(token)] = -.infinity }
      if isEndTooEarly { scores[row, Int(endID)] = -.infinity }
      guard options.repetitionPenalty != 1 || options.noRepeatNgramSize > 0 else { continue }
      let history = path(to: hypothesis.node).map(\.id)
      if options.repetitionPenalty != 1 { penalize(history, row, &scores) }
      for token in tokensThatRepeat(history) { scores[row, Int(token)] = -.infinity }
    }
  }

  private mutating func penalize(_ history: [Int32], _ row: Int, _ scores: inout Matrix<Float>) {
    for token in Set(history) {
      let own = scores[row, Int(token)]
      penalized[Self.key(row, token)] = own
      scores[row, Int(token)] = own * Float(options.repetitionPenalty)
    }
  }

  /// The tokens that would make a run of `noRepeatNgramSize` tokens that has been there.
  private func tokensThatRepeat(_ history: [Int32]) -> [Int32] {
    let size = options.noRepeatNgramSize
    guard size > 0, history.count >= size else { return [] }
    let end = history.suffix(size - 1)
    return (0...history.count - size).compactMap { start in
      history[start..<start + size - 1].elementsEqual(end) ? history[start + size - 1] : nil
    }
  }

  private static func key(_ row: Int, _ token: Int32) -> Int64 { Int64(row) << 32 | Int64(token) }

  // MARK: Steps

  /// Goes on with the best tokens of all rows.
  ///
  /// As in Hugging Face's search, an end counts where it is among the first `beamSize` of all
  /// candidates, and the first `beamSize` others go on.
  ///
  /// - Parameters:
  ///   - found: Each row's most probable tokens, and the one that must come next, if any.
  ///   - isUndefined: Whether the model has no answer for a row.
  mutating func extend(by found: TopK, _ isUndefined: (Int) -> Bool) {
    guard !end(where: isUndefined) else { return }
    var candidates: [Candidate] = []
    for (parent, hypothesis) in open.enumerated() {
      let row = Int(hypothesis.row)
      if let forced = forcedCandidate(parent, { _ in found.required[row] }) {
        candidates.append(forced)
        continue
      }
      let ownFirst = candidates.count
      for place in row * found.count..<(row + 1) * found.count where found.columns[place] >= 0 {
        let token = found.columns[place]
        if token == endID && isEndTooEarly { continue }
        candidates.append(candidate(parent, token, found.logProbabilities[place]))
      }
      if candidates.count == ownFirst { candidates.append(cut(parent)) }
    }
    // Sorting is stable: of equal candidates the better parent's comes first, then the smaller token.
    candidates.sort { $0.score > $1.score }
    length += 1
    var next: [Open] = []
    for (rank, candidate) in candidates.enumerated() {
      if candidate.token == endID {
        if rank < options.beamSize || candidate.isForced { keep(candidate) }
      } else if next.count < options.beamSize {
        next.append(follow(candidate))
      } else if rank >= options.beamSize {
        break
      }
    }
    open = next
    dropHopeless()
  }

  /// Gives the input up where the model has no answer for one of its rows.
  private mutating func end(where isUndefined: (Int) -> Bool) -> Bool {
    guard open.contains(where: { isUndefined(Int($0.row)) }) else { return false }
    (open, kept) = ([], [.undefined])
    return true
  }

  /// Goes on with a token drawn for each hypothesis.
  mutating func draw(from scores: Matrix<Float>, _ isUndefined: (Int) -> Bool) {
    guard let sampling = options.sampling, !end(where: isUndefined) else { return }
    let candidates = open.indices.map { parent in
      let place = Int(open[parent].row)
      if let forced = forcedCandidate(parent, { scores[place, Int($0)] }) { return forced }
      let row = scores.rows([open[parent].row])
      guard let token = sampling.token(from: row, using: &generator) else {
        return cut(parent)
      }
      return candidate(parent, token, row[0, Int(token)])
    }
    length += 1
    var next: [Open] = []
    for candidate in candidates {
      if candidate.token == endID { keep(candidate) } else { next.append(follow(candidate)) }
    }
    open = next
  }

  private func candidate(_ parent: Int, _ token: Int32, _ score: Float) -> Candidate {
    let own = penalized.isEmpty ? nil : penalized[Self.key(Int(open[parent].row), token)]
    // A rounded probability may exceed 1 by a hair; the bound on open hypotheses needs 0 at most.
    return Candidate(
      parent: parent, token: token, logProbability: own ?? score,
      score: open[parent].score + min(0, Double(score)))
  }

  private func forcedCandidate(_ parent: Int, _ score: (Int32) -> Float) -> Candidate? {
    forcedToken.map { token in
      var forced = candidate(parent, token, score(token))
      forced.isForced = true
      return forced
    }
  }

  /// The end where nothing may follow; its probability was taken away, so it counts as impossible.
  private func cut(_ parent: Int) -> Candidate {
    var end = candidate(parent, endID, -.infinity)
    end.isForced = true
    return end
  }

  private mutating func follow(_ candidate: Candidate) -> Open {
    let parent = open[candidate.parent]
    nodes.append(
      Node(
        token: candidate.token, parent: parent.node, logProbability: candidate.logProbability))
    return Open(node: Int32(nodes.count - 1), score: candidate.score, row: parent.row)
  }

  // MARK: Finished hypotheses

  /// Keeps a hypothesis that has ended, if it is among the best that differ.
  private mutating func keep(_ candidate: Candidate) {
    finishedCount += 1
    let path = path(to: open[candidate.parent].node)
    let hypothesis = Hypothesis(
      tokens: path.map(\.id),
      logProbabilities: path.map(\.logProbability) + [candidate.logProbability],
      score: candidate.score / pow(Double(length), options.lengthPenalty),
      isCut: candidate.isForced)
    let identity = identity?(hypothesis.tokens) ?? "\(hypothesis.tokens)"
    if let same = identities.firstIndex(of: identity) {
      guard kept[same].score < hypothesis.score else { return }
      kept.remove(at: same)
      identities.remove(at: same)
    }
    let place = kept.firstIndex { $0.score < hypothesis.score } ?? kept.count
    kept.insert(hypothesis, at: place)
    identities.insert(identity, at: place)
    if kept.count > options.hypothesisCount {
      kept.removeLast()
      identities.removeLast()
    }
  }

  /// Drops the open hypotheses that cannot beat the worst of those kept; see <doc:Generation>.
  private mutating func dropHopeless() {
    guard kept.count == options.hypothesisCount, let worst = kept.last else { return }
    // A sum only falls as tokens come, and is divided by this at the most favourable length.
    let favourableLength = options.lengthPenalty >= 0 ? maximumLength + 1 : length
    let divisor = pow(Double(favourableLength), options.lengthPenalty)
    open.removeAll { $0.score / divisor <= worst.score }
  }

  // MARK: Rows and paths

  /// Appends the rows that open hypotheses go on from and their last tokens; numbers them anew.
  mutating func renumberRows(into rows: inout [Int32], tokens: inout [Int32]) {
    guard !isDone else { return }
    for index in open.indices {
      rows.append(open[index].row)
      tokens.append(nodes[Int(open[index].node)].token)
      open[index].row = Int32(rows.count - 1)
    }
  }

  /// The tokens that lead to a node.
  private func path(to node: Int32) -> [GeneratedToken] {
    var path: [GeneratedToken] = []
    var place = Int(node)
    while place > 0 {
      path.append(
        GeneratedToken(id: nodes[place].token, logProbability: nodes[place].logProbability))
      place = Int(nodes[place].parent)
    }
    return path.reversed()
  }

  /// The tokens that all hypotheses share which may still win.
  var settledTokens: [GeneratedToken] {
    let paths = open.map { path(to: $0.node) } + kept.map(\.generatedTokens)
    guard var shared = paths.first else { return [] }
    for path in paths.dropFirst() {
      shared = Array(zip(shared, path).prefix { $0.id == $1.id }.map(\.0))
    }
    return shared
  }
}
