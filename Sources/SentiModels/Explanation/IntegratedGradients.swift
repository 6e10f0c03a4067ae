internal import SentiRNN
internal import SentiTensor

/// What each token of a text contributed to the log-odds of a class.
struct Attribution: Hashable, Sendable {
  /// One contribution a token.
  var contributions: [Double]
  /// The log-odds of the text.
  var difference: Double
  /// The log-odds of a text of as many unknown words.
  var baseline: Double
  /// The number of steps of the path.
  var stepCount: Int

  /// What contributions and baseline lack of the difference.
  var gap: Double { difference - baseline - contributions.reduce(0, +) }

  /// Whether more steps are of no use: the gap is small, or there are no numbers to sum.
  fileprivate var isSettled: Bool {
    gap.magnitude <= Self.tolerance(difference - baseline) || !gap.isFinite
  }

  /// The largest gap that is no longer worth more steps.
  ///
  /// - Parameter change: What contributions should sum to.
  /// - Returns: A hundredth of its magnitude, and at least a thousandth of a logit.
  static func tolerance(_ change: Double) -> Double { max(0.01 * change.magnitude, 0.001) }
}

/// Integrated gradients of a text along the straight path from the unknown word to each of its words.
///
/// With u the unknown word's vector and F the log-odds, a word x contributes
///
///     (x - u) · ∫ ∂F/∂x (u + α (x - u)) dα,   α from 0 to 1, all words at once
///
/// and the contributions sum to F(text) - F(unknown words). The integral is taken by the trapezoidal rule,
/// whose steps are halved until the sum is right within ``Attribution/tolerance(_:)``. A halving keeps all
/// earlier nodes, and both ends of the path are nodes, so that F is known there. Rules of a higher order
/// need as many: F has kinks where another state becomes the maximum of a pooled unit.
///
/// Nodes are the rows of one batch.
///
/// - SeeAlso: Sundararajan et al. 2017, <https://arxiv.org/abs/1703.01365>.
struct IntegratedGradients<Scalar: MatrixScalar>: Sendable {
  /// The fewest and the most steps.
  static var stepCounts: ClosedRange<Int> { 4...256 }
  /// The most nodes of a batch, and the most rows of one that is not cut into chunks.
  private static var mostNodes: Int { 16 }
  private static var mostRows: Int { 4096 }

  private let net: InputGradientNetwork<Scalar>
  private let unknownToken: Int32

  /// Prepares to explain.
  ///
  /// - Parameters:
  ///   - net: The net.
  ///   - unknownToken: The token at which paths begin.
  init(_ net: InputGradientNetwork<Scalar>, unknownToken: Int32) {
    self.net = net
    self.unknownToken = unknownToken
  }

  /// Attributes the log-odds of a class to the tokens of a text.
  ///
  /// - Parameters:
  ///   - logOdds: The class.
  ///   - tokens: The text.
  /// - Returns: The contributions; those of unknown words are 0.
  /// - Complexity: Some ten forward and backward passes, more where the log-odds have kinks. Memory is
  ///   that of 256 tokens, and some bytes a token, where the encoder can be streamed.
  func attribution(of logOdds: LogOdds, to tokens: [Int32]) -> Attribution {
    var integral = PathIntegral(
      EmbeddingPath(net.wordVectors, tokens: tokens, unknownToken: unknownToken), logOdds,
      InputGradientPass(net))
    let first = Self.stepCounts.lowerBound
    add((0...first).map { Double($0) / Double(first) }, to: &integral)
    var attribution = integral.attribution(stepCount: first)
    while !attribution.isSettled && attribution.stepCount < Self.stepCounts.upperBound {
      let stepCount = 2 * attribution.stepCount
      let halves = stride(from: 1, to: stepCount, by: 2)
      add(halves.map { Double($0) / Double(stepCount) }, to: &integral)
      attribution = integral.attribution(stepCount: stepCount)
    }
    return attribution
  }

  private func add(_ nodes: [Double], to integral: inout PathIntegral<Scalar>) {
    let count = integral.path.tokens.count
    let fitting = net.encoder.canStream ? Self.mostNodes : Self.mostRows / max(1, count)
    let size = min(Self.mostNodes, max(1, fitting))
    for start in stride(from: 0, to: nodes.count, by: size) {
      integral.add(Array(nodes[start..<min(nodes.count, start + size)]))
    }
  }
}

/// The sums over the nodes of a path.
private struct PathIntegral<Scalar: MatrixScalar> {
  let path: EmbeddingPath<Scalar>
  private let logOdds: LogOdds
  private var pass: InputGradientPass<Scalar>
  /// For each token the sum of gradients times its way; of the two ends, half of each.
  private var sums: [Double]
  private var (baseline, difference) = (0.0, 0.0)

  init(
    _ path: EmbeddingPath<Scalar>, _ logOdds: LogOdds, _ pass: InputGradientPass<Scalar>
  ) {
    self.path = path
    self.logOdds = logOdds
    self.pass = pass
    sums = [Double](repeating: 0, count: path.tokens.count)
  }

  func attribution(stepCount: Int) -> Attribution {
    Attribution(
      contributions: sums.map { $0 / Double(stepCount) }, difference: difference,
      baseline: baseline, stepCount: stepCount)
  }

  /// Adds nodes, as places on the path from 0 to 1.
  mutating func add(_ nodes: [Double]) {
    let (path, logOdds) = (self.path, self.logOdds)
    var (values, sums) = ([Double](), self.sums)
    pass.run(batchSize: nodes.count, tokenCount: path.tokens.count) { positions in
      path.inputs(at: positions, nodes: nodes)
    } logitsGradient: { logits in
      var gradients: [Scalar] = []
      for (row, node) in nodes.enumerated() {
        let own: [Double] = logits.row(row).map { Double($0) }
        let weight: Double = node == 0 || node == 1 ? 0.5 : 1
        values.append(logOdds.value(own))
        gradients += logOdds.gradient(own).map { Scalar(weight * $0) }
      }
      return Matrix(
        rowCount: logits.rowCount, columnCount: logits.columnCount, elements: gradients)
    } inputGradient: { positions, gradient in
      path.addProducts(gradient, at: positions, nodeCount: nodes.count, to: &sums)
    }
    self.sums = sums
    for (node, value) in zip(nodes, values) {
      if node == 0 { baseline = value }
      if node == 1 { difference = value }
    }
  }
}

/// The straight path from the vector of the unknown word to those of a text's words.
private struct EmbeddingPath<Scalar: MatrixScalar>: Sendable {
  let tokens: [Int32]
  private let wordVectors: WordVectors<Scalar>
  /// The vector of the unknown word, `[1, E]`.
  private let unknown: Matrix<Scalar>
  /// The vectors of all words, `[N, E]`, where these are few.
  private let vectors: Matrix<Scalar>?

  init(_ wordVectors: WordVectors<Scalar>, tokens: [Int32], unknownToken: Int32) {
    self.tokens = tokens
    self.wordVectors = wordVectors
    unknown = wordVectors.rows([unknownToken])
    vectors = tokens.count <= 1024 ? wordVectors.rows(tokens) : nil
  }

  /// The vectors of the words at places of the text, `[n, E]`.
  private func vectors(at positions: [Int]) -> Matrix<Scalar> {
    vectors?.rows(positions.map { Int32($0) }) ?? wordVectors.rows(positions.map { tokens[$0] })
  }

  /// Points of the path at places of the text: for each place a row for each node, `[n·B, E]`.
  ///
  /// At its ends these are the vectors themselves, to the bit.
  func inputs(at positions: [Int], nodes: [Double]) -> Matrix<Scalar> {
    let count = positions.count * nodes.count
    let words = vectors(at: positions).rows((0..<count).map { Int32($0 / nodes.count) })
    let origins = unknown.rows([Int32](repeating: 0, count: count))
    var points = Matrix<Scalar>(rowCount: count, columnCount: words.columnCount)
    let kernels = Kernels<Scalar>.best
    let scales = positions.flatMap { _ in nodes.map { Scalar($0) } }
    kernels.addRows(of: origins, rows: 0..<count, scaledBy: scales.map { 1 - $0 }, to: &points)
    kernels.addRows(of: words, rows: 0..<count, scaledBy: scales, to: &points)
    return points
  }

  /// Adds to the sum of each token the product of its way and the gradient there, over all nodes.
  @specialized(where Scalar == Float)
  func addProducts(
    _ gradient: Matrix<Scalar>, at positions: [Int], nodeCount: Int, to sums: inout [Double]
  ) {
    let (words, width) = (vectors(at: positions), unknown.columnCount)
    var total = Matrix<Scalar>(rowCount: positions.count, columnCount: width)
    let places = (0..<gradient.rowCount).map { Int32($0 / nodeCount) }
    Kernels<Scalar>.best.scatterAdd(gradient, to: places, of: &total)
    let origin = unknown.elements
    for (row, position) in positions.enumerated() {
      let (word, slope) = (words.row(row), total.row(row))
      var product = 0.0
      for column in 0..<width {
        product += (Double(word[column]) - Double(origin[column])) * Double(slope[column])
      }
      sums[position] += product
    }
  }
}
