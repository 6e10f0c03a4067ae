public import SentiTensor

/// Inverted dropout: zeroes elements at random and scales the others, so that inference is untouched.
///
/// - SeeAlso: Srivastava et al. 2014, <https://jmlr.org/papers/v15/srivastava14a.html>.
public struct Dropout: Hashable, Sendable {
  /// The fraction of elements that become zero, in [0, 1).
  public let rate: Double

  /// Creates a dropout.
  ///
  /// - Parameter rate: The fraction of elements that become zero, in [0, 1).
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
  ///   - rate: The probability of each to be replaced, in [0, 1].
  ///   - unknown: What a dropped token is read as.
  ///   - generator: The source of randomness.
  /// - Returns: As many tokens.
  /// - SeeAlso: Iyyer et al. 2015, <https://aclanthology.org/P15-1162>.
  public static func wordDropout(
    _ tokens: [Int32], rate: Double, unknown: Int32, using generator: inout SeededGenerator
  ) -> [Int32] {
    tokens.map { generator.uniform() < rate ? unknown : $0 }
  }

  /// Drops elements of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - generator: The source of randomness.
  /// - Returns: What it was multiplied by, for the way back; nil where nothing is dropped.
  public func drop<Scalar: MatrixScalar>(
    _ matrix: inout Matrix<Scalar>, using generator: inout SeededGenerator
  ) -> Matrix<Scalar>? {
    let mask: Matrix<Scalar>? = lockedMask(
      batchSize: matrix.rowCount, width: matrix.columnCount, using: &generator)
    Self.apply(mask, to: &matrix)
    return mask
  }

  /// Multiplies the outputs of a layer by a mask.
  ///
  /// - Parameters:
  ///   - mask: The mask, `[B, W]`; nil: nothing is dropped.
  ///   - matrix: The outputs, `[N, W]`; or, going backward, their gradient.
  ///   - rows: The mask's row for each of the matrix: with `PackedSequences.sequenceRows` it is the
  ///     same at every step of a sequence. Nil: each row has its own.
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public static func apply<Scalar: MatrixScalar>(
    _ mask: Matrix<Scalar>?, to matrix: inout Matrix<Scalar>, rows: [Int32]? = nil
  ) {
    if let mask { Kernels<Scalar>.best.multiplyRows(&matrix, by: mask, rows: rows) }
  }
}
