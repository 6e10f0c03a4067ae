/// Which words of a text made a classifier's answer, and by how much.
///
///     let explanation = classifier.explanation(of: "Good, but dull.")
///     for word in explanation.words { print(word.byteRange, word.contribution) }
///
/// What is explained is the ``difference``: the log-odds of a label, the answered one, in logits. The words'
/// contributions and the ``baseline`` sum to it, but for the ``gap``. See <doc:Explanations>.
public struct SentimentExplanation: Hashable, Sendable {
  /// A word with its contribution.
  public struct Word: Hashable, Sendable {
    /// The word's place, in UTF-8 bytes of the text.
    ///
    /// Where normalization made several tokens of one place, these are one word.
    public let byteRange: Range<Int>
    /// What it adds to the log-odds of the label, in logits; 0 for a word that the model
    /// does not know.
    public let contribution: Double
    /// Whether the model knows the word, or a token of it.
    public let isKnown: Bool
  }

  /// What the classifier says of the text.
  public let prediction: SentimentPrediction
  /// The index of the label that is explained: the answered one, unless another was asked for.
  public internal(set) var labelIndex: Int
  /// The words, in order; their ranges do not overlap.
  public let words: [Word]
  /// The log-odds of the label, `ln(p / (1 - p))`, as the net has them in full precision.
  public let difference: Double
  /// The same for a text of as many unknown words.
  public let baseline: Double
  /// The number of steps of the path from the baseline to the text.
  public let stepCount: Int

  /// The sum of all contributions.
  public var sum: Double { words.reduce(0) { $0 + $1.contribution } }

  /// What ``baseline`` and ``sum`` lack of the ``difference``.
  public var gap: Double { difference - baseline - sum }

  /// For each word the strength of its contribution beside the text's strongest, from -5 to 5.
  ///
  /// - Complexity: O(words).
  public var levels: [Int] { MarkedText.levels(of: words.map(\.contribution)) }

  /// Whether the gap is at most a hundredth of the difference between text and baseline, or a thousandth
  /// of a logit where that is more.
  public var isComplete: Bool {
    gap.magnitude <= Attribution.tolerance(difference - baseline)
  }

  /// Whether the net has an answer, and all contributions are numbers.
  public var isFinite: Bool { prediction.isFinite && gap.isFinite }

  /// Adds up the contributions of tokens that lie at one place.
  init(
    _ prediction: SentimentPrediction, _ tokens: [PlacedToken], _ attribution: Attribution,
    unknownToken: Int32
  ) {
    var words: [Word] = []
    for (token, contribution) in zip(tokens, attribution.contributions) {
      let isKnown = token.id != unknownToken
      guard let last = words.last, last.isJoined(by: token.byteRange) else {
        words.append(
          Word(byteRange: token.byteRange, contribution: contribution, isKnown: isKnown))
        continue
      }
      let end = max(last.byteRange.upperBound, token.byteRange.upperBound)
      words[words.count - 1] = Word(
        byteRange: min(last.byteRange.lowerBound, token.byteRange.lowerBound)..<end,
        contribution: last.contribution + contribution, isKnown: last.isKnown || isKnown)
    }
    self.prediction = prediction
    labelIndex = prediction.labelIndex
    self.words = words
    difference = attribution.difference
    baseline = attribution.baseline
    stepCount = attribution.stepCount
  }
}

extension SentimentExplanation.Word {
  /// Whether a token that follows is at the word's place, or one of them has no bytes of its own.
  fileprivate func isJoined(by range: Range<Int>) -> Bool {
    range.lowerBound < byteRange.upperBound || range.isEmpty || byteRange.isEmpty
  }
}

/// What a text's answer is without one of its sentences.
public struct SentenceEffect: Hashable, Sendable {
  /// The sentence, in UTF-8 bytes of the text, the space behind it included.
  public let byteRange: Range<Int>
  /// How much lower the log-odds of the answered label are without the sentence, in logits.
  public let effect: Double
  /// The probability of the answered label without the sentence.
  public let probability: Double
}
