internal import SentiTensor

/// How far the figures of an evaluation can be trusted: percentile intervals of the bootstrap.
///
/// The examples are drawn again and again, with replacement; in 95 of 100 of the draws a figure lies in its
/// interval. They hold for other examples of the same kind, not for texts of another.
///
/// - SeeAlso: Efron 1979, <https://doi.org/10.1214/aos/1176344552>.
public struct EvaluationIntervals: Hashable, Codable, Sendable {
  /// The interval of the accuracy.
  public let accuracy: ClosedRange<Double>
  /// The interval of the mean F1 score of all classes.
  public let macroF1: ClosedRange<Double>
  /// The interval of the mean of -log(probability of the true class), in nats.
  public let logLoss: ClosedRange<Double>
  /// The interval of the Brier score.
  public let brierScore: ClosedRange<Double>

  private enum CodingKeys: String, CodingKey {
    case accuracy
    case macroF1 = "macro_f1"
    case logLoss = "log_loss"
    case brierScore = "brier_score"
  }

  /// The number of examples that are drawn in all, beyond which there are fewer draws, but 200 at least.
  private static let drawLimit = 40_000_000

  /// Draws examples; nil where there are none.
  ///
  /// - Parameters:
  ///   - examples: The predictions, and the truth.
  ///   - seed: The seed of the draws.
  ///   - resampleCount: The number of draws; 1,000 unless there are more than 40,000 examples.
  /// - Precondition: `resampleCount` is at least 40.
  /// - Complexity: O(examples · draws).
  public init?(of examples: ScoredExamples, seed: UInt64 = 1, resampleCount: Int? = nil) {
    guard examples.count > 0 else { return nil }
    let count = resampleCount ?? max(200, min(1000, Self.drawLimit / examples.count))
    precondition(count >= 40, "\(count) draws")
    var generator = SeededGenerator(seed: seed)
    let terms = ExampleTerms(examples)
    let draws = (0..<count).map { _ in terms.figures(ofDraw: &generator) }
    func interval(_ figure: KeyPath<ExampleTerms.Figures, Double>) -> ClosedRange<Double> {
      let sorted = draws.map { $0[keyPath: figure] }.sorted()
      let tail = Int((0.025 * Double(count)).rounded(.down))
      return sorted[tail]...sorted[count - 1 - tail]
    }
    accuracy = interval(\.accuracy)
    macroF1 = interval(\.macroF1)
    logLoss = interval(\.logLoss)
    brierScore = interval(\.brierScore)
  }
}

/// What each example adds to the figures.
private struct ExampleTerms {
  struct Figures {
    var accuracy = 0.0
    var macroF1 = 0.0
    var logLoss = 0.0
    var brierScore = 0.0
  }

  private let labelCount: Int
  /// Each example's place in the confusion matrix.
  private var cells: [Int] = []
  private var logLosses: [Double] = []
  private var brierScores: [Double] = []

  init(_ examples: ScoredExamples) {
    labelCount = examples.labels.count
    for example in 0..<examples.count {
      cells.append(
        examples.trueLabels[example] * labelCount + examples.predictedLabels[example])
      logLosses.append(Evaluation.logLoss(of: examples, at: example))
      brierScores.append(Evaluation.brierScore(of: examples, at: example))
    }
  }

  /// The figures of as many examples as there are, drawn with replacement.
  func figures(ofDraw generator: inout SeededGenerator) -> Figures {
    var matrix = Array(repeating: 0, count: labelCount * labelCount)
    var figures = Figures()
    for _ in cells.indices {
      let example = Int(generator.next(upperBound: UInt(cells.count)))
      matrix[cells[example]] += 1
      figures.logLoss += logLosses[example]
      figures.brierScore += brierScores[example]
    }
    let scale = 1 / Double(cells.count)
    figures.logLoss *= scale
    figures.brierScore *= scale
    let rightCount = (0..<labelCount).reduce(0) { $0 + matrix[$1 * labelCount + $1] }
    figures.accuracy = Double(rightCount) * scale
    figures.macroF1 = macroF1(matrix)
    return figures
  }

  private func macroF1(_ matrix: [Int]) -> Double {
    let scores = (0..<labelCount).map { label in
      let rightCount = matrix[label * labelCount + label]
      let others = (0..<labelCount).reduce(0) {
        $0 + matrix[label * labelCount + $1] + matrix[$1 * labelCount + label]
      }
      return others == 0 ? 0 : 2 * Double(rightCount) / Double(others)
    }
    return scores.reduce(0, +) / Double(labelCount)
  }
}
