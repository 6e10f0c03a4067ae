import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiRNN

/// Beside PyTorch's `BatchNorm1d`; see `recurrent.py`.
@Suite("Batch normalization")
struct BatchNormalizationTests {
  struct File: Decodable {
    let parameters: [String: Fixture.Tensor]
    let input: Fixture.Tensor
    let output: Fixture.Tensor
    /// The running statistics after the step.
    let running: [String: Fixture.Tensor]
    /// What the module gives where it does not train.
    let evaluated: Fixture.Tensor
  }

  let file: File
  let normalization: BatchNormalization
  var parameters: Parameters<Double>

  init() throws {
    file = try Fixture.read("batch-normalization")
    var layout = ParameterLayout()
    normalization = BatchNormalization(width: 4, prefix: "", layout: &layout)
    let tensors = file.parameters
    parameters = try Parameters(layout: layout) { try #require(tensors[$0.name]).values }
  }

  private var input: Matrix<Double> {
    Matrix(rowCount: 9, columnCount: 4, elements: file.input.values)
  }

  /// Normalizes some rows, and answers what they leave.
  private func part(
    _ values: inout Matrix<Double>
  ) -> BatchNormalization.Batch<Double> {
    var batch = BatchNormalization.Batch<Double>(
      normal: Matrix(rowCount: 0, columnCount: 4), mean: [], variance: [])
    BatchNormalization.apply(normalization.weights(parameters), to: &values, keeping: &batch)
    return batch
  }

  private func expectRunningStatistics(of parameters: Parameters<Double>) throws {
    for slot in [normalization.runningMean, normalization.runningVariance] {
      let wanted = try #require(file.running[slot.name]).values
      #expect(mismatch(parameters[slot], wanted, absolute: 1e-13) == nil, "\(slot.name)")
    }
  }

  @Test mutating func aStepIsThatOfPyTorch() throws {
    var values = input
    let batch = part(&values)
    #expect(mismatch(values.elements, file.output.values, absolute: 1e-12) == nil)
    normalization.updateRunningStatistics(&parameters, [batch], momentum: 0.1)
    try expectRunningStatistics(of: parameters)
  }

  /// However the rows of a batch are divided, its statistics are those of all of them.
  @Test(arguments: [[9], [4, 5], [1, 8], [2, 0, 6, 1]])
  mutating func partsTogetherAreTheBatch(_ counts: [Int]) throws {
    var (parts, start) = ([BatchNormalization.Batch<Double>](), 0)
    for count in counts {
      var values = input.slice(start..<start + count)
      parts.append(part(&values))
      start += count
    }
    normalization.updateRunningStatistics(&parameters, parts, momentum: 0.1)
    try expectRunningStatistics(of: parameters)
  }

  @Test func inferenceIsThatOfPyTorch() throws {
    var running = parameters
    for slot in [normalization.runningMean, normalization.runningVariance] {
      running[slot] = try #require(file.running[slot.name]).values
    }
    var values = input
    BatchNormalization.apply(normalization.weights(running), to: &values)
    #expect(mismatch(values.elements, file.evaluated.values, absolute: 1e-12) == nil)
  }
}
