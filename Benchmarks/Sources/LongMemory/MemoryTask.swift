internal import Glibc
internal import SentiRNN
internal import SentiTensor

/// A task that only a long memory solves.
///
/// - SeeAlso: Hochreiter and Schmidhuber 1997, <https://doi.org/10.1162/neco.1997.9.8.1735>; in this
///   form Arjovsky et al. 2016, <https://arxiv.org/abs/1511.06464>.
enum MemoryTask: String {
  /// Numbers from 0 to 1, two of which are marked, one in each half: give their sum at the end.
  case adding

  /// Ten symbols of eight, then T - 1 blanks, then a sign: give the ten symbols, in their order.
  case copy

  static let symbolCount = 8
  static let copiedCount = 10

  /// The width of an input.
  var inputSize: Int { self == .adding ? 2 : Self.symbolCount + 2 }

  /// The width of an output; the copy task's are the symbols and the blank.
  var outputSize: Int { self == .adding ? 1 : Self.symbolCount + 1 }

  /// The number of time steps of a sequence.
  ///
  /// - Parameter length: The task's T.
  func timeStepCount(length: Int) -> Int { self == .adding ? length : length + 2 * Self.copiedCount }

  /// What a net without memory comes to: the variance of the sum, or an even guess of each symbol.
  ///
  /// - Parameter length: The task's T.
  func memorylessLoss(length: Int) -> Double {
    switch self {
    case .adding: 1.0 / 6
    case .copy:
      Double(Self.copiedCount) * log(Double(Self.symbolCount)) / Double(timeStepCount(length: length))
    }
  }

  /// The loss below which the task counts as solved.
  ///
  /// - Parameter length: The task's T.
  func goal(length: Int) -> Double {
    self == .adding ? 0.01 : memorylessLoss(length: length) / 10
  }

  /// Draws sequences.
  ///
  /// - Parameters:
  ///   - size: How many.
  ///   - length: The task's T.
  ///   - generator: The source of randomness.
  /// - Returns: The sequences and what is right for them.
  func batch(size: Int, length: Int, using generator: inout SeededGenerator) -> MemoryBatch {
    let steps = timeStepCount(length: length)
    let sequences = PackedSequences(lengths: [Int](repeating: steps, count: size))
    return self == .adding
      ? addingBatch(sequences, length, &generator) : copyBatch(sequences, length, &generator)
  }

  private func addingBatch(
    _ sequences: PackedSequences, _ length: Int, _ generator: inout SeededGenerator
  ) -> MemoryBatch {
    var input = Matrix<Float>(rowCount: sequences.tokenCount, columnCount: 2)
    for position in 0..<sequences.tokenCount { input[position, 0] = Float(generator.uniform()) }
    let sums = (0..<sequences.batchSize).map { sequence in
      [0..<length / 2, length / 2..<length].reduce(Float(0)) { sum, half in
        let step = Int.random(in: half, using: &generator)
        let position = sequences.position(step: step, sequence: sequence)
        input[position, 1] = 1
        return sum + input[position, 0]
      }
    }
    return MemoryBatch(sequences: sequences, input: input, inputRows: nil, answer: .sums(sums))
  }

  /// Inputs are named by the rows of a unit matrix: symbols, then blank, then sign.
  private func copyBatch(
    _ sequences: PackedSequences, _ length: Int, _ generator: inout SeededGenerator
  ) -> MemoryBatch {
    let (blank, sign, copied) = (Self.symbolCount, Self.symbolCount + 1, Self.copiedCount)
    var input = Matrix<Float>(rowCount: inputSize, columnCount: inputSize)
    for row in 0..<inputSize { input[row, row] = 1 }
    var rows = [Int32](repeating: Int32(blank), count: sequences.tokenCount)
    var classes = [Int](repeating: blank, count: sequences.tokenCount)
    for sequence in 0..<sequences.batchSize {
      for place in 0..<copied {
        let symbol = Int.random(in: 0..<Self.symbolCount, using: &generator)
        let end = length + copied + place
        rows[sequences.position(step: place, sequence: sequence)] = Int32(symbol)
        classes[sequences.position(step: end, sequence: sequence)] = symbol
      }
      rows[sequences.position(step: length + copied - 1, sequence: sequence)] = Int32(sign)
    }
    return MemoryBatch(
      sequences: sequences, input: input, inputRows: rows, answer: .symbols(classes))
  }
}

/// Sequences of a task, and what is right for them.
struct MemoryBatch {
  /// What a net should give.
  enum Answer {
    /// One number for each sequence, after its last step.
    case sums([Float])
    /// One class for each position.
    case symbols([Int])
  }

  let sequences: PackedSequences
  /// The distinct inputs, `[D, I]`.
  let input: Matrix<Float>
  /// For each position its row of ``input``.
  let inputRows: [Int32]?
  let answer: Answer
}
