import Glibc
public import SentiTensor

/// Where the wrong classes of a sampled softmax are drawn from.
public struct CandidateSampler: Sendable {
  /// The logarithm of the probability of drawing each class.
  let logProbabilities: [Double]
  private let cumulative: [Double]

  /// Draws classes that are sorted by falling frequency, by Zipf's law.
  ///
  /// The probability of class c is log((c + 2) / (c + 1)) / log(C + 1).
  ///
  /// - Parameter classCount: The number of classes, C.
  public init(logUniformOver classCount: Int) {
    self.init(weights: (0..<classCount).map { log1p(1 / Double($0 + 1)) })
  }

  /// Draws classes by how often they occurred.
  ///
  /// - Parameters:
  ///   - counts: How often each class occurred; one that never did is never drawn.
  ///   - power: What counts are raised to, so that rare classes are drawn more often.
  /// - SeeAlso: the power of 0.75: Mikolov et al. 2013, <https://arxiv.org/abs/1310.4546>.
  public init(counts: [Int], power: Double = 0.75) {
    self.init(weights: counts.map { pow(Double($0), power) })
  }

  private init(weights: [Double]) {
    let total = weights.reduce(0, +)
    precondition(total > 0, "no class of \(weights.count) can be drawn")
    logProbabilities = weights.map { log($0 / total) }
    var sum = 0.0
    cumulative = weights.map {
      sum += $0 / total
      return sum
    }
  }

  /// The number of classes, C.
  public var classCount: Int { cumulative.count }

  /// Draws classes, with repeats.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - generator: The source of randomness.
  /// - Returns: The classes.
  /// - Complexity: O(count · log C).
  public func draw(_ count: Int, using generator: inout SeededGenerator) -> [Int] {
    (0..<count).map { _ in place(of: generator.uniform() * cumulative[cumulative.count - 1]) }
  }

  /// The first class whose share of the line from 0 to 1 ends behind a point.
  private func place(of point: Double) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > point { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// A softmax over many classes whose cost is estimated from the right class and a few drawn ones.
///
/// With S candidates c drawn by Q and the logits s of a row whose right class is y,
///
///     loss = log(exp(s_y) + Σ_c exp(s_c) / (S·Q(c))) - s_y,   candidates that are y left out
///
/// Where every class can be drawn the sum is an unbiased estimate of the softmax's; the loss, its
/// logarithm, is too low on average, and becomes exact as S grows. Only the rows of right and drawn
/// classes get a gradient.
///
/// - SeeAlso: Jean et al. 2015, <https://arxiv.org/abs/1412.2007>.
public struct SampledSoftmax: Sendable {
  /// The weights of all classes, `[C, H]`.
  public let weights: ParameterSlot
  /// The bias of each class, `[C, 1]`, so that each has a row of its own.
  public let bias: ParameterSlot
  /// Where candidates are drawn from.
  public let sampler: CandidateSampler
  /// Whether the weights are another layer's.
  public let isTied: Bool

  /// Creates a softmax and reserves its parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The width of the input, H.
  ///   - sampler: Where candidates are drawn from; it knows the number of classes, C.
  ///   - prefix: What parameter names begin with.
  ///   - layout: The model's layout.
  public init(
    inputSize: Int, sampler: CandidateSampler, prefix: String, layout: inout ParameterLayout
  ) {
    self.sampler = sampler
    weights = layout.add(prefix + Dense.weightsKey, shape: [sampler.classCount, inputSize])
    bias = layout.add(prefix + Dense.biasKey, shape: [sampler.classCount, 1])
    isTied = false
  }

  /// Creates a softmax on weights that the model has already, such as its table of word vectors.
  ///
  /// - Parameters:
  ///   - weights: The weights of all classes, `[C, H]`.
  ///   - sampler: Where candidates are drawn from.
  ///   - prefix: What the bias's name begins with.
  ///   - layout: The model's layout.
  /// - Precondition: The sampler knows as many classes.
  /// - SeeAlso: Press and Wolf 2017, <https://arxiv.org/abs/1608.05859>.
  public init(
    sharing weights: ParameterSlot, sampler: CandidateSampler, prefix: String,
    layout: inout ParameterLayout
  ) {
    precondition(
      weights.rowCount == sampler.classCount,
      "weights \(weights.shape) of \(sampler.classCount) classes")
    self.weights = weights
    self.sampler = sampler
    bias = layout.add(prefix + Dense.biasKey, shape: [sampler.classCount, 1])
    isTied = true
  }

  /// Fills the weights by Glorot's rule, unless they are shared, and the biases with zeros.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    if !isTied { parameters.initialize(weights, .glorotUniform, using: &generator) }
    parameters.initialize(bias, .zeros, using: &generator)
  }

  /// The logarithm of every class's probability, of all classes and not of drawn ones.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[N, H]`.
  ///   - parameters: The model's arena.
  /// - Returns: The logarithms, `[N, C]`.
  /// - Complexity: O((N + 1)·C·H): the weights are packed anew.
  public func logProbabilities<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, parameters: Parameters<Scalar>
  ) -> Matrix<Scalar> {
    logProbabilities(input, weights(parameters))
  }

  /// Packs the weights of all classes, to be read many times.
  ///
  /// - Parameter parameters: The model's arena.
  /// - Returns: The packed weights and the biases.
  /// - Complexity: O(C·H).
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>
  ) -> Dense.Weights<Scalar> {
    Dense.Weights(
      forward: PackedMatrix(parameters, weights, columns: 0..<weights.columnCount),
      bias: parameters[bias])
  }

  /// The logarithm of every class's probability, by weights that were packed before.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[N, H]`.
  ///   - packed: What ``weights(_:)`` made.
  /// - Returns: The logarithms, `[N, C]`.
  /// - Complexity: O(N·C·H).
  public func logProbabilities<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ packed: Dense.Weights<Scalar>
  ) -> Matrix<Scalar> {
    let kernels = packed.forward.kernels
    var logits = Matrix<Scalar>(rowCount: input.rowCount, columnCount: weights.rowCount)
    kernels.multiply(
      MatrixBlock(input), by: packed.forward, adding: .bias(packed.bias), into: &logits)
    kernels.logSoftmax(&logits)
    return logits
  }

  /// Computes the sum of the estimated cross-entropies and propagates its gradient.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[N, H]`.
  ///   - classes: The right class of each row.
  ///   - candidates: At least one drawn class, the same ones for all rows, from
  ///     ``CandidateSampler/draw(_:using:)``.
  ///   - scale: What the loss is multiplied by in the gradient, such as 1 / N.
  ///   - parameters: The model's arena.
  ///   - gradients: Receives the parameters' gradients, added.
  /// - Returns: The sum in nats, not scaled, and the gradient of the inputs, `[N, H]`.
  /// - Complexity: O(N·S·H).
  public func loss<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, classes: [Int], candidates: [Int], scale: Double,
    parameters: Parameters<Scalar>, gradients: inout Parameters<Scalar>
  ) -> (lossSum: Double, inputGradient: Matrix<Scalar>) {
    precondition(
      classes.count == input.rowCount && !candidates.isEmpty,
      "\(classes.count) classes for \(input.rowCount) rows, \(candidates.count) candidates")
    let (kernels, size) = (Kernels<Scalar>.best, input.columnCount)
    let (right, drawn) = (classes.map { Int32($0) }, candidates.map { Int32($0) })

    // [S, H], a layer of their own
    var layout = ParameterLayout()
    let layer = LinearProjection(weights: layout.add("drawn", shape: [drawn.count, size]))
    let drawnWeights = rows(drawn, of: weights, parameters)
    let packed = layer.weights(Parameters(layout: layout, values: drawnWeights.elements))
    // [N, H]
    let rightWeights = rows(right, of: weights, parameters)
    // [N, 1 + S]
    var logitsGradient = corrected(
      Matrix(concatenating: [rowProducts(input, rightWeights), layer.forward(input, packed)]),
      right: rows(right, of: bias, parameters), drawn: rows(drawn, of: bias, parameters),
      classes, candidates)
    let losses = kernels.crossEntropy(
      &logitsGradient, classes: [Int32](repeating: 0, count: classes.count), smoothing: 0,
      scale: scale
    ).losses
    let rightGradient = logitsGradient.columns(0..<1)
    let drawnGradient = logitsGradient.columns(1..<1 + drawn.count)
    var layerGradients = Parameters<Scalar>(layout: layout)
    var inputGradient = layer.backward(
      drawnGradient, input: input, packed, gradients: &layerGradients)
    let shares = rightGradient.elements
    let all = 0..<input.rowCount
    kernels.addRows(of: rightWeights, rows: all, scaledBy: shares, to: &inputGradient)
    var rightWeightGradient = Matrix<Scalar>(rowCount: right.count, columnCount: size)
    kernels.addRows(of: input, rows: all, scaledBy: shares, to: &rightWeightGradient)
    add(rightWeightGradient, biases: rightGradient, to: right, of: &gradients)
    add(
      Matrix(rowCount: drawn.count, columnCount: size, elements: layerGradients.values),
      biases: Matrix(
        rowCount: drawn.count, columnCount: 1, elements: drawnGradient.columnSums()),
      to: drawn, of: &gradients)
    return (losses.reduce(0, +), inputGradient)
  }

  /// Adds gradients of the weights, `[S, H]`, and biases, `[S, 1]`, of some classes.
  private func add<Scalar: MatrixScalar>(
    _ weightGradient: Matrix<Scalar>, biases biasGradient: Matrix<Scalar>, to classes: [Int32],
    of gradients: inout Parameters<Scalar>
  ) {
    let kernels = Kernels<Scalar>.best
    kernels.scatterAdd(weightGradient, to: classes, of: &gradients, weights)
    kernels.scatterAdd(biasGradient, to: classes, of: &gradients, bias)
  }

  /// The rows of a parameter for some classes.
  private func rows<Scalar: MatrixScalar>(
    _ classes: [Int32], of slot: ParameterSlot, _ parameters: Parameters<Scalar>
  ) -> Matrix<Scalar> {
    precondition(
      classes.allSatisfy { $0 >= 0 && $0 < slot.rowCount },
      "classes \(classes.min() ?? 0) to \(classes.max() ?? 0) of \(slot.rowCount)")
    var rows = Matrix<Scalar>(rowCount: classes.count, columnCount: slot.columnCount)
    Kernels.gather(classes, of: parameters.storage, from: slot.range.lowerBound, into: &rows)
    return rows
  }

  /// Adds biases, takes the expected counts of candidates out, and candidates that are right.
  @specialized(where Scalar == Float)
  private func corrected<Scalar: MatrixScalar>(
    _ products: Matrix<Scalar>, right: Matrix<Scalar>, drawn: Matrix<Scalar>, _ classes: [Int],
    _ candidates: [Int]
  ) -> Matrix<Scalar> {
    var logits = products
    let shifts = candidates.enumerated().map { column, candidate in
      drawn[column, 0]
        - Scalar(sampler.logProbabilities[candidate] + log(Double(candidates.count)))
    }
    for row in classes.indices {
      logits[row, 0] += right[row, 0]
      for (column, candidate) in candidates.enumerated() {
        logits[row, column + 1] =
          candidate == classes[row] ? -.infinity : logits[row, column + 1] + shifts[column]
      }
    }
    return logits
  }

  /// The product of each row with the row beside it, `[N, 1]`.
  @specialized(where Scalar == Float)
  private func rowProducts<Scalar: MatrixScalar>(
    _ left: Matrix<Scalar>, _ right: Matrix<Scalar>
  ) -> Matrix<Scalar> {
    var products = Matrix<Scalar>(rowCount: left.rowCount, columnCount: 1)
    for row in 0..<left.rowCount {
      var sum: Scalar = 0
      for column in 0..<left.columnCount { sum += left[row, column] * right[row, column] }
      products[row, 0] = sum
    }
    return products
  }
}

extension Matrix {
  /// The sum of each column.
  @specialized(where Scalar == Float)
  fileprivate func columnSums() -> [Scalar] {
    var sums = [Scalar](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { sums[column] += self[row, column] }
    }
    return sums
  }
}
