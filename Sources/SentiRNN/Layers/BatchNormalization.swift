public import SentiTensor

/// Batch normalization of the outputs of a layer, column by column, over the real tokens of a batch.
///
///     y = gain * (x - mean) / sqrt(variance + 1e-5) + bias
///
/// In training, mean and variance are those of all N tokens of the batch: sequences are packed, so
/// that no padding takes part and a long sequence counts by its tokens. In inference they are the
/// running statistics, which are parameters without a gradient; a text's outputs are then the same in
/// any batch. See <doc:BatchNormalizationOverTime>.
///
/// - SeeAlso: Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>; between recurrent layers:
///   Laurent et al. 2016, <https://arxiv.org/abs/1510.01378>.
public struct BatchNormalization: Hashable, Sendable {
  static let gainKey = "weight"
  static let biasKey = "bias"
  static let runningMeanKey = "running_mean"
  static let runningVarianceKey = "running_var"

  /// What keeps the division finite; PyTorch's.
  static let epsilon = 1e-5

  /// The gain of each column, `[W]`.
  public let gain: ParameterSlot

  /// The bias of each column, `[W]`.
  public let bias: ParameterSlot

  /// The running mean of each column, `[W]`.
  public let runningMean: ParameterSlot

  /// The running variance of each column, `[W]`.
  public let runningVariance: ParameterSlot

  /// The parameters' elements.
  struct Weights<Scalar: MatrixScalar>: Sendable {
    var gain: [Scalar]
    var bias: [Scalar]
    var mean: [Scalar]
    var variance: [Scalar]
  }

  /// What a batch's forward pass leaves for its backward pass and for the running statistics.
  struct Batch<Scalar: MatrixScalar>: Sendable {
    /// The values before gain and bias, `[N, W]`.
    var normal: Matrix<Scalar>
    var mean: [Scalar]
    var variance: [Scalar]
  }

  /// Creates a layer and reserves its parameters, by PyTorch's names.
  ///
  /// - Parameters:
  ///   - width: The number of columns, W.
  ///   - prefix: What parameter names begin with, such as `batch_norm_l0.`.
  ///   - layout: The model's layout.
  public init(width: Int, prefix: String, layout: inout ParameterLayout) {
    gain = layout.add(prefix + Self.gainKey, shape: [width])
    bias = layout.add(prefix + Self.biasKey, shape: [width])
    runningMean = layout.add(prefix + Self.runningMeanKey, shape: [width])
    runningVariance = layout.add(prefix + Self.runningVarianceKey, shape: [width])
  }

  /// Gains and running variances one, all else zero.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness, which is not used.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    for slot in [gain, runningVariance] {
      parameters.initialize(slot, .constant(1), using: &generator)
    }
    for slot in [bias, runningMean] { parameters.initialize(slot, .zeros, using: &generator) }
  }

  func weights<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> Weights<Scalar> {
    Weights(
      gain: parameters[gain], bias: parameters[bias], mean: parameters[runningMean],
      variance: parameters[runningVariance])
  }

  /// Normalizes by the running statistics.
  @specialized(where Scalar == Float)
  static func apply<Scalar: MatrixScalar>(
    _ weights: Weights<Scalar>, to values: inout Matrix<Scalar>
  ) {
    let width = values.columnCount
    let scales = scales(weights.gain, weights.variance)
    for row in 0..<values.rowCount {
      for column in 0..<width {
        let index = row * width + column
        values.storage[index] =
          (values.storage[index] - weights.mean[column]) * scales[column] + weights.bias[column]
      }
    }
  }

  /// Normalizes by the batch's own statistics, which the batch keeps.
  @specialized(where Scalar == Float)
  static func apply<Scalar: MatrixScalar>(
    _ weights: Weights<Scalar>, to values: inout Matrix<Scalar>, keeping batch: inout Batch<Scalar>
  ) {
    let (width, count) = (values.columnCount, Scalar(max(1, values.rowCount)))
    batch.mean = sums(of: values).map { $0 / count }
    let mean = batch.mean
    batch.variance = [Scalar](repeating: 0, count: width)
    for row in 0..<values.rowCount {
      for column in 0..<width {
        let difference = values.storage[row * width + column] - mean[column]
        batch.variance[column] += difference * difference / count
      }
    }
    let inverses = scales([Scalar](repeating: 1, count: width), batch.variance)
    batch.normal.resize(rowCount: values.rowCount)
    for row in 0..<values.rowCount {
      for column in 0..<width {
        let index = row * width + column
        let normal = (values.storage[index] - mean[column]) * inverses[column]
        batch.normal.storage[index] = normal
        values.storage[index] = weights.gain[column] * normal + weights.bias[column]
      }
    }
  }

  /// Turns the gradient of the outputs into that of the inputs.
  ///
  /// With u the normal values and s the deviation,
  /// `dx = gain / s * (dy - mean(dy) - u * mean(dy * u))`, means over the batch.
  @specialized(where Scalar == Float)
  func backward<Scalar: MatrixScalar>(
    _ gradient: inout Matrix<Scalar>, _ weights: Weights<Scalar>, _ batch: Batch<Scalar>,
    gradients: inout Parameters<Scalar>
  ) {
    let (width, count) = (gradient.columnCount, Scalar(max(1, gradient.rowCount)))
    let biasGradient = Self.sums(of: gradient)
    var gainGradient = [Scalar](repeating: 0, count: width)
    for row in 0..<gradient.rowCount {
      for column in 0..<width {
        let index = row * width + column
        gainGradient[column] += gradient.storage[index] * batch.normal.storage[index]
      }
    }
    let scales = Self.scales(weights.gain, batch.variance)
    for row in 0..<gradient.rowCount {
      for column in 0..<width {
        let index = row * width + column
        let along = batch.normal.storage[index] * gainGradient[column]
        gradient.storage[index] =
          scales[column] * (gradient.storage[index] - (biasGradient[column] + along) / count)
      }
    }
    gradients.add(gainGradient, to: gain)
    gradients.add(biasGradient, to: bias)
  }

  /// Moves the running statistics towards those of a batch that several threads may have divided:
  /// mean and variance of all of its tokens, however they were divided.
  func updateRunningStatistics<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, _ parts: [Batch<Scalar>], momentum: Double
  ) {
    let parts = parts.filter { $0.normal.rowCount > 0 }
    let count = parts.reduce(0) { $0 + $1.normal.rowCount }
    guard count > 0 else { return }
    let width = runningMean.range.count
    var mean = [Scalar](repeating: 0, count: width)
    var squares = mean
    for part in parts {
      let share = Scalar(part.normal.rowCount) / Scalar(count)
      for column in 0..<width { mean[column] += share * part.mean[column] }
    }
    for part in parts {
      let rows = Scalar(part.normal.rowCount)
      for column in 0..<width {
        let difference = part.mean[column] - mean[column]
        squares[column] += rows * (part.variance[column] + difference * difference)
      }
    }
    func move(_ slot: ParameterSlot, _ values: [Scalar]) {
      parameters[slot] = zip(parameters[slot], values).map {
        $0 + Scalar(momentum) * ($1 - $0)
      }
    }
    move(runningMean, mean)
    // Divided by n - 1, for the variance of a sample underestimates by (n - 1) / n.
    move(runningVariance, squares.map { $0 / Scalar(max(1, count - 1)) })
  }

  private static func scales<Scalar: MatrixScalar>(
    _ gain: [Scalar], _ variance: [Scalar]
  ) -> [Scalar] {
    zip(gain, variance).map { $0 / ($1 + Scalar(epsilon)).squareRoot() }
  }

  /// The sum of each column, first row first.
  private static func sums<Scalar: MatrixScalar>(
    of values: Matrix<Scalar>
  ) -> [Scalar] {
    var sums = [Scalar](repeating: 0, count: values.columnCount)
    for row in 0..<values.rowCount {
      for column in sums.indices {
        sums[column] += values.storage[row * sums.count + column]
      }
    }
    return sums
  }
}
