import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels: softmax, attention, masks")
struct KernelsSequencesTests {
  /// Every width of some vectors of all instruction sets.
  static let widths = 1...130

  // MARK: Softmax

  @Test(arguments: InstructionSet.here)
  func logarithmsOfSoftmaxAreThoseOfThePlainTwin(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 1)
    for width in Self.widths {
      let logits: Matrix<Float> = generator.matrix(5, width, deviation: 4)
      var found = logits
      kernels.logSoftmax(&found)
      let expected = PlainKernels.logSoftmax(logits)
      #expect(mismatch(found, expected, absolute: 3e-6) == nil, "\(width) columns")
    }
  }

  @Test(arguments: InstructionSet.here, [0, 0.3])
  func crossEntropyIsThatOfThePlainTwin(_ set: InstructionSet, _ smoothing: Double) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 2)
    for width in Self.widths {
      let logits: Matrix<Float> = generator.matrix(4, width, deviation: 4)
      let classes = (0..<4).map { Int32($0 * 7 % width) }
      var gradient = logits
      let (losses, argmax) = kernels.crossEntropy(
        &gradient, classes: classes, smoothing: smoothing, scale: 0.5)
      let expected = PlainKernels.crossEntropy(
        logits, classes: classes, smoothing: smoothing, scale: 0.5)
      #expect(mismatch(losses, expected.losses, absolute: 1e-5) == nil, "\(width) columns")
      #expect(mismatch(gradient, expected.gradient, absolute: 1e-6) == nil, "\(width) columns")
      #expect(argmax.map { Int($0) } == logits.argmax())
    }
  }

  @Test func gradientInDoubleIsThatOfFiniteDifferences() {
    var generator = SeededGenerator(seed: 3)
    let logits: Matrix<Double> = generator.matrix(3, 5)
    func run(_ values: [Double]) -> (loss: Double, gradient: [Double]) {
      var matrix = Matrix(rowCount: 3, columnCount: 5, elements: values)
      let found = Kernels.best.crossEntropy(
        &matrix, classes: [4, 0, 2], smoothing: 0.2, scale: 0.7)
      return (0.7 * found.losses.reduce(0, +), matrix.elements)
    }
    let failure = GradientCheck.failure(
      run(logits.elements).gradient, at: logits.elements, named: "logits"
    ) { run($0).loss }
    #expect(failure == nil)
  }

  @Test(arguments: InstructionSet.here)
  func softmaxIsFiniteForAnyLogitsAndKeepsNaN(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    var far = Matrix<Float>(
      rowCount: 2, columnCount: 3, elements: [10_000, -10_000, 9_999, -.infinity, 0, -200])
    var logarithms = far
    let (losses, _) = kernels.crossEntropy(&far, classes: [1, 1], smoothing: 0, scale: 1)
    #expect(abs(losses[0] - 20_000.3133) < 0.01)
    #expect(losses[1] == 0)
    #expect(far.elements.allSatisfy { $0.isFinite })
    kernels.logSoftmax(&logarithms)
    #expect(logarithms.row(1) == [-.infinity, 0, -200])
    for place in 0..<3 {
      var spoilt = Matrix<Float>(rowCount: 1, columnCount: 3, elements: [1, 2, 3])
      spoilt[0, place] = .nan
      #expect(
        kernels.crossEntropy(&spoilt, classes: [2], smoothing: 0, scale: 1).losses[0].isNaN)
    }
  }

  @Test(arguments: InstructionSet.here)
  func aRowHasTheSameBitsAlone(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 4)
    let logits: Matrix<Float> = generator.matrix(6, 37, deviation: 3)
    var (all, one) = (logits, logits.slice(4..<5))
    kernels.logSoftmax(&all)
    kernels.logSoftmax(&one)
    #expect(bits(all.row(4)) == bits(one.row(0)))
  }

  // MARK: Attention

  /// Sequences of 4, 2 and no rows in packed order, six queries.
  static let places = AttentionIndex(
    sequences: [0, 1, 1, 2, 0, 0], counts: [4, 2, 2, 0, 4, 4], offsets: [0, 2, 4, 5])

  static func buffers<Scalar: MatrixScalar>(
    isAdditive: Bool, size: Int, valueSize: Int
  ) -> AttentionBuffers<Scalar> {
    var generator = SeededGenerator(seed: 5)
    var buffers = AttentionBuffers<Scalar>(
      size: size, valueSize: valueSize, hasKeys: isAdditive)
    buffers.queries = generator.matrix(6, size)
    buffers.values = generator.matrix(6, valueSize)
    if isAdditive {
      buffers.keys = generator.matrix(6, size)
      buffers.scoreVector = AlignedArray(generator.normals(size))
    }
    buffers.contextGradient = generator.matrix(6, valueSize)
    buffers.keyGradient.resizeToZeros(rowCount: buffers.keys.rowCount)
    buffers.valueGradient.resizeToZeros(rowCount: 6)
    buffers.scoreVectorGradient = AlignedArray(zeros: buffers.scoreVector.count)
    return buffers
  }

  static func sizes(_ isAdditive: Bool) -> [(Int, Int)] {
    widths.map { ($0, isAdditive ? $0 + 3 : $0) }
  }

  @Test(arguments: [true, false])
  func attentionIsThatOfThePlainTwin(_ isAdditive: Bool) {
    for (size, valueSize) in Self.sizes(isAdditive) {
      let start: AttentionBuffers<Float> = Self.buffers(
        isAdditive: isAdditive, size: size, valueSize: valueSize)
      var expected = start
      PlainKernels.attention(&expected, Self.places)
      for kernels in Kernels<Float>.here {
        var found = start
        kernels.attention(&found, Self.places)
        let problem =
          mismatch(found.weights, expected.weights, absolute: 2e-6)
          ?? mismatch(found.context, expected.context, absolute: 1e-5)
        #expect(problem == nil, "\(size) columns, \(kernels.instructionSet)")
        #expect(found.context.row(3).allSatisfy { $0 == 0 })
      }
    }
  }

  /// Queries of one sequence that stand together share each row that they read.
  @Test(arguments: InstructionSet.here, [true, false])
  func aQueryHasTheSameBitsAloneAndBesideOthersOfItsSequence(
    _ set: InstructionSet, _ isAdditive: Bool
  ) throws {
    let kernels = try #require(Kernels<Float>(set))
    let sequences: [Int32] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    func places(_ queries: Range<Int>) -> AttentionIndex {
      AttentionIndex(
        sequences: Array(sequences[queries]),
        counts: sequences[queries].map { $0 == 0 ? 4 : 2 }, offsets: [0, 2, 4, 5])
    }
    for (size, valueSize) in Self.sizes(isAdditive) {
      var all: AttentionBuffers<Float> = Self.buffers(
        isAdditive: isAdditive, size: size, valueSize: valueSize)
      var generator = SeededGenerator(seed: 6)
      all.queries = generator.matrix(sequences.count, size)
      var one = all
      kernels.attention(&all, places(sequences.indices))
      for query in sequences.indices {
        one.queries = all.queries.slice(query..<query + 1)
        kernels.attention(&one, places(query..<query + 1))
        #expect(bits(one.context) == bits(all.context.row(query)))
        let width = one.weights.columnCount
        #expect(bits(one.weights) == bits(Array(all.weights.row(query)[..<width])))
      }
    }
  }

  /// The gradients in double are held against finite differences, the others against those.
  @Test(arguments: [true, false])
  func attentionGradientsAreThoseInDouble(_ isAdditive: Bool) {
    for (size, valueSize) in Self.sizes(isAdditive) {
      let start: AttentionBuffers<Float> = Self.buffers(
        isAdditive: isAdditive, size: size, valueSize: valueSize)
      var exact: AttentionBuffers<Double> = Self.buffers(
        isAdditive: isAdditive, size: size, valueSize: valueSize)
      Kernels.best.attention(&exact, Self.places)
      Kernels.best.attentionBackward(&exact, Self.places)
      for kernels in Kernels<Float>.here {
        var found = start
        kernels.attention(&found, Self.places)
        kernels.attentionBackward(&found, Self.places)
        let problem =
          mismatch(found.queryGradient, exact.queryGradient, absolute: 5e-5)
          ?? mismatch(found.keyGradient, exact.keyGradient, absolute: 5e-5)
          ?? mismatch(found.valueGradient, exact.valueGradient, absolute: 5e-5)
          ?? mismatch(
            found.scoreVectorGradient.elements, exact.scoreVectorGradient.elements, absolute: 5e-5)
        #expect(problem == nil, "\(size) columns, \(kernels.instructionSet)")
      }
    }
  }

  @Test(arguments: [true, false])
  func attentionGradientsAreThoseOfFiniteDifferences(_ isAdditive: Bool) {
    var start: AttentionBuffers<Double> = Self.buffers(
      isAdditive: isAdditive, size: 3, valueSize: isAdditive ? 4 : 3)
    func loss(_ buffers: AttentionBuffers<Double>) -> Double {
      var buffers = buffers
      Kernels.best.attention(&buffers, Self.places)
      return weightedSum(buffers.contextGradient.elements, buffers.context.elements)
    }
    func check(
      _ name: String, _ gradient: [Double], _ values: [Double],
      _ put: (inout AttentionBuffers<Double>, [Double]) -> Void
    ) {
      let failure = GradientCheck.failure(gradient, at: values, named: name) { values in
        var changed = start
        put(&changed, values)
        return loss(changed)
      }
      #expect(failure == nil)
    }
    Kernels.best.attention(&start, Self.places)
    Kernels.best.attentionBackward(&start, Self.places)
    func matrix(_ values: [Double]) -> Matrix<Double> {
      Matrix(rowCount: 6, columnCount: values.count / 6, elements: values)
    }
    check("queries", start.queryGradient.elements, start.queries.elements) {
      $0.queries = matrix($1)
    }
    check("values", start.valueGradient.elements, start.values.elements) { $0.values = matrix($1) }
    guard isAdditive else { return }
    check("keys", start.keyGradient.elements, start.keys.elements) { $0.keys = matrix($1) }
    check("direction", start.scoreVectorGradient.elements, start.scoreVector.elements) {
      $0.scoreVector = AlignedArray($1)
    }
  }

  @Test(arguments: InstructionSet.here, [true, false])
  func aQueryHasTheSameBitsAlone(_ set: InstructionSet, _ isAdditive: Bool) throws {
    let kernels = try #require(Kernels<Float>(set))
    var all: AttentionBuffers<Float> = Self.buffers(
      isAdditive: isAdditive, size: 21, valueSize: isAdditive ? 35 : 21)
    var one = all
    one.queries = all.queries.slice(1..<2)
    kernels.attention(&all, Self.places)
    kernels.attention(
      &one, AttentionIndex(sequences: [1], counts: [2], offsets: Self.places.offsets))
    #expect(bits(all.context.row(1)) == bits(one.context.row(0)))
  }

  // MARK: Masks

  @Test(arguments: InstructionSet.here)
  func rowsAreMultiplied(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for width in Self.widths {
      var generator = SeededGenerator(seed: 6)
      let source: Matrix<Float> = generator.matrix(2, width)
      let start: Matrix<Float> = generator.matrix(3, width)
      var target = start
      kernels.multiplyRows(&target, by: source, rows: [1, 0, 1])
      for (row, other) in [1, 0, 1].enumerated() {
        #expect(target.row(row) == zip(start.row(row), source.row(other)).map { $0 * $1 })
      }
      target = start.slice(0..<2)
      kernels.multiplyRows(&target, by: source)
      #expect(target.row(1) == zip(start.row(1), source.row(1)).map { $0 * $1 })
    }
  }

  // MARK: Preconditions

  @Test func stopsAtWhatIsNotThere() async {
    await #expect(processExitsWith: .failure) {
      var buffers: AttentionBuffers<Float> = KernelsSequencesTests.buffers(
        isAdditive: false, size: 2, valueSize: 2)
      let places = AttentionIndex(
        sequences: [3, 0, 0, 0, 0, 0], counts: [4, 0, 0, 0, 0, 0], offsets: [0, 2, 4, 5])
      Kernels.best.attention(&buffers, places)
    }
    await #expect(processExitsWith: .failure) {
      var logits = Matrix<Float>(rowCount: 1, columnCount: 2)
      _ = Kernels.best.crossEntropy(&logits, classes: [2], smoothing: 0, scale: 1)
    }
    await #expect(processExitsWith: .failure) {
      var target = Matrix<Float>(rowCount: 1, columnCount: 2)
      Kernels.best.multiplyRows(&target, by: Matrix(rowCount: 1, columnCount: 2), rows: [1])
    }
  }
}
