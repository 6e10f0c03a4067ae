public import SentiTensor

/// A softmax over many classes that spends most on the frequent ones: exact, and several times
/// cheaper.
///
/// Classes are sorted by frequency. The *head* decides among the first of them and one entry for each
/// *cluster* of rarer ones; a cluster decides among its classes through a narrow layer. With words by
/// Zipf's law nearly all positions end in the head:
///
///     p(c) = head(c)                                   c in the head
///     p(c) = head(cluster k) · tail_k(c)               c in cluster k
///
/// Parameter names are those of PyTorch's `AdaptiveLogSoftmaxWithLoss`.
///
/// - SeeAlso: Grave et al. 2017, <https://arxiv.org/abs/1609.04309>.
public struct AdaptiveSoftmax: Sendable {
  /// The first class of each cluster, and the number of classes.
  public let cutoffs: [Int]

  private let head: LinearProjection
  private let tails: [(down: LinearProjection, up: LinearProjection)]

  /// The number of classes, C.
  public var classCount: Int { cutoffs[cutoffs.count - 1] }

  /// The packed weights, made once an update.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var head: LinearProjection.Weights<Scalar>
    var tails: [(down: LinearProjection.Weights<Scalar>, up: LinearProjection.Weights<Scalar>)]
  }

  /// Creates a softmax and reserves its parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The width of the input, H.
  ///   - classCount: The number of classes, C, the most frequent first.
  ///   - cutoffs: The first class of each cluster, rising.
  ///   - divisor: How much narrower each cluster's layer is than the one before; PyTorch's 4.
  ///   - prefix: What parameter names begin with.
  ///   - layout: The model's layout.
  public init(
    inputSize: Int, classCount: Int, cutoffs: [Int], divisor: Int = 4, prefix: String,
    layout: inout ParameterLayout
  ) {
    let ends = cutoffs + [classCount]
    precondition(
      !cutoffs.isEmpty && cutoffs[0] > 0
        && zip(ends, cutoffs.dropFirst() + [classCount]).allSatisfy(<),
      "cutoffs \(cutoffs) of \(classCount) classes")
    self.cutoffs = ends
    head = LinearProjection(
      weights: layout.add(
        prefix + "head.weight", shape: [cutoffs[0] + cutoffs.count, inputSize]))
    var width = inputSize
    tails = cutoffs.indices.map { cluster in
      width = max(1, width / divisor)
      let name = prefix + "tail.\(cluster)."
      return (
        LinearProjection(weights: layout.add(name + "0.weight", shape: [width, inputSize])),
        LinearProjection(
          weights: layout.add(
            name + "1.weight", shape: [ends[cluster + 1] - ends[cluster], width]))
      )
    }
  }

  /// Fills the weights by Glorot's rule.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    for projection in [head] + tails.flatMap({ [$0.down, $0.up] }) {
      parameters.initialize(projection.weights, .glorotUniform, using: &generator)
    }
  }

  /// Packs the weights.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The packed weights.
  public func weights<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> Weights<Scalar> {
    Weights(
      head: head.weights(parameters),
      tails: tails.map { ($0.down.weights(parameters), $0.up.weights(parameters)) })
  }

  /// Computes the sum of the cross-entropies and propagates its gradient.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[N, H]`.
  ///   - classes: The right class of each row.
  ///   - scale: What the loss is multiplied by in the gradient, such as 1 / N.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  /// - Returns: The sum in nats, not scaled, and the gradient of the inputs, `[N, H]`.
  /// - Complexity: O(N·H·head + rows of a cluster · its size and width).
  public func loss<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, classes: [Int], scale: Double, weights: Weights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) -> (lossSum: Double, inputGradient: Matrix<Scalar>) {
    precondition(
      classes.count == input.rowCount && classes.allSatisfy { (0..<classCount).contains($0) },
      "classes \(classes.min() ?? 0) to \(classes.max() ?? 0) of \(classCount) for "
        + "\(input.rowCount) rows")
    let clusters = classes.map(cluster)
    let headClasses = zip(classes, clusters).map { $1.map { cutoffs[0] + $0 } ?? $0 }
    let ofHead = Self.loss(head.forward(input, weights.head), headClasses, scale: scale)
    var sum = ofHead.sum
    var inputGradient = head.backward(
      ofHead.gradient, input: input, weights.head, gradients: &gradients)
    for (index, tail) in tails.enumerated() {
      let rows = clusters.indices.filter { clusters[$0] == index }
      if rows.isEmpty { continue }
      let (part, packed) = (input.rows(rows.map { Int32($0) }), weights.tails[index])
      let right = rows.map { classes[$0] - cutoffs[index] }
      let narrow = tail.down.forward(part, packed.down)
      let ofTail = Self.loss(tail.up.forward(narrow, packed.up), right, scale: scale)
      sum += ofTail.sum
      let narrowGradient = tail.up.backward(
        ofTail.gradient, input: narrow, packed.up, gradients: &gradients)
      let partGradient = tail.down.backward(
        narrowGradient, input: part, packed.down, gradients: &gradients)
      Kernels.best.scatterAdd(partGradient, to: rows.map { Int32($0) }, of: &inputGradient)
    }
    return (sum, inputGradient)
  }

  /// The logarithm of every class's probability, `[N, C]`.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[N, H]`.
  ///   - weights: The packed weights.
  /// - Returns: The logarithms, `[N, C]`; what they are powers of sums to 1 in each row.
  /// - Complexity: O(N·C·width).
  public func logProbabilities<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, weights: Weights<Scalar>
  ) -> Matrix<Scalar> {
    var all = Matrix<Scalar>(rowCount: input.rowCount, columnCount: classCount)
    var heads = head.forward(input, weights.head)
    Kernels.best.logSoftmax(&heads)
    for row in 0..<input.rowCount {
      for column in 0..<cutoffs[0] { all[row, column] = heads[row, column] }
    }
    for (index, tail) in tails.enumerated() {
      let packed = weights.tails[index]
      var inside = tail.up.forward(tail.down.forward(input, packed.down), packed.up)
      Kernels.best.logSoftmax(&inside)
      for row in 0..<input.rowCount {
        let cluster = heads[row, cutoffs[0] + index]
        for column in 0..<inside.columnCount {
          all[row, cutoffs[index] + column] = cluster + inside[row, column]
        }
      }
    }
    return all
  }

  /// The sum of the cross-entropies of one softmax, and the gradient of its logits.
  private static func loss<Scalar: MatrixScalar>(
    _ logits: Matrix<Scalar>, _ classes: [Int], scale: Double
  ) -> (sum: Double, gradient: Matrix<Scalar>) {
    var gradient = logits
    let judged = Kernels.best.crossEntropy(
      &gradient, classes: classes.map { Int32($0) }, smoothing: 0, scale: scale)
    return (judged.losses.reduce(0, +), gradient)
  }

  /// The cluster of a class; nil in the head.
  private func cluster(_ right: Int) -> Int? {
    right < cutoffs[0] ? nil : cutoffs.lastIndex { $0 <= right }
  }
}
