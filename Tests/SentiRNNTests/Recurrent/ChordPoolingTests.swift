import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Chord pooling")
struct ChordPoolingTests {
  static let lengths = [9, 9, 4, 1, 0]

  /// The states of a batch as one chunk after the other, and what they are pooled to.
  struct Run {
    var pooling = ChordPooling<Double>(hiddenSize: 6)
    var chunks: [TimeChunk]
    var hidden: [Matrix<Double>] = []

    init(chunkLength: Int) {
      var layout = ParameterLayout()
      let stack = RecurrentStack(
        StackConfiguration(.gru, inputSize: 3, hiddenSize: 6), prefix: "", layout: &layout)
      var generator = SeededGenerator(seed: 8)
      let parameters: Parameters<Double> = generator.parameters(layout)
      let weights = stack.weights(parameters, isForTraining: true)
      let sequences = PackedSequences(lengths: ChordPoolingTests.lengths)
      let input: Matrix<Double> = generator.matrix(sequences.tokenCount, 3)
      var pass = CheckpointedBackpropagation<Double>(
        stack, chunkLength: chunkLength, mode: .chords)
      pass.start(sequences)
      chunks = pass.chunks
      pooling.start(sequences)
      for (index, chunk) in chunks.enumerated() {
        pass.forward(
          StackInput(input.slice(chunk.positions)), over: index, weights: weights)
        hidden.append(pass.workspace.layers[0][0].hidden)
        pooling.add(hidden[index], chunk)
      }
      for (index, chunk) in chunks.enumerated() { pooling.addOthers(hidden[index], chunk) }
    }

    /// For each sequence the change of its states times what comes back to them.
    func change(_ kind: Pooling, _ gradient: Matrix<Double>) -> [Double] {
      var sums = [Double](repeating: 0, count: ChordPoolingTests.lengths.count)
      for (index, chunk) in chunks.enumerated() {
        var back = Matrix<Double>(rowCount: hidden[index].rowCount, columnCount: 6)
        pooling.backward(kind, gradient, chunk, to: &back)
        let batchSize = chunk.sequences.batchSize
        for (step, size) in chunk.sequences.stepSizes.enumerated() {
          for sequence in 0..<size {
            let row = batchSize + chunk.sequences.position(step: step, sequence: sequence)
            for unit in 0..<6 {
              sums[sequence] +=
                back[row, unit]
                * (hidden[index][row, unit] - hidden[index][row - sequence, unit])
            }
          }
        }
      }
      return sums
    }
  }

  @Test(arguments: Pooling.allCases, [2, 4, 20])
  func whatComesBackIsTheChange(_ kind: Pooling, _ chunkLength: Int) {
    let run = Run(chunkLength: chunkLength)
    var generator = SeededGenerator(seed: 9)
    let gradient: Matrix<Double> = generator.matrix(Self.lengths.count, 6)
    let (own, reference) = run.pooling.features(kind)
    let found = run.change(kind, gradient)
    for (row, sum) in found.enumerated() {
      let change = (0..<6).reduce(0) {
        $0 + gradient[row, $1] * (own[row, $1] - reference[row, $1])
      }
      #expect(abs(change - sum) < 1e-12)
      #expect((change == 0) == (row == 0 || Self.lengths[row] == 0))
    }
  }

  /// Own states are pooled as ever, and the reference's as if it ended where the sequence does.
  @Test(arguments: Pooling.allCases)
  func featuresAreThoseOfTemporalPooling(_ kind: Pooling) {
    let run = Run(chunkLength: 4)
    #expect(run.pooling.kinds == Set(Pooling.allCases))
    var plain = TemporalPooling<Double>(hiddenSize: 6)
    plain.start(batchSize: Self.lengths.count)
    for (index, chunk) in run.chunks.enumerated() {
      plain.add(run.hidden[index], chunk.sequences)
    }
    let (own, reference) = run.pooling.features(kind)
    #expect(own == plain.features(kind))
    #expect(reference.row(0) == own.row(0) && reference.row(1) == own.row(0))
    #expect(reference.row(4) == [0, 0, 0, 0, 0, 0])
    let first = run.hidden[0].row(run.chunks[0].sequences.batchSize)
    #expect(reference.row(3) == first)
  }
}
