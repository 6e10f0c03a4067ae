import SentiRNN
import SentiTensor
import Testing

@Suite("Packed sequences")
struct PackedSequencesTests {
  /// The example of the type's documentation: a0 c0 b0 | a1 c1 | a2.
  let example = PackedSequences(lengths: [3, 1, 2])

  @Test func sortsTheLongestFirst() {
    #expect(example.lengths == [3, 2, 1])
    #expect(example.order == [0, 2, 1])
    #expect(PackedSequences(lengths: [2, 5, 2, 5]).order == [1, 3, 0, 2])
  }

  @Test func shrinksAsSequencesEnd() {
    #expect(example.stepSizes == [3, 2, 1])
    #expect(example.stepOffsets == [0, 3, 5])
    #expect(example.batchSize == 3)
    #expect(example.timeStepCount == 3)
    #expect(example.tokenCount == 6)
    #expect(example.stateRowCount == 9)
  }

  @Test func laysOutTokensStepByStep() {
    let packed = example.packed([["a0", "a1", "a2"], ["b0"], ["c0", "c1"]])
    #expect(packed == ["a0", "c0", "b0", "a1", "c1", "a2"])
    #expect(example.position(step: 1, sequence: 1) == 4)
    #expect(example.position(step: 2, sequence: 0) == 5)
  }

  @Test func findsTheLastState() {
    #expect((0..<3).map(example.finalStateRow) == [8, 7, 5])
  }

  @Test func mirrorsEachSequence() {
    #expect(example.reversedPositions == [5, 4, 2, 3, 1, 0])
    let twice = example.reversedPositions.map { example.reversedPositions[Int($0)] }
    #expect(twice == [0, 1, 2, 3, 4, 5])
  }

  @Test func knowsTheStateBeforeEachPosition() {
    #expect(example.previousStateRows == [0, 1, 2, 3, 4, 6])
  }

  @Test func sequencesOfNoStepsEndWhereTheyBegan() {
    let sequences = PackedSequences(lengths: [0, 2, 0])
    #expect(sequences.lengths == [2, 0, 0])
    #expect(sequences.stepSizes == [1, 1])
    #expect(sequences.finalStateRow(of: 1) == 1)
    #expect(sequences.finalStateRow(of: 2) == 2)
    #expect(sequences.packed([[], ["b0", "b1"], []]) == ["b0", "b1"])
  }

  @Test func mayBeEmpty() {
    for lengths in [[], [0, 0]] {
      let sequences = PackedSequences(lengths: lengths)
      #expect(sequences.timeStepCount == 0)
      #expect(sequences.tokenCount == 0)
      #expect(sequences.stateRowCount == lengths.count)
      #expect(sequences.reversedPositions.isEmpty)
    }
  }

  @Test func rowsReturnToTheCallersOrder() {
    let packed = Matrix<Float>(rowCount: 3, columnCount: 1, elements: [0, 2, 1])
    #expect(packed.unpacked(example).elements == [0, 1, 2])
  }

  @Test func stopsAtANegativeLength() async {
    await #expect(processExitsWith: .failure) { _ = PackedSequences(lengths: [1, -1]) }
  }

  @Test func stopsAtSequencesOfOtherLengths() async {
    await #expect(processExitsWith: .failure) {
      _ = PackedSequences(lengths: [1, 2]).packed([[1, 2], [3]])
    }
  }

  @Test func stopsAtAnotherNumberOfRows() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 1).unpacked(PackedSequences(lengths: [1]))
    }
  }
}
