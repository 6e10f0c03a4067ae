internal import Glibc
public import SentiTensor

extension RecurrentCell {
  /// Sets the gates' biases so that a fresh cell's memories last up to a number of steps.
  ///
  /// A gate that keeps the share k of a state at each step forgets within about 1 / (1 - k) steps.
  /// With u drawn evenly from 1 to T - 1 for each hidden unit,
  ///
  ///     LSTM  forget bias = log(u), input bias = -log(u)
  ///     GRU   update bias = log(u)
  ///
  /// give shares k = u / (1 + u), and so memories of 2 to T steps; the GRU's update gate is what it
  /// keeps here. Other biases become zero; weights stay as they are.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - longestMemory: T, the number of steps over which the task must remember, at least 3.
  ///   - generator: The source of randomness.
  /// - Precondition: The cell has gates.
  /// - SeeAlso: Tallec and Ollivier 2018, <https://arxiv.org/abs/1804.11188>.
  public func initializeChronoBiases<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, longestMemory: Int,
    using generator: inout SeededGenerator
  ) {
    precondition(gateCount > 1, "\(kind) has no gate whose bias could make memories last")
    precondition(longestMemory > 2, "memories of \(longestMemory) steps")
    let slots = self.parameters
    var bias = [Scalar](repeating: 0, count: gateCount * hiddenSize)
    for unit in 0..<hiddenSize {
      let keeping = Scalar(log(1 + generator.uniform() * Double(longestMemory - 2)))
      // The forget gate of an LSTM and the update gate of a GRU are each the second.
      bias[hiddenSize + unit] = keeping
      if kind.hasCellState { bias[unit] = -keeping }
    }
    parameters[slots.inputBias] = bias
    parameters.initialize(slots.recurrentBias, .zeros, using: &generator)
  }
}

extension RecurrentStack {
  /// Sets the biases of all cells' gates so that fresh memories last up to a number of steps.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena, already filled by ``initialize(_:using:)``.
  ///   - longestMemory: The number of steps over which the task must remember, at least 3.
  ///   - generator: The source of randomness.
  public func initializeChronoBiases<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, longestMemory: Int,
    using generator: inout SeededGenerator
  ) {
    for layer in layers.joined() {
      layer.cell.initializeChronoBiases(
        &parameters, longestMemory: longestMemory, using: &generator)
    }
  }
}
