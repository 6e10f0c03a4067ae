import Glibc
internal import SentiRNN
internal import SentiTensor

extension Calibration {
  /// What is fitted of a scaling.
  public enum Method: String, CaseIterable, Sendable {
    /// One slope: temperature scaling.
    case temperature
    /// One slope, and an offset a class: bias-corrected temperature scaling.
    case biasCorrected = "bias-corrected"
    /// A slope and an offset a class: vector scaling.
    case vector
  }

  /// A slope and an offset for each class: `p' ∝ exp(slope · l + offset)`, where l is the log-probability of the
  /// class less the mean of all classes' log-probabilities.
  ///
  /// With one slope for all classes and all offsets 0 this is temperature scaling, the slope being the inverse
  /// temperature. Offsets also correct how often each class is answered, where texts hold it more or less
  /// often than those that the model was trained on; slopes of their own correct classes of which the model
  /// is too sure, or not sure enough.
  ///
  /// - SeeAlso: bias-corrected temperature scaling: Alexandari et al. 2020,
  ///   <https://arxiv.org/abs/1901.06852>; vector scaling: Guo et al. 2017,
  ///   <https://arxiv.org/abs/1706.04599>.
  public struct Scaling: Hashable, Sendable {
    /// What the centred log-probability of each class is multiplied by.
    public var slopes: [Double]
    /// What is then added to that of each class; they sum to 0.
    public var offsets: [Double]

    /// The slope of all classes; where they have slopes of their own, the mean.
    public var slope: Double {
      get { slopes.reduce(0, +) / Double(max(1, slopes.count)) }
      set { slopes = slopes.map { _ in newValue } }
    }

    /// The scaling that changes nothing.
    ///
    /// - Parameter classCount: The number of classes.
    public init(classCount: Int) {
      slopes = [Double](repeating: 1, count: classCount)
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
      return softmax(Calibration.centredLogarithms(probabilities))
    }

    /// The softmax of scaled log-probabilities.
    fileprivate func softmax(_ logarithms: [Double]) -> [Double] {
      let scaled = logarithms.indices.map { slopes[$0] * logarithms[$0] + offsets[$0] }
      let maximum = scaled.max() ?? 0
      let exponentials = scaled.map { exp($0 - maximum) }
      let total = exponentials.reduce(0, +)
      return exponentials.map { $0 / total }
    }
  }

  /// The scaling under which the right classes are most probable.
  ///
  /// The loss is convex in slopes and offsets, so that Newton's method finds its minimum. A thousandth of
  /// the squared distance to no change is added: without it a class that no example has would get
  /// an offset without bound.
  ///
  /// - Parameters:
  ///   - examples: Held-out examples with the model's probabilities.
  ///   - method: What is fitted.
  /// - Returns: The scaling; its slopes are at least 0.01.
  /// - Complexity: O(examples · classes³), some ten times.
  public static func scaling(of examples: ScoredExamples, _ method: Method) -> Scaling {
    var fit = ScalingFit(examples, method)
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
  ///   - method: What is fitted.
  ///   - foldCount: The number of parts; example `i` is in part `i % foldCount`.
  /// - Returns: The same examples in the same order.
  public static func crossFitted(
    _ examples: ScoredExamples, _ method: Method, foldCount: Int = 5
  ) -> ScoredExamples {
    precondition(foldCount > 1, "\(foldCount) folds")
    let scalings = (0..<foldCount).map { fold in
      scaling(of: examples.filtered { $0 % foldCount != fold }, method)
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

  /// Log-probabilities less their mean.
  fileprivate static func centredLogarithms(_ probabilities: [Double]) -> [Double] {
    let logarithms = probabilities.map { log(max($0, 1e-300)) }
    let mean = logarithms.reduce(0, +) / Double(max(1, logarithms.count))
    return logarithms.map { $0 - mean }
  }
}

/// Newton's method on slopes and offsets.
private struct ScalingFit {
  private(set) var scaling: Calibration.Scaling
  private let logarithms: [[Double]]
  private let classes: [Int]
  private let method: Calibration.Method
  private static let penalty = 1e-3

  init(_ examples: ScoredExamples, _ method: Calibration.Method) {
    scaling = Calibration.Scaling(classCount: examples.labels.count)
    logarithms = (0..<examples.count).map {
      Calibration.centredLogarithms(examples.probabilities(ofExample: $0))
    }
    classes = examples.trueLabels
    self.method = method
  }

  private var classCount: Int { scaling.offsets.count }
  /// The number of slopes that are fitted.
  private var slopeCount: Int { method == .vector ? classCount : 1 }
  /// The number of values that are fitted: the slopes, then the offsets.
  private var count: Int { method == .temperature ? 1 : slopeCount + classCount }

  /// The slope, and the offset if offsets are fitted, of a class among the values that are fitted.
  private func places(_ label: Int) -> (slope: Int, offset: Int?) {
    (slopeCount == 1 ? 0 : label, method == .temperature ? nil : slopeCount + label)
  }

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
    for label in 0..<classCount {
      let places = places(label)
      moved.slopes[label] = max(0.01, moved.slopes[label] + step[places.slope])
      if let offset = places.offset { moved.offsets[label] += step[offset] }
    }
    let mean = moved.offsets.reduce(0, +) / Double(classCount)
    for index in moved.offsets.indices { moved.offsets[index] -= mean }
    return moved
  }

  /// The mean cross-entropy in nats, with the penalty.
  private func loss(_ scaling: Calibration.Scaling) -> Double {
    let sum = zip(logarithms, classes).reduce(0) { sum, example in
      sum - log(max(scaling.softmax(example.0)[example.1], 1e-300))
    }
    let slopes = scaling.slopes.prefix(slopeCount).reduce(0) { $0 + ($1 - 1) * ($1 - 1) }
    let distance = scaling.offsets.reduce(slopes) { $0 + $1 * $1 }
    return sum / Double(max(classes.count, 1)) + Self.penalty / 2 * distance
  }

  /// The gradient `[P]` and the Hessian `[P, P]` of the loss.
  ///
  /// With p the scaled probabilities, y the right class and u[c] = slope[c]·l[c] + offset[c], an example adds
  /// Jᵀ(p - [c = y]) and Jᵀ(diag p - p·pᵀ)J, where J, the derivative of u, has l[c] for the slope of class c
  /// and 1 for its offset.
  private func derivatives() -> (gradient: [Double], hessian: [[Double]]) {
    var gradient = [Double](repeating: 0, count: count)
    var hessian = [[Double]](repeating: gradient, count: count)
    for (logarithms, trueClass) in zip(logarithms, classes) {
      let probabilities = scaling.softmax(logarithms)
      let rows = (0..<classCount).map { label -> [(place: Int, value: Double)] in
        let places = places(label)
        return [(places.slope, logarithms[label])] + (places.offset.map { [($0, 1)] } ?? [])
      }
      for (label, row) in rows.enumerated() {
        let error = probabilities[label] - (label == trueClass ? 1 : 0)
        for entry in row { gradient[entry.place] += error * entry.value }
        for (other, column) in rows.enumerated() {
          let curvature = probabilities[label] * ((label == other ? 1 : 0) - probabilities[other])
          for entry in row {
            for partner in column {
              hessian[entry.place][partner.place] += curvature * entry.value * partner.value
            }
          }
        }
      }
    }
    addPenalty(to: &gradient, &hessian)
    return (gradient, hessian)
  }

  /// Turns sums over the examples into means, and adds the derivatives of the penalty.
  private func addPenalty(to gradient: inout [Double], _ hessian: inout [[Double]]) {
    let values = scaling.slopes.prefix(slopeCount).map { $0 - 1 } + scaling.offsets
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
  /// One slope becomes part of ``temperature`` and the offsets of the output layer's bias; slopes of their own
  /// become part of the output layer's rows. So the model costs what it did before.
  ///
  /// - Parameter scaling: A scaling of this classifier's probabilities.
  /// - Returns: A classifier that gives the scaled probabilities, up to rounding.
  public func scaled(by scaling: Calibration.Scaling) -> SentimentClassifier {
    precondition(
      scaling.offsets.count == labels.count,
      "\(scaling.offsets.count) offsets for \(labels.count) labels")
    var (parameters, newTemperature) = (parameters, temperature)
    let (weights, bias) = (network.output.weights, network.output.bias)
    if Set(scaling.slopes).count > 1 {
      parameters[weights] = Self.centred(parameters[weights], scaling.slopes)
      parameters[bias] = Self.centred(parameters[bias], scaling.slopes)
    } else {
      newTemperature = temperature / scaling.slope
    }
    parameters[bias] = zip(parameters[bias], scaling.offsets)
      .map { $0 + Float($1 * newTemperature) }
    return SentimentClassifier(
      labels: labels, pipeline: pipeline, network: network, parameters: parameters,
      precision: precision, temperature: newTemperature, card: card)
  }

  /// The rows of a layer less the mean of all rows, each times its slope.
  private static func centred(_ values: [Float], _ slopes: [Double]) -> [Float] {
    let width = values.count / slopes.count
    return values.indices.map { index in
      let column = index % width
      let sum = slopes.indices.reduce(0.0) { $0 + Double(values[$1 * width + column]) }
      let centred = Double(values[index]) - sum / Double(slopes.count)
      return Float(slopes[index / width] * centred)
    }
  }
}
