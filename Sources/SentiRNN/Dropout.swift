public import SentiTensor

/// Inverted dropout: zeroes elements at random and scales the others, so that inference is untouched.
///
/// - SeeAlso: Srivastava et al. 2014, <https://jmlr.org/papers/v15/srivastava14a.html>.
public struct Dropout: Hashable, Sendable {
  /// The share of elements that become zero, in [0, 1).
  public let rate: Double

  /// Creates a dropout.
  ///
  /// - Parameter rate: The share of elements that become zero, in [0, 1).
  public init(rate: Double) {
    precondition(rate >= 0 && rate < 1, "dropout rate \(rate) outside of [0, 1)")
    self.rate = rate
  }

  /// Draws what elements are multiplied by: 0, or 1 / (1 - rate).
  ///
  /// Rates are kept to 1/65,536, four elements for each draw of 64 bits.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - generator: The source of randomness.
  /// - Returns: One factor for each element.
  /// - Complexity: O(count).
  @specialized(where Scalar == Float)
  public func mask<Scalar: MatrixScalar>(
    count: Int, using generator: inout SeededGenerator
  ) -> [Scalar] {
    let (kept, threshold) = (Scalar(1 / (1 - rate)), UInt64(rate * 65_536))
    var (bits, mask) = (UInt64(0), [Scalar](repeating: 0, count: count))
    for index in 0..<count {
      bits = index % 4 == 0 ? generator.next() : bits >> 16
      if bits & 0xffff >= threshold { mask[index] = kept }
    }
    return mask
  }

  /// Draws one mask a sequence, for all of its steps.
  ///
  /// - Parameters:
  ///   - batchSize: The number of sequences, B.
  ///   - width: The number of elements of a step, H.
  ///   - generator: The source of randomness.
  /// - Returns: The masks, `[B, H]`; nil where nothing is dropped.
  public func lockedMask<Scalar: MatrixScalar>(
    batchSize: Int, width: Int, using generator: inout SeededGenerator
  ) -> Matrix<Scalar>? {
    guard rate > 0 else { return nil }
    return Matrix(
      rowCount: batchSize, columnCount: width,
      elements: mask(count: batchSize * width, using: &generator))
  }

  /// Replaces tokens at random, so that no single word decides.
  ///
  /// - Parameters:
  ///   - tokens: The tokens.
  ///   - share: The chance of each to be replaced, in [0, 1].
  ///   - token: What a dropped token is read as, such as the unknown one.
  ///   - generator: The source of randomness.
  /// - Returns: As many tokens.
  /// - SeeAlso: Iyyer et al. 2015, <https://aclanthology.org/P15-1162>.
  public static func replacing(
    _ tokens: [Int32], share: Double, by token: Int32, using generator: inout SeededGenerator
  ) -> [Int32] {
    tokens.map { generator.uniform() < share ? token : $0 }
  }

  /// Multiplies the outputs of a layer by one mask a sequence, the same at every step.
  ///
  /// - Parameters:
  ///   - mask: One row a packed sequence, `[B, W]`, from ``lockedMask(batchSize:width:using:)``.
  ///   - matrix: The outputs, `[N, W]`; or, going backward, their gradient.
  ///   - sequences: The lengths.
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public static func apply<Scalar: MatrixScalar>(
    locked mask: Matrix<Scalar>, to matrix: inout Matrix<Scalar>, _ sequences: PackedSequences
  ) {
    Kernels<Scalar>.best.multiplyRows(&matrix, by: mask, rows: sequences.sequenceRows)
  }

  /// Multiplies a matrix by a mask.
  ///
  /// - Parameters:
  ///   - mask: One factor for each element.
  ///   - matrix: The matrix; or, going backward, its gradient.
  @specialized(where Scalar == Float)
  public static func apply<Scalar: MatrixScalar>(
    _ mask: [Scalar], to matrix: inout Matrix<Scalar>
  ) {
    precondition(
      mask.count == matrix.elementCount,
      "mask of \(mask.count) elements for \(matrix.elementCount)")
    for index in mask.indices { matrix.storage[index] *= mask[index] }
  }
}
