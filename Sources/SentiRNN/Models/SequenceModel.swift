public import SentiTensor

/// A recurrent net with a dense layer on its states: an output at every step, or one at the last.
///
/// Everything that a pass needs is made inside, so that a training is a loop of two calls:
///
///     var model = SequenceModel<Float>(
///       StackConfiguration(.gru, inputSize: 1, hiddenSize: 32), outputSize: 1, seed: 1)
///     var optimizer = Optimizer<Float>(.adam(), layout: model.layout)
///     for _ in 0..<300 {
///       let pass = model.lossAndGradients(of: inputs, targets: targets)
///       optimizer.update(&model.parameters, pass.gradients, learningRate: 0.01)
///     }
///     let outputs = model.outputs(of: inputs)
///
/// Sequences may be of any lengths; those of a batch are packed, so that none changes another's bits.
/// Where memory that is used again counts, `RecurrentStack` and `Dense` are the parts to build of.
public struct SequenceModel<Scalar: MatrixScalar>: Sendable {
  /// Where a sequence has outputs.
  public enum Output: Hashable, Sendable {
    /// At every step: sequence to sequence.
    case everyStep
    /// At the last step alone: sequence to vector.
    case lastStep
  }

  /// The recurrent layers.
  public let stack: RecurrentStack
  /// The layer from the states to the outputs, `[H, O]`.
  public let head: Dense
  /// Where a sequence has outputs.
  public let output: Output
  /// The parameters, which an optimizer updates.
  public var parameters: Parameters<Scalar>

  /// Where the parameters are.
  public var layout: ParameterLayout { parameters.layout }

  /// Lays out a net and fills its parameters.
  ///
  /// - Parameters:
  ///   - configuration: The shape of the recurrent layers.
  ///   - outputSize: The number of outputs of a step, O.
  ///   - output: Where a sequence has outputs.
  ///   - seed: The seed of the initial weights.
  /// - Precondition: With two directions an output at the last step is that of the last token in both, so
  ///   that the second has read nothing else: then there must be one direction.
  public init(
    _ configuration: StackConfiguration, outputSize: Int, output: Output = .everyStep, seed: UInt64
  ) {
    precondition(
      output == .everyStep || !configuration.isBidirectional,
      "an output at the last step of a net in two directions")
    var layout = ParameterLayout()
    stack = RecurrentStack(configuration, prefix: "recurrent.", layout: &layout)
    head = Dense(
      inputSize: configuration.outputSize, outputSize: outputSize, prefix: "output.",
      layout: &layout)
    self.output = output
    parameters = Parameters(layout: layout)
    var generator = SeededGenerator(seed: seed)
    stack.initialize(&parameters, using: &generator)
    head.initialize(&parameters, using: &generator)
  }

  // MARK: Forward

  /// Computes the outputs of sequences.
  ///
  /// - Parameter inputs: The sequences, `[T, I]` each, of at least one step.
  /// - Returns: The outputs of each, `[T, O]`; `[1, O]` where only the last step has some.
  /// - Complexity: O(steps · parameters).
  public func outputs(of inputs: [Matrix<Scalar>]) -> [Matrix<Scalar>] {
    var pass = Pass(self, inputs, mode: .inference)
    let outputs = pass.forward()
    return pass.rows.map { outputs.rows($0) }
  }

  // MARK: Training

  /// The loss of a batch, and its gradients.
  public struct Gradients: Sendable {
    /// The mean loss of an output number, or of a class in nats.
    public let loss: Double
    /// The gradient of the loss with respect to the parameters.
    public let gradients: Parameters<Scalar>
    /// Its gradient with respect to each sequence's inputs, `[T, I]`.
    public let inputGradients: [Matrix<Scalar>]
  }

  /// Computes the mean loss of numbers and its gradients.
  ///
  /// - Parameters:
  ///   - inputs: The sequences, `[T, I]` each, of at least one step.
  ///   - targets: What the outputs should be, of the shapes of ``outputs(of:)``.
  ///   - loss: The distance of an output from its target.
  /// - Returns: The mean over all numbers, and its gradients.
  /// - Complexity: O(steps · parameters).
  public func lossAndGradients(
    of inputs: [Matrix<Scalar>], targets: [Matrix<Scalar>], loss: RegressionLoss = .squared
  ) -> Gradients {
    var pass = Pass(self, inputs, mode: .training)
    let outputs = pass.forward()
    let wanted = pass.packed(targets, columnCount: head.outputSize)
    let count = Double(outputs.rowCount * outputs.columnCount)
    let gradient = loss.gradient(outputs, wanted, scale: 1 / count)
    return pass.backward(gradient, loss: loss.lossSum(outputs, wanted) / count)
  }

  /// Computes the mean cross-entropy of classes, whose logits the outputs are, and its gradients.
  ///
  /// - Parameters:
  ///   - inputs: The sequences, `[T, I]` each, of at least one step.
  ///   - classes: The right class of each output of each sequence; nil where an output does not count.
  /// - Returns: The mean over all outputs that count, in nats, and its gradients.
  /// - Complexity: O(steps · parameters).
  public func lossAndGradients(
    of inputs: [Matrix<Scalar>], classes: [[Int?]]
  ) -> Gradients {
    var pass = Pass(self, inputs, mode: .training)
    let outputs = pass.forward()
    var wanted = [Int?](repeating: nil, count: outputs.rowCount)
    precondition(
      classes.map(\.count) == pass.rows.map(\.count),
      "\(classes.map(\.count)) classes of \(pass.rows.map(\.count)) outputs")
    for (rows, classes) in zip(pass.rows, classes) {
      for (row, target) in zip(rows, classes) { wanted[Int(row)] = target }
    }
    let mask = wanted.map { $0 != nil }
    let count = Double(max(1, mask.count(where: \.self)))
    let softmax = SoftmaxCrossEntropy(logits: outputs)
    let targets = wanted.map { $0 ?? 0 }
    let gradient = softmax.logitsGradient(targets, scale: 1 / count, mask: mask)
    return pass.backward(gradient, loss: softmax.lossSum(targets, mask: mask) / count)
  }

  /// One pass over a batch, and the memory that it takes.
  private struct Pass {
    let model: SequenceModel
    let sequences: PackedSequences
    let weights: StackWeights<Scalar>
    let headWeights: Dense.Weights<Scalar>
    let input: StackInput<Scalar>
    let mode: PassMode
    /// For each sequence the rows of the outputs that are its.
    let rows: [[Int32]]
    var workspace: StackWorkspace<Scalar>
    var states = Matrix<Scalar>(rowCount: 0, columnCount: 0)

    init(_ model: SequenceModel, _ inputs: [Matrix<Scalar>], mode: PassMode) {
      precondition(
        !inputs.isEmpty
          && inputs.allSatisfy { $0.rowCount > 0 && $0.columnCount == model.stack.inputSize },
        "inputs \(inputs.map { [$0.rowCount, $0.columnCount] }) of width \(model.stack.inputSize)")
      self.model = model
      self.mode = mode
      let sequences = PackedSequences(lengths: inputs.map(\.rowCount))
      self.sequences = sequences
      let isForTraining = mode == .training
      weights = model.stack.weights(model.parameters, isForTraining: isForTraining)
      headWeights = model.head.weights(model.parameters, isForTraining: isForTraining)
      workspace = StackWorkspace(model.stack)
      input = StackInput(Matrix(stacking: inputs), indices: Self.sourceRows(sequences))
      let places = sequences.places
      rows = inputs.indices.map { index in
        let place = Int(places[index])
        if model.output == .lastStep { return [Int32(place)] }
        return inputs[index].rowIndices.map {
          Int32(sequences.position(step: Int($0), sequence: place))
        }
      }
    }

    /// For each position the row of all inputs one below the other.
    private static func sourceRows(_ sequences: PackedSequences) -> [Int32] {
      let lengths = sequences.places.map { sequences.lengths[Int($0)] }
      var next: Int32 = 0
      return sequences.packed(
        lengths.map { length in
          defer { next += Int32(length) }
          return (next..<next + Int32(length)).map(\.self)
        })
    }

    /// Computes all outputs, in packed order.
    mutating func forward() -> Matrix<Scalar> {
      model.stack.forward(
        input, over: sequences, weights: weights, mode: mode, workspace: &workspace)
      states = workspace.outputs(sequences)
      if model.output == .lastStep { states = states.rows(lastPositions) }
      return model.head.forward(states, headWeights)
    }

    /// The position of the last step of each packed sequence.
    private var lastPositions: [Int32] {
      sequences.lengths.enumerated().map { sequence, length in
        Int32(sequences.position(step: length - 1, sequence: sequence))
      }
    }

    /// Lays matrices of the sequences out like the outputs.
    func packed(_ parts: [Matrix<Scalar>], columnCount: Int) -> Matrix<Scalar> {
      precondition(
        parts.map(\.rowCount) == rows.map(\.count)
          && parts.allSatisfy { $0.columnCount == columnCount },
        "targets \(parts.map { [$0.rowCount, $0.columnCount] }) for \(rows.map(\.count)) outputs of "
          + "\(columnCount)")
      var places = [Int32](repeating: 0, count: rows.reduce(0) { $0 + $1.count })
      for (source, row) in rows.joined().enumerated() { places[Int(row)] = Int32(source) }
      return Matrix(stacking: parts).rows(places)
    }

    /// Propagates the gradient of the outputs.
    mutating func backward(_ gradient: Matrix<Scalar>, loss: Double) -> Gradients {
      var gradients = Parameters<Scalar>(layout: model.layout)
      var stateGradient = model.head.backward(
        gradient, input: states, headWeights, gradients: &gradients)
      if model.output == .lastStep {
        var all = Matrix<Scalar>(
          rowCount: sequences.tokenCount, columnCount: stateGradient.columnCount)
        Kernels<Scalar>.best.scatterAdd(stateGradient, to: lastPositions, of: &all)
        stateGradient = all
      }
      workspace.resetGradients()
      workspace.addOutputGradient(stateGradient, sequences)
      model.stack.backward(
        input, over: sequences, weights: weights, gradients: &gradients, workspace: &workspace)
      var start: Int32 = 0
      let inputGradients = sequences.places.map { place in
        let length = Int32(sequences.lengths[Int(place)])
        defer { start += length }
        return workspace.inputGradient.rows((start..<start + length).map(\.self))
      }
      return Gradients(loss: loss, gradients: gradients, inputGradients: inputGradients)
    }
  }
}

extension Matrix {
  /// The numbers of all rows.
  fileprivate var rowIndices: [Int32] { (0..<Int32(rowCount)).map(\.self) }
}
