public import SentiTensor

/// A fully connected layer: `y = x · Wᵀ + b`.
///
/// Its weights are its own, or those of an ``Embedding``: such a *tied* output scores a
/// state by its products with all word vectors, and both uses add to one gradient.
///
///     let embedding = Embedding(
///       vocabularySize: 30_000, embeddingSize: 256, prefix: "embedding.", layout: &layout)
///     let output = Dense(sharing: embedding.weights, prefix: "output.", layout: &layout)
///
/// - SeeAlso: tied embeddings: Press and Wolf 2017, <https://arxiv.org/abs/1608.05859>; Inan et al.
///   2017, <https://arxiv.org/abs/1611.01462>.
public struct Dense: Hashable, Sendable {
  static let weightsKey = "weight"
  static let biasKey = "bias"

  /// The weights, `[O, I]`.
  public let weights: ParameterSlot

  /// The bias, `[O]`.
  public let bias: ParameterSlot

  /// Whether the weights are another layer's.
  public let isTied: Bool

  /// The width of the input, I.
  public var inputSize: Int { weights.columnCount }

  /// The width of the output, O.
  public var outputSize: Int { weights.rowCount }

  /// The packed weights and the bias, made once an update.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var forward: PackedMatrix<Scalar>
    var backward: PackedMatrix<Scalar>?
    var bias: [Scalar]
  }

  /// Creates a layer and reserves its parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The width of the input, I.
  ///   - outputSize: The width of the output, O.
  ///   - prefix: What parameter names begin with, such as `output.`.
  ///   - layout: The model's layout.
  public init(inputSize: Int, outputSize: Int, prefix: String, layout: inout ParameterLayout) {
    weights = layout.add(prefix + Self.weightsKey, shape: [outputSize, inputSize])
    bias = layout.add(prefix + Self.biasKey, shape: [outputSize])
    isTied = false
  }

  /// Creates a layer on weights that the model has already, such as its table of word vectors.
  ///
  /// - Parameters:
  ///   - weights: The weights, `[O, I]`.
  ///   - prefix: What the bias's name begins with, such as `output.`.
  ///   - layout: The model's layout.
  /// - SeeAlso: Press and Wolf 2017, <https://arxiv.org/abs/1608.05859>.
  public init(sharing weights: ParameterSlot, prefix: String, layout: inout ParameterLayout) {
    self.weights = weights
    bias = layout.add(prefix + Self.biasKey, shape: [weights.rowCount])
    isTied = true
  }

  /// Fills the weights by Glorot's rule, unless they are shared, and the bias with zeros.
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

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether `backward` will be called.
  ///   - precision: How the weights are rounded; full for training.
  ///   - columns: The inputs that will be given, where others are multiplied elsewhere; all where nil,
  ///     and for training.
  ///   - kernels: The kernels that will read them.
  /// - Returns: The packed weights and the bias.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool = true,
    precision: WeightPrecision = .full, columns: Range<Int>? = nil,
    kernels: Kernels<Scalar> = .best
  ) -> Weights<Scalar> {
    precondition(!isForTraining || columns == nil, "training with a part of \(inputSize) inputs")
    var packed = Weights<Scalar>(
      forward: PackedMatrix(
        parameters, weights, columns: columns ?? 0..<inputSize, precision: precision,
        kernels: kernels),
      bias: parameters[bias])
    guard isForTraining else { return packed }
    var transposed = PackedMatrix<Scalar>(
      depth: outputSize, columnCount: inputSize, kernels: kernels)
    transposed.packTransposed(parameters, weights)
    packed.backward = transposed
    return packed
  }

  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[B, I]`.
  ///   - weights: The packed weights.
  /// - Returns: The outputs, `[B, O]`.
  /// - Complexity: O(B·I·O).
  public func forward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ weights: Weights<Scalar>
  ) -> Matrix<Scalar> {
    var output = Matrix<Scalar>(rowCount: input.rowCount, columnCount: outputSize)
    forward(input, rows: 0..<input.rowCount, weights, into: &output)
    return output
  }

  /// Computes the outputs of some rows.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[B, I]`.
  ///   - rows: The rows of the inputs.
  ///   - weights: The packed weights.
  ///   - output: Receives the outputs, `[rows, O]`.
  /// - Complexity: O(rows·I·O); no allocation once the output has grown.
  public func forward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, rows: Range<Int>, _ weights: Weights<Scalar>,
    into output: inout Matrix<Scalar>
  ) {
    output.resize(rowCount: rows.count)
    weights.forward.kernels.multiply(
      MatrixBlock(input, rows: rows), by: weights.forward, adding: .bias(weights.bias),
      into: &output)
  }

  /// Propagates the gradient of the outputs to parameters and inputs.
  ///
  /// - Parameters:
  ///   - outputGradient: The gradient of the outputs, `[B, O]`.
  ///   - input: What `forward` was given, `[B, I]`.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  /// - Returns: The gradient of the inputs, `[B, I]`.
  public func backward<Scalar: MatrixScalar>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, _ weights: Weights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) -> Matrix<Scalar> {
    guard let transposed = weights.backward else {
      preconditionFailure("the weights were packed without isForTraining")
    }
    let kernels = transposed.kernels
    var (inputGradient, scratch) = (input, AlignedArray<Scalar>(zeros: 0))
    kernels.multiplyTransposed(
      MatrixBlock(outputGradient), GatheredRows(input), into: &gradients, self.weights,
      scratch: &scratch)
    kernels.addColumnSums(of: outputGradient, to: &gradients, bias)
    kernels.multiply(MatrixBlock(outputGradient), by: transposed, into: &inputGradient)
    return inputGradient
  }
}
