/// How sequences are searched for: the options that people know from CTranslate2 and Hugging Face.
///
///     var options = GenerationOptions()
///     options.beamSize = 5
///     options.hypothesisCount = 3
///
/// The defaults are greedy search. What each option does, and why a beam may stop early, is told in
/// <doc:Generation>.
public struct GenerationOptions: Hashable, Sendable {
  /// How many open hypotheses go on at each step; 1 is greedy search.
  public var beamSize = 1
  /// How many results an input has, at most; with a beam no more than its size.
  public var hypothesisCount = 1
  /// The power of the length, its end token counted, that a sum of log-probabilities is divided by.
  ///
  /// 1 is the mean, 0 the plain sum; greater values favour long sequences.
  public var lengthPenalty = 1.0
  /// After how many finished hypotheses, in beam sizes, a beam stops though others might still win.
  ///
  /// Infinite unless set: a beam then stops only when no open hypothesis can win. 1 is the first-come
  /// rule of fairseq and CTranslate2, which is faster and may miss the best.
  ///
  /// - SeeAlso: Kasai et al. 2022, <https://arxiv.org/abs/2204.05424>.
  public var patience = Double.infinity
  /// Whether log-probabilities are taken from a whole softmax in single precision, which is slower.
  ///
  /// Otherwise those of large vocabularies may be off by some thousandths; see <doc:Generation>.
  public var isExact = false
  /// The fewest tokens before the end token.
  public var minimumLength = 0
  /// The most tokens before the end token, which is then forced.
  public var maximumLength = 256
  /// What the log-probability of a token is multiplied by that the sequence has already; 1 is off.
  ///
  /// - SeeAlso: Keskar et al. 2019, <https://arxiv.org/abs/1909.05858>.
  public var repetitionPenalty = 1.0
  /// The length of runs of tokens of which none may come twice; 0 is off.
  public var noRepeatNgramSize = 0
  /// Tokens that no sequence may hold.
  public var bannedTokens: Set<Int32> = []
  /// Tokens that stand at certain places, counted from 0; they are not subject to other options.
  public var forcedTokens: [Int: Int32] = [:]
  /// Tokens are drawn rather than searched for; the beam's options then do nothing.
  public var sampling: Sampling?

  /// How tokens are drawn.
  public struct Sampling: Hashable, Sendable {
    /// What log-probabilities are divided by; below 1 the likely becomes likelier.
    public var temperature = 1.0
    /// How many tokens are drawn from, the most probable ones; 0 for all.
    public var topK = 0
    /// The share of the probability that the tokens hold that are drawn from.
    ///
    /// - SeeAlso: Holtzman et al. 2020, <https://arxiv.org/abs/1904.09751>.
    public var topP = 1.0
    /// What all chance follows from.
    public var seed: UInt64 = 0

    /// Starts with the model's own distribution.
    public init() {}
  }

  /// Starts with greedy search.
  public init() {}

  /// Whether a search must see the scores of all tokens, not only the best.
  var needsAllScores: Bool {
    isExact || sampling != nil || repetitionPenalty != 1 || noRepeatNgramSize > 0
      || !bannedTokens.isEmpty
  }

  func check(vocabularySize: Int) {
    precondition(beamSize > 0 && hypothesisCount > 0, "\(hypothesisCount) of a beam of \(beamSize)")
    precondition(
      sampling != nil || hypothesisCount <= beamSize, "\(hypothesisCount) of a beam of \(beamSize)")
    precondition(patience > 0 && repetitionPenalty > 0, "\(patience), \(repetitionPenalty)")
    precondition(
      maximumLength > 0 && (0...maximumLength).contains(minimumLength),
      "lengths from \(minimumLength) to \(maximumLength)")
    let named = Array(bannedTokens) + Array(forcedTokens.values)
    precondition(
      named.allSatisfy { $0 >= 0 && $0 < vocabularySize }, "\(named) of \(vocabularySize) tokens")
    if let sampling {
      precondition(
        sampling.temperature > 0 && sampling.topK >= 0 && sampling.topP > 0 && sampling.topP <= 1,
        "\(sampling)")
    }
  }
}

/// What is asked for one input of a batch.
public struct GenerationRequest: Hashable, Sendable {
  /// The tokens that the sequence begins with, after the start token.
  public var prefix: [Int32]
  /// The fewest tokens before the end token, where it is not the options' number.
  public var minimumLength: Int?
  /// The most tokens before the end token, where it is not the options' number.
  public var maximumLength: Int?
  /// The input's own number, so that equal inputs need not draw equal tokens.
  public var seed: UInt64

  /// Collects what is asked.
  ///
  /// - Parameters:
  ///   - prefix: The tokens that the sequence begins with; none unless given.
  ///   - minimumLength: The fewest tokens, prefix included.
  ///   - maximumLength: The most tokens, prefix included.
  ///   - seed: The input's own number.
  public init(
    prefix: [Int32] = [], minimumLength: Int? = nil, maximumLength: Int? = nil, seed: UInt64 = 0
  ) {
    self.prefix = prefix
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
    self.seed = seed
  }
}

/// A sequence that a search came to.
public struct Hypothesis: Hashable, Sendable {
  /// The tokens, without start and end.
  public let tokens: [Int32]
  /// The model's log-probability of each token, and of the end token behind them.
  public let logProbabilities: [Float]
  /// What it is ranked by: the sum of log-probabilities, after penalties, by the length's power.
  public let score: Double
  /// Whether the end was forced, at the maximum length or because nothing else was allowed.
  public let isCut: Bool

  /// Whether the model has an answer.
  ///
  /// Where the weights are so large that their sums overflow, no token is more probable than another:
  /// then there is no text, and ``score`` is no number.
  public var isDefined: Bool { !score.isNaN }

  /// What there is where the model has no answer.
  static let undefined = Hypothesis(
    tokens: [], logProbabilities: [.nan], score: .nan, isCut: true)

  /// The model's own log-probability of the whole sequence.
  public var logProbability: Double { logProbabilities.reduce(0) { $0 + Double($1) } }
}

/// A token of a stream.
public struct GeneratedToken: Hashable, Sendable {
  /// The token's number.
  public let id: Int32
  /// The model's log-probability of it.
  public let logProbability: Float
}
