import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// The values that PyTorch computes; see `ReferenceImplementations/recurrent.py`.
@Suite("Recurrent stack beside PyTorch")
struct RecurrentStackPyTorchTests {
  /// A fixture, and the stack that it is of.
  struct Case: CustomStringConvertible, Sendable {
    let name: String
    let kind: CellConfiguration
    var hiddenSize = 4
    var layerCount = 1
    var isBidirectional = false
    var isResidual = false
    var normalizesBatches = false
    var description: String { name }
  }

  static let cases = [
    Case(name: "rnn-tanh", kind: .rnn),
    Case(name: "rnn-relu", kind: .rnn(.relu)),
    Case(name: "rnn-elu", kind: .rnn(.elu)),
    Case(name: "rnn-leaky-relu", kind: .rnn(.leakyReLU)),
    Case(name: "rnn-sigmoid", kind: .rnn(.sigmoid)),
    Case(name: "rnn-hard-sigmoid", kind: .rnn(.hardSigmoid)),
    Case(name: "rnn-softsign", kind: .rnn(.softsign)),
    Case(name: "gru", kind: .gru),
    Case(name: "gru-reset-before-product", kind: .gru(resetPlacement: .beforeProduct)),
    Case(
      name: "gru-reset-before-product-hidden-18", kind: .gru(resetPlacement: .beforeProduct),
      hiddenSize: 18),
    Case(name: "rnn-layer-norm", kind: .rnn(isNormalized: true)),
    Case(name: "rnn-layer-norm-hidden-18", kind: .rnn(isNormalized: true), hiddenSize: 18),
    Case(name: "gru-layer-norm", kind: .gru(isNormalized: true)),
    Case(name: "gru-layer-norm-hidden-18", kind: .gru(isNormalized: true), hiddenSize: 18),
    Case(
      name: "gru-reset-before-layer-norm",
      kind: .gru(resetPlacement: .beforeProduct, isNormalized: true)),
    Case(
      name: "gru-reset-before-layer-norm-hidden-18",
      kind: .gru(resetPlacement: .beforeProduct, isNormalized: true),
      hiddenSize: 18),
    Case(name: "gru-hidden-17", kind: .gru, hiddenSize: 17),
    Case(name: "gru-hidden-18", kind: .gru, hiddenSize: 18),
    Case(name: "gru-two-layers", kind: .gru, layerCount: 2),
    Case(name: "gru-bidirectional", kind: .gru, isBidirectional: true),
    Case(
      name: "gru-two-layers-bidirectional", kind: .gru, hiddenSize: 6, layerCount: 2,
      isBidirectional: true),
    Case(
      name: "gru-residual-batch-norm", kind: .gru, layerCount: 3, isResidual: true,
      normalizesBatches: true),
    Case(name: "lstm", kind: .lstm),
    Case(name: "lstm-peephole", kind: .lstm(hasPeepholes: true)),
    Case(name: "lstm-peephole-hidden-18", kind: .lstm(hasPeepholes: true), hiddenSize: 18),
    Case(name: "lstm-layer-norm", kind: .lstm(isNormalized: true)),
    Case(name: "lstm-layer-norm-hidden-18", kind: .lstm(isNormalized: true), hiddenSize: 18),
    Case(name: "lstm-hidden-17", kind: .lstm, hiddenSize: 17),
    Case(name: "lstm-hidden-18", kind: .lstm, hiddenSize: 18),
    Case(name: "lstm-two-layers", kind: .lstm, layerCount: 2),
    Case(name: "lstm-bidirectional", kind: .lstm, isBidirectional: true),
    Case(
      name: "lstm-two-layers-bidirectional", kind: .lstm, hiddenSize: 6, layerCount: 2,
      isBidirectional: true),
  ]

  @Test(arguments: cases)
  func doublesAreEqualButForRounding(_ item: Case) throws {
    let reference = try Reference<Double>(item)
    #expect(reference.forwardMismatch(absolute: 1e-12) == nil)
    #expect(reference.lossDifference < 1e-11)
    #expect(reference.backwardMismatch(absolute: 1e-11) == nil)
  }

  /// Sums of up to 18 units over 7 steps, and gradients that are sums over all 12 positions.
  @Test(arguments: cases, InstructionSet.allCases.filter { Kernels<Float>($0) != nil })
  func floatsAreNear(_ item: Case, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let reference = try Reference<Float>(item)
    #expect(reference.forwardMismatch(kernels: kernels, absolute: 3e-6) == nil)
    #expect(
      reference.backwardMismatch(kernels: kernels, absolute: 5e-5, relative: 1e-5) == nil)
  }

  /// A fixture as a problem, and what PyTorch found.
  struct Reference<Scalar: MatrixScalar> {
    let fixture: RecurrentFixture
    let problem: StackProblem<Scalar>

    init(_ item: Case) throws {
      fixture = try Fixture.read(item.name)
      var problem = StackProblem<Scalar>(
        item.kind, inputSize: 5, hiddenSize: item.hiddenSize, layerCount: item.layerCount,
        isBidirectional: item.isBidirectional, isResidual: item.isResidual,
        normalizesBatches: item.normalizesBatches, lengths: fixture.lengths)
      let parameters = fixture.parameters
      problem.parameters = try Parameters(layout: problem.parameters.layout) { slot in
        // Running statistics are PyTorch's buffers, which training does not read.
        if slot.name.contains(".running_") {
          return [Scalar](repeating: 1, count: slot.range.count)
        }
        let tensor = try #require(parameters[slot.name])
        try #require(tensor.shape == slot.shape)
        return tensor.values.map { Scalar($0) }
      }
      let packing = problem.sequences
      problem.input = packing.rows(of: fixture.input)
      problem.outputWeights = packing.rows(of: try #require(fixture.lossWeights["outputs"]))
      problem.initialStates = try fixture.states(
        fixture.initial, like: problem.initialStates, packing, suffix: "")
      problem.finalWeights = try fixture.states(
        fixture.lossWeights, like: problem.initialStates, packing, suffix: "")
      self.problem = problem
    }

    func forwardMismatch(kernels: Kernels<Scalar> = .best, absolute: Double) -> String? {
      let found = problem.run(kernels: kernels).0
      let outputs: Matrix<Double> = problem.sequences.rows(of: fixture.outputs)
      return mismatch(found.outputs, outputs, absolute: absolute)
        ?? stateMismatch(found.finalStates, fixture.final, suffix: "", absolute, 0)
    }

    var lossDifference: Double { abs(problem.loss(of: problem.result) - fixture.loss) }

    func backwardMismatch(
      kernels: Kernels<Scalar> = .best, absolute: Double, relative: Double = 0
    ) -> String? {
      let found = problem.gradients(kernels: kernels)
      for slot in problem.parameters.layout.slots where !slot.name.contains(".running_") {
        let expected = fixture.gradients[slot.name]?.values ?? []
        let problem = mismatch(
          found.parameters[slot], expected, absolute: absolute, relative: relative)
        if let problem { return "\(slot.name): \(problem)" }
      }
      guard let input = fixture.gradients["input"] else { return "no gradient of the input" }
      let expected: Matrix<Double> = problem.sequences.rows(of: input)
      return mismatch(found.input, expected, absolute: absolute, relative: relative)
        ?? stateMismatch(
          found.initialStates, fixture.gradients, suffix: "0", absolute, relative)
    }

    private func stateMismatch(
      _ found: StackState<Scalar>, _ tensors: [String: Fixture.Tensor], suffix: String,
      _ absolute: Double, _ relative: Double
    ) -> String? {
      guard
        let expected = try? fixture.states(tensors, like: found, problem.sequences, suffix: suffix)
      else { return "no states" }
      for (level, direction) in found.places {
        let (left, right) = (found[level][direction], expected[level][direction])
        let problem =
          mismatch(left.hidden, right.hidden, absolute: absolute, relative: relative)
          ?? mismatch(left.cell, right.cell, absolute: absolute, relative: relative)
        if let problem { return "layer \(level), direction \(direction): \(problem)" }
      }
      return nil
    }
  }
}

/// What `recurrent.py` writes of a layer.
struct RecurrentFixture: Decodable {
  let lengths: [Int]
  let parameters: [String: Fixture.Tensor]
  let input: Fixture.Tensor
  let initial: [String: Fixture.Tensor]
  let outputs: Fixture.Tensor
  let final: [String: Fixture.Tensor]
  let lossWeights: [String: Fixture.Tensor]
  let loss: Double
  let gradients: [String: Fixture.Tensor]

  /// The states of tensors `[layers · directions, B, H]` in packed order.
  func states<Scalar: MatrixScalar>(
    _ tensors: [String: Fixture.Tensor], like shape: StackState<Scalar>,
    _ packing: PackedSequences, suffix: String
  ) throws -> StackState<Scalar> {
    var states = shape
    for (level, direction) in shape.places {
      let index = level * shape[level].count + direction
      let hidden = try #require(tensors["h" + suffix])
      states[level][direction].hidden = matrix(hidden, index, packing)
      if shape[level][direction].cell.columnCount > 0 {
        states[level][direction].cell = matrix(
          try #require(tensors["c" + suffix]), index, packing)
      }
    }
    return states
  }

  private func matrix<Scalar: MatrixScalar>(
    _ tensor: Fixture.Tensor, _ index: Int, _ packing: PackedSequences
  ) -> Matrix<Scalar> {
    let (batch, width) = (tensor.shape[1], tensor.shape[2])
    return Matrix(
      rowCount: batch, columnCount: width,
      elements: packing.order.flatMap { sequence in
        let start = (index * batch + sequence) * width
        return tensor.values[start..<start + width].map { Scalar($0) }
      })
  }
}

extension PackedSequences {
  /// The rows of a tensor `[B, T, W]` at the positions, `[N, W]`.
  func rows<Scalar: MatrixScalar>(of tensor: Fixture.Tensor) -> Matrix<Scalar> {
    let (steps, width) = (tensor.shape[1], tensor.shape[2])
    let rows = stepSizes.enumerated().flatMap { step, size in
      (0..<size).map { order[$0] * steps + step }
    }
    return Matrix(
      rowCount: rows.count, columnCount: width,
      elements: rows.flatMap { row in
        tensor.values[row * width..<(row + 1) * width].map { Scalar($0) }
      })
  }
}
