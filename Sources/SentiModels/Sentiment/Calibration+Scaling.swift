import Glibc
internal import SentiRNN
internal import SentiTensor

extension Calibration {
  /// A slope for all log-probabilities and an offset for each class: `p' ∝ exp(slope · log p + offset)`.
  ///
  /// With all offsets 0 this is temperature scaling, the slope being the inverse temperature. Offsets also
  /// correct how often each class is answered, where texts hold it more or less often than those that
  /// the model was trained on.
  ///
  /// - SeeAlso: bias-corrected temperature scaling: Alexandari et al. 2020,
  ///   <https://arxiv.org/abs/1901.06852>.
  public struct Scaling: Hashable, Sendable {
    /// What log-probabilities are multiplied by.
    public var slope: Double
    /// What is added to the log-probability of each class; they sum to 0.
    public var offsets: [Double]

    /// The scaling that changes nothing.
    ///
    /// - Parameter classCount: The number of classes.
    public init(classCount: Int) {
      slope = 1
      offsets = [Double](repeating: 0, count: classCount)
    }

    /// Scales the probabilities of one example.
    ///
    /// - Parameter probabilities: One probability a class.
    /// - Returns: The scaled ones; they sum to 1.
    public func callAsFunction(_ probabilities: [Double]) -> [Double] {
      precondition(
        probabilities.count == offsets.count,
        "\(probabilities.count) probabilities for \(offsets.count) classes")
      return softmax(Calibration.logarithms(probabilities))
    }

    /// The softmax of scaled log-probabilities.
    fileprivate func softmax(_ logarithms: [Double]) -> [Double] {
      let scaled = zip(logarithms, offsets).map { slope * $0 + $1 }
      let maximum = scaled.max() ?? 0
      let exponentials = scaled.map { exp($0 - maximum) }
      let total = exponentials.reduce(0, +)
      return exponentials.map { $0 / total }
    }
  }

  /// The scaling under which the right classes are most probable.
  ///
  /// The loss is convex in slope and offsets, so that Newton's method finds its minimum. A thousandth of
  /// the squared distance to no change is added: without it a class that no example has would get
  /// an offset without bound.
  ///
  /// - Parameters:
  ///   - examples: Held-out examples with the model's probabilities.
  ///   - fitsOffsets: Whether offsets are fitted; all are 0 where not.
  /// - Returns: The scaling; its slope is at least 0.01.
  /// - Complexity: O(examples · classes²), some ten times.
  public static func scaling(of examples: ScoredExamples, fitsOffsets: Bool) -> Scaling {
    var fit = ScalingFit(examples, fitsOffsets: fitsOffsets)
    for _ in 0..<50 where fit.step() > 1e-10 {}
    return fit.scaling
  }

  /// The examples with scaled probabilities.
  ///
  /// Each example is scaled by what was fitted on the other parts of the data, so that what is
  /// measured on the result holds for new texts.
  ///
  /// - Parameters:
  ///   - examples: Held-out examples with the model's probabilities.
  ///   - fitsOffsets: Whether offsets are fitted.
  ///   - foldCount: The number of parts; example `i` is in part `i % foldCount`.
  /// - Returns: The same examples in the same order.
  public static func crossFitted(
    _ examples: ScoredExamples, fitsOffsets: Bool, foldCount: Int = 5
  ) -> ScoredExamples {
    precondition(foldCount > 1, "\(foldCount) folds")
    let scalings = (0..<foldCount).map { fold in
      scaling(of: examples.filtered { $0 % foldCount != fold }, fitsOffsets: fitsOffsets)
    }
    var scaled = ScoredExamples(labels: examples.labels)
    for index in 0..<examples.count {
      scaled.append(
        trueLabel: examples.trueLabels[index],
        probabilities: scalings[index % foldCount](examples.probabilities(ofExample: index)))
    }
    return scaled
  }

  /// The examples with probabilities that are scaled all alike.
  ///
  /// - Parameters:
  ///   - examples: Examples with the model's probabilities.
  ///   - scaling: What is done to the probabilities.
  /// - Returns: The same examples in the same order.
  public static func scaled(
    _ examples: ScoredExamples, by scaling: Scaling
  ) -> ScoredExamples {
    var scaled = ScoredExamples(labels: examples.labels)
    for index in 0..<examples.count {
      scaled.append(
        trueLabel: examples.trueLabels[index],
        probabilities: scaling(examples.probabilities(ofExample: index)))
    }
    return scaled
  }

  fileprivate static func logarithms(_ probabilities: [Double]) -> [Double] {
    probabilities.map { log(max($0, 1e-300)) }
  }
}

/// Newton's method on slope and offsets.
private struct ScalingFit {
  private(set) var scaling: Calibration.Scaling
  private let logarithms: [[Double]]
  private let classes: [Int]
  private let fitsOffsets: Bool
  private static let penalty = 1e-3

  init(_ examples: ScoredExamples, fitsOffsets: Bool) {
    scaling = Calibration.Scaling(classCount: examples.labels.count)
    logarithms = (0..<examples.count).map {
      Calibration.logarithms(examples.probabilities(ofExample: $0))
    }
    classes = examples.trueLabels
    self.fitsOffsets = fitsOffsets
  }

  /// The number of values that are fitted: the slope, then the offsets.
  private var count: Int { fitsOffsets ? 1 + scaling.offsets.count : 1 }

  /// Takes one step, halved until the loss falls.
  ///
  /// - Returns: By how much the loss fell.
  mutating func step() -> Double {
    let (gradient, hessian) = derivatives()
    guard let direction = solution(of: hessian, gradient) else { return 0 }
    let before = loss(scaling)
    var size = 1.0
    while size > 1e-6 {
      let candidate = moved(by: direction.map { -size * $0 })
      let fall = before - loss(candidate)
      if fall > 0 {
        scaling = candidate
        return fall
      }
      size /= 2
    }
    return 0
  }

  private func moved(by step: [Double]) -> Calibration.Scaling {
    var moved = scaling
    moved.slope = max(0.01, moved.slope + step[0])
    for (index, value) in step.dropFirst().enumerated() { moved.offsets[index] += value }
    let mean = moved.offsets.reduce(0, +) / Double(moved.offsets.count)
    for index in moved.offsets.indices { moved.offsets[index] -= mean }
    return moved
  }

  /// The mean cross-entropy in nats, with the penalty.
  private func loss(_ scaling: Calibration.Scaling) -> Double {
    let sum = zip(logarithms, classes).reduce(0) { sum, example in
      sum - log(max(scaling.softmax(example.0)[example.1], 1e-300))
    }
    let distance = scaling.offsets.reduce((scaling.slope - 1) * (scaling.slope - 1)) {
      $0 + $1 * $1
    }
    return sum / Double(max(classes.count, 1)) + Self.penalty / 2 * distance
  }

  /// The gradient `[P]` and the Hessian `[P, P]` of the loss.
  ///
  /// With l the log-probabilities, p the scaled probabilities, m = Σ p·l and y the right class, an
  /// example adds
  ///
  ///     slope            m - l[y]          Σ p·l² - m²
  ///     slope, offset i                    p[i]·(l[i] - m)
  ///     offset i, j      p[i] - [i = y]    p[i]·[i = j] - p[i]·p[j]
  private func derivatives() -> (gradient: [Double], hessian: [[Double]]) {
    var gradient = [Double](repeating: 0, count: count)
    var hessian = [[Double]](repeating: gradient, count: count)
    for (logarithms, trueClass) in zip(logarithms, classes) {
      let probabilities = scaling.softmax(logarithms)
      let mean = zip(probabilities, logarithms).reduce(0) { $0 + $1.0 * $1.1 }
      gradient[0] += mean - logarithms[trueClass]
      hessian[0][0] += zip(probabilities, logarithms).reduce(-mean * mean) {
        $0 + $1.0 * $1.1 * $1.1
      }
      guard fitsOffsets else { continue }
      gradient[1 + trueClass] -= 1
      for (index, probability) in probabilities.enumerated() {
        let row = 1 + index
        gradient[row] += probability
        hessian[0][row] += probability * (logarithms[index] - mean)
        hessian[row][row] += probability
        for (other, value) in probabilities.enumerated() {
          hessian[row][1 + other] -= probability * value
        }
      }
    }
    for row in 1..<count { hessian[row][0] = hessian[0][row] }
    addPenalty(to: &gradient, &hessian)
    return (gradient, hessian)
  }

  /// Turns sums over the examples into means, and adds the derivatives of the penalty.
  private func addPenalty(to gradient: inout [Double], _ hessian: inout [[Double]]) {
    let values = [scaling.slope - 1] + scaling.offsets
    let scale = 1 / Double(max(classes.count, 1))
    for row in 0..<count {
      gradient[row] = gradient[row] * scale + Self.penalty * values[row]
      for column in 0..<count { hessian[row][column] *= scale }
      hessian[row][row] += Self.penalty
    }
  }

  /// Solves a symmetric positive definite system by Gaussian elimination.
  private func solution(of matrix: [[Double]], _ vector: [Double]) -> [Double]? {
    var rows = zip(matrix, vector).map { $0 + [$1] }
    for pivot in 0..<count {
      guard rows[pivot][pivot] > 0, rows[pivot][pivot].isFinite else { return nil }
      for row in 0..<count where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...count { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}

extension SentimentClassifier {
  /// The classifier with scaled probabilities.
  ///
  /// The slope becomes part of ``temperature`` and the offsets of the output layer's bias, so that the
  /// model costs what it did before.
  ///
  /// - Parameter scaling: A scaling of this classifier's probabilities.
  /// - Returns: A classifier that gives the scaled probabilities, up to rounding.
  public func scaled(by scaling: Calibration.Scaling) -> SentimentClassifier {
    precondition(
      scaling.offsets.count == labels.count,
      "\(scaling.offsets.count) offsets for \(labels.count) labels")
    var parameters = parameters
    let newTemperature = temperature / scaling.slope
    let bias = network.output.bias
    parameters[bias] = zip(parameters[bias], scaling.offsets)
      .map { $0 + Float($1 * newTemperature) }
    return SentimentClassifier(
      labels: labels, pipeline: pipeline, network: network, parameters: parameters,
      precision: precision, temperature: newTemperature, card: card)
  }
}
