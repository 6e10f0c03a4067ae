internal import Glibc
public import SentiTensor

extension RecurrentCell {
  /// Sets the gates' biases so that a fresh cell's memories last up to a number of steps.
  ///
  /// A gate that keeps the fraction k of a state at each step forgets within about 1 / (1 - k) steps.
  /// With u drawn evenly from 1 to T - 1 for each hidden unit,
  ///
  ///     LSTM  forget bias = log(u), input bias = -log(u)
  ///     GRU   update bias = log(u)
  ///
  /// give fractions k = u / (1 + u), and so memories of 2 to T steps; the GRU's update gate is what it
  /// keeps here. Other biases become zero; weights stay as they are.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - maxTimescale: T, the number of steps over which the task must remember, at least 3.
  ///   - generator: The source of randomness.
  /// - Precondition: The cell has gates.
  /// - SeeAlso: Tallec and Ollivier 2018, <https://arxiv.org/abs/1804.11188>.
  public func initializeChronoBiases<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, maxTimescale: Int,
    using generator: inout SeededGenerator
  ) {
    precondition(
      configuration.hasGates, "\(configuration) has no gate whose bias could make memories last")
    precondition(maxTimescale > 2, "memories of \(maxTimescale) steps")
    let slots = self.parameters
    var bias = [Scalar](repeating: 0, count: gatesWidth)
    for unit in 0..<hiddenSize {
      let keeping = Scalar(log(1 + generator.uniform() * Double(maxTimescale - 2)))
      // The forget gate of an LSTM and the update gate of a GRU are each the second.
      bias[hiddenSize + unit] = keeping
      if configuration.hasCellState { bias[unit] = -keeping }
    }
    parameters[slots.inputBias] = bias
    parameters.initialize(slots.recurrentBias, .zeros, using: &generator)
  }
}
