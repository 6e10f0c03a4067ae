import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Temporal pooling")
struct TemporalPoolingTests {
  /// Two sequences, of three steps and of one; the first two rows are initial states.
  let sequences = PackedSequences(lengths: [3, 1])
  let hidden = Matrix<Double>(
    rowCount: 6, columnCount: 2,
    elements: [9, 9, 9, 9, 1, -4, 2, -2, 5, -3, 3, -8])

  func pooled(_ hidden: Matrix<Double>, _ sequences: PackedSequences) -> TemporalPooling<Double> {
    var pooling = TemporalPooling<Double>(hiddenSize: hidden.columnCount)
    pooling.start(batchSize: sequences.batchSize)
    pooling.add(hidden, sequences)
    return pooling
  }

  @Test func poolsStatesOverTime() {
    let pooling = pooled(hidden, sequences)
    #expect(pooling.features(.last).elements == [3, -8, 2, -2])
    #expect(pooling.features(.max).elements == [5, -3, 2, -2])
    #expect(pooling.features(.mean).elements == [3, -5, 2, -2])
    #expect(Pooling.allCases.map(\.rawValue) == ["last", "max", "mean"])
  }

  @Test func nothingPoolsToZerosAndTheInitialState() {
    let pooling = pooled(
      Matrix(rowCount: 1, columnCount: 2, elements: [7, 8]), PackedSequences(lengths: [0]))
    #expect(pooling.features(.last).elements == [7, 8])
    #expect(pooling.features(.max).elements == [0, 0])
    #expect(pooling.features(.mean).elements == [0, 0])
  }

  @Test func startingForgets() {
    var pooling = pooled(hidden, sequences)
    pooling.start(batchSize: 1)
    for kind in Pooling.allCases { #expect(pooling.features(kind).elements == [0, 0]) }
  }

  /// The pieces of the longest sequences come first, as they do in the whole.
  @Test(arguments: [1, 2, 3, 7])
  func piecesAreTheWhole(_ length: Int) {
    var generator = SeededGenerator(seed: 6)
    let sequences = PackedSequences(lengths: [7, 5, 2])
    let hidden: Matrix<Double> = generator.matrix(17, 5)
    var pieces = TemporalPooling<Double>(hiddenSize: 5)
    pieces.start(batchSize: 3)
    for start in stride(from: 0, to: 7, by: length) {
      let lengths = sequences.lengths.filter { $0 > start }.map { min(length, $0 - start) }
      let piece = PackedSequences(lengths: lengths)
      let rows = (0..<piece.timeStepCount).flatMap { step in
        (0..<piece.stepSizes[step]).map {
          Int32(3 + sequences.position(step: start + step, sequence: $0))
        }
      }
      let initial = (0..<Int32(lengths.count)).map { $0 }
      pieces.add(hidden.rows(initial + rows), piece)
    }
    let whole = pooled(hidden, sequences)
    for kind in Pooling.allCases { #expect(pieces.features(kind) == whole.features(kind)) }
  }

  @Test(arguments: Pooling.allCases)
  func gradientsAreThoseOfFiniteDifferences(_ kind: Pooling) {
    var generator = SeededGenerator(seed: 7)
    let sequences = PackedSequences(lengths: [4, 2, 0])
    let hidden: Matrix<Double> = generator.matrix(9, 5)
    let weights: Matrix<Double> = generator.matrix(3, 5)
    var gradient = Matrix<Double>(rowCount: 9, columnCount: 5)
    pooled(hidden, sequences).backward(kind, weights, sequences, to: &gradient)
    let failure = GradientCheck.failure(
      gradient.elements, at: hidden.elements, named: kind.rawValue
    ) {
      let hidden = Matrix(rowCount: 9, columnCount: 5, elements: $0)
      return weightedSum(weights.elements, pooled(hidden, sequences).features(kind).elements)
    }
    #expect(failure == nil)
  }

  /// A gradient comes back in pieces, in any order; a value that two pieces have is the first one's.
  @Test(arguments: [1, 2, 3, 7])
  func gradientsOfPiecesAreThoseOfTheWhole(_ length: Int) {
    var generator = SeededGenerator(seed: 8)
    let sequences = PackedSequences(lengths: [7, 5, 2, 0])
    let batchSize = sequences.batchSize
    let weights: Matrix<Double> = generator.matrix(batchSize, 5)
    // Of few different values, so that many are equal.
    let hidden = Matrix<Double>(
      rowCount: 18, columnCount: 5, elements: (0..<90).map { Double($0 * 37 % 4) })
    let whole = pooled(hidden, sequences)
    var pieces = TemporalPooling<Double>(hiddenSize: 5)
    pieces.start(batchSize: batchSize)
    var cut: [(piece: PackedSequences, rows: [Int32])] = []
    for start in stride(from: 0, to: 7, by: length) {
      let lengths = sequences.lengths.filter { $0 > start }.map { min(length, $0 - start) }
      let piece = PackedSequences(lengths: lengths)
      let rows = (0..<piece.timeStepCount).flatMap { step in
        (0..<piece.stepSizes[step]).map {
          Int32(batchSize + sequences.position(step: start + step, sequence: $0))
        }
      }
      cut.append((piece, (0..<Int32(lengths.count)).map { $0 } + rows))
      pieces.add(hidden.rows(cut[cut.count - 1].rows), piece)
    }
    for kind in Pooling.allCases {
      var expected = Matrix<Double>(rowCount: 18, columnCount: 5)
      whole.backward(kind, weights, sequences, to: &expected)
      var found = [[Double]](repeating: [], count: 18)
      for (index, part) in cut.enumerated().reversed() {
        var gradient = Matrix<Double>(rowCount: part.rows.count, columnCount: 5)
        pieces.backward(kind, weights, part.piece, piece: index, to: &gradient)
        for (row, place) in part.rows.enumerated() where place >= batchSize {
          found[Int(place)] = gradient.row(row)
        }
      }
      for row in batchSize..<18 { #expect(found[row] == expected.row(row), "\(kind), \(row)") }
    }
  }

  @Test func gradientsAreAdded() {
    let pooling = pooled(hidden, sequences)
    var gradient = Matrix<Double>(rowCount: 6, columnCount: 2)
    let ones = Matrix<Double>(rowCount: 2, columnCount: 2, elements: [6, 6, 6, 6])
    for kind in Pooling.allCases { pooling.backward(kind, ones, sequences, to: &gradient) }
    #expect(gradient.elements == [0, 0, 0, 0, 2, 2, 18, 18, 8, 8, 8, 8])
  }

  /// What is not asked for is not computed, and changes nothing of what is.
  @Test(arguments: Pooling.allCases)
  func oneKindIsThatOfAll(_ kind: Pooling) {
    var pooling = TemporalPooling<Double>(hiddenSize: 2, kinds: [kind])
    pooling.start(batchSize: 2)
    pooling.add(hidden, sequences)
    let all = pooled(hidden, sequences)
    #expect(pooling.features(kind) == all.features(kind))
    let ones = Matrix<Double>(rowCount: 2, columnCount: 2, elements: [6, 6, 6, 6])
    let gradients = [pooling, all].map { pooling in
      var gradient = Matrix<Double>(rowCount: 6, columnCount: 2)
      pooling.backward(kind, ones, sequences, to: &gradient)
      return gradient
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test func stopsAtKindsThatWereNotAskedFor() async {
    await #expect(processExitsWith: .failure) {
      _ = TemporalPooling<Float>(hiddenSize: 2, kinds: [.last, .max]).features(.mean)
    }
    await #expect(processExitsWith: .failure) {
      var gradient = Matrix<Float>(rowCount: 0, columnCount: 2)
      TemporalPooling<Float>(hiddenSize: 2, kinds: [.last]).backward(
        .max, gradient, PackedSequences(lengths: []), to: &gradient)
    }
  }

  @Test func stopsAtStatesOfAnotherWidth() async {
    await #expect(processExitsWith: .failure) {
      var pooling = TemporalPooling<Float>(hiddenSize: 2)
      pooling.start(batchSize: 1)
      pooling.add(Matrix(rowCount: 2, columnCount: 3), PackedSequences(lengths: [1]))
    }
  }

  @Test func stopsAtMoreSequencesThanItStartedWith() async {
    await #expect(processExitsWith: .failure) {
      var pooling = TemporalPooling<Float>(hiddenSize: 2)
      pooling.start(batchSize: 1)
      pooling.add(Matrix(rowCount: 4, columnCount: 2), PackedSequences(lengths: [1, 1]))
    }
  }
}
