import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels: recurrent steps")
struct KernelsStepsTests {
  static let kinds: [CellConfiguration] = Activation.allCases.map { .rnn($0) } + [.gru, .lstm]

  /// With the GRU that resets before its product, which takes several kernels a step.
  static let allKinds: [CellConfiguration] = kinds + [.gru(resetPlacement: .beforeProduct)]

  /// The kinds that are tried in every precision; the products of the others are the same kernels.
  static let roundedKinds: [CellConfiguration] = [.rnn, .gru, .lstm]

  /// Rows and hidden units: around tiles and vectors of all instruction sets, and some at random.
  static let sizes: [[Int]] = {
    var generator = SeededGenerator(seed: 4)
    let fixed = [
      [1, 1], [2, 3], [3, 17], [4, 16], [5, 15], [6, 5], [7, 33], [8, 8], [9, 4], [13, 7],
      [17, 31],
      [20, 2], [3, 130], [12, 49],
    ]
    return fixed
      + (0..<4).map { _ in [20, 80].map { Int.random(in: 1...$0, using: &generator) } }
  }()

  /// Every other LSTM has peepholes.
  static func cases(_ kind: CellConfiguration, _ precision: WeightPrecision = .full) -> [StepCase] {
    (fullCases[kind] ?? []).map { $0.rounded(to: precision) }
  }

  private static let fullCases = Dictionary(
    uniqueKeysWithValues: allKinds.map { kind in
      let cases = sizes.enumerated().map { index, size in
        StepCase(
          kind, rowCount: size[0], size: size[1], namesRows: index % 2 == 1,
          hasPeepholes: kind == .lstm && index % 4 > 1)
      }
      return (kind, cases)
    })

  /// The precisions in which a kind is tried.
  static func precisions(of kind: CellConfiguration) -> [WeightPrecision] {
    roundedKinds.contains(kind) ? WeightPrecision.allCases : [.full]
  }

  /// The rounding of sums over H units with weights of deviation 1 / sqrt(H) does not grow with H.
  static let tolerance = 5e-6

  @Test(arguments: kinds)
  func forwardIsThatOfThePlainTwin(_ kind: CellConfiguration) {
    for item in Self.precisions(of: kind).flatMap({ Self.cases(kind, $0) }) {
      let expected = item.plainForward()
      for kernels in Kernels<Float>.here {
        let problem = Self.forwardMismatch(
          item, item.forward(kernels), expected, absolute: Self.tolerance)
        #expect(problem == nil, "\(item), \(kernels.instructionSet)")
      }
    }
  }

  static func forwardMismatch<Scalar>(
    _ item: StepCase, _ found: StepBuffers<Scalar>, _ expected: PlainKernels<Double>.Step,
    absolute: Double
  ) -> String? {
    mismatch(found.hidden.slice(item.after), expected.hidden, absolute: absolute)
      ?? mismatch(found.cell.slice(item.after), expected.cell, absolute: absolute)
      ?? mismatch(found.gateCache.slice(item.positions), expected.saved, absolute: absolute)
  }

  /// Sizes around the vectors of all sets, the blocks of four of them, and twice as much.
  ///
  /// The kinds whose products are others' have gates of their own alone, which end with a vector.
  private static func everySize(_ kind: CellConfiguration, _ precision: WeightPrecision) -> [Int] {
    let around = [47, 48, 49, 63, 64, 65, 66, 95, 96, 97, 127, 128, 129, 130]
    guard roundedKinds.contains(kind) else { return Array(1...34) + around.suffix(3) }
    return precision == .full ? Array(1...130) : Array(1...44) + around
  }

  /// Run under the address sanitizer by CI: no size makes a kernel of any set read or write past an end.
  ///
  /// The kinds that share products with others take one set a size, in turn.
  @Test(arguments: allKinds)
  func everySizeUpTo130IsThatOfThePlainTwin(_ kind: CellConfiguration) {
    let (takesAllSets, sets) = (Self.roundedKinds.contains(kind), Kernels<Float>.here)
    for precision in Self.precisions(of: kind) {
      for size in Self.everySize(kind, precision) {
        let item = StepCase(
          kind, rowCount: size % 5 + 1, size: size, namesRows: size % 2 == 0, precision: precision,
          hasPeepholes: kind == .lstm && size % 3 == 0)
        let expected = item.plainForward()
        for kernels in takesAllSets ? sets : [sets[size % sets.count]] {
          // Backward leaves what forward wrote.
          let found = precision == .full ? item.backward(kernels) : item.forward(kernels)
          let problem = Self.forwardMismatch(item, found, expected, absolute: Self.tolerance)
          #expect(problem == nil, "\(item), \(kernels.instructionSet)")
          guard precision == .full else { continue }
          let backward = Self.backwardMismatch(item, found, absolute: 2e-3)
          #expect(backward == nil, "\(item), \(kernels.instructionSet), backward")
        }
      }
    }
  }

  @Test(arguments: allKinds)
  func forwardInDoubleIsThatOfThePlainTwin(_ kind: CellConfiguration) {
    for item in Self.cases(kind).prefix(9) {
      let found = item.forward(Kernels<Double>.best)
      let problem = Self.forwardMismatch(item, found, item.plainForward(), absolute: 1e-12)
      #expect(problem == nil, "\(item)")
    }
  }

  @Test(arguments: kinds, InstructionSet.here)
  func backwardIsThatOfThePlainTwin(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for item in Self.cases(kind) {
      let problem = Self.backwardMismatch(item, item.backward(kernels), absolute: 2e-3)
      #expect(problem == nil, "\(item)")
    }
  }

  @Test(arguments: allKinds)
  func backwardInDoubleIsThatOfThePlainTwin(_ kind: CellConfiguration) {
    for item in Self.cases(kind).prefix(9) {
      let found = item.backward(Kernels<Double>.best)
      #expect(Self.backwardMismatch(item, found, absolute: 1e-11) == nil, "\(item)")
    }
  }

  /// What backward adds to the states before is compared after the guard's value, which it was
  /// added to, was taken out; that costs the digits which `absolute` allows for.
  static func backwardMismatch<Scalar>(
    _ item: StepCase, _ found: StepBuffers<Scalar>, absolute: Double
  ) -> String? {
    let expected = item.plainBackward(found)
    let tight = absolute / 400
    func direct(_ matrix: Matrix<Scalar>) -> [Double] {
      matrix.slice(item.before).elements.map { Double($0) - StepCase.guardValue }
    }
    let recurrent = found.recurrentGateGradient
    return mismatch(
      found.inputGateGradient.slice(item.positions), expected.input, absolute: tight)
      ?? (item.kind.resetsAfterProduct
        ? mismatch(recurrent.slice(item.positions), expected.recurrent, absolute: tight) : nil)
      ?? mismatch(
        direct(found.hiddenGradient), expected.previousHidden.elements, absolute: absolute)
      ?? mismatch(direct(found.cellGradient), expected.previousCell.elements, absolute: absolute)
  }

  /// Activations of so many tokens are written past the caches, where whole vectors fill a row.
  @Test(arguments: [CellConfiguration.gru, .lstm], InstructionSet.here)
  func activationsOfManyTokensAreTheSame(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for size in [17, 64] {
      let item = StepCase(kind, rowCount: 11, size: size, namesRows: true)
      let near = item.forward(kernels)
      let far = item.forward(kernels, tokenCount: (1 << 20) / (4 * size) + 1)
      #expect(
        bits(far.gateCache.slice(item.positions)) == bits(near.gateCache.slice(item.positions)))
      let around = far.gateCache.slice(0..<item.positions.upperBound + 2)
      #expect(around.isGuarded(except: item.positions), "\(item)")
    }
  }

  @Test(arguments: allKinds, InstructionSet.here)
  func aStepWritesItsOwnRowsOnly(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for item in Self.cases(kind, .integer8) + Self.cases(kind, .bfloat16) {
      let forward = item.forward(kernels)
      #expect(forward.hidden.isGuarded(except: item.before, item.after), "\(item)")
      #expect(forward.cell.isGuarded(except: item.before, item.after), "\(item)")
    }
    for item in Self.cases(kind) {
      let forward = item.forward(kernels)
      #expect(forward.hidden.isGuarded(except: item.before, item.after), "\(item)")
      #expect(forward.cell.isGuarded(except: item.before, item.after), "\(item)")
      #expect(forward.gateCache.isGuarded(except: item.positions), "\(item)")
      #expect(bits(forward.hidden.slice(item.before)) == bits(item.hidden), "\(item)")
      let backward = item.backward(kernels)
      #expect(backward.hiddenGradient.isGuarded(except: item.before, item.after), "\(item)")
      #expect(backward.cellGradient.isGuarded(except: item.before, item.after), "\(item)")
      #expect(backward.inputGateGradient.isGuarded(except: item.positions), "\(item)")
      #expect(backward.recurrentGateGradient.isGuarded(except: item.positions), "\(item)")
    }
  }

  @Test(arguments: kinds, InstructionSet.here)
  func aRowHasTheSameBitsInAnyBatch(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for (size, precision) in [
      (5, WeightPrecision.full), (33, .full), (19, .bfloat16), (33, .integer8),
    ] {
      let item = StepCase(
        kind, rowCount: 20, size: size, namesRows: true, precision: precision)
      let whole = item.forward(kernels)
      for (first, count) in [(0, 1), (19, 1), (7, 2), (3, 3), (11, 5), (1, 7), (2, 8), (6, 13)] {
        var part = item.buffers(Float.self)
        let place = StepRange(
          rowCount: count, previousRow: item.before.lowerBound + first,
          row: item.after.lowerBound + first, position: item.positions.lowerBound + first)
        kernels.stepForward(place, of: &part, weights: item.weights(.product(item.packed(kernels))))
        let rows = place.row..<place.row + count
        #expect(bits(part.hidden.slice(rows)) == bits(whole.hidden.slice(rows)))
        #expect(bits(part.cell.slice(rows)) == bits(whole.cell.slice(rows)))
        #expect(part.hidden.isGuarded(except: item.before, rows))
      }
    }
  }

  /// Sizes of one panel, of several, and of a last one that is not full.
  @Test(arguments: kinds, InstructionSet.here)
  func tabulatedRowsHaveTheBitsOfProjectedOnes(_ kind: CellConfiguration, _ set: InstructionSet)
    throws
  {
    let kernels = try #require(Kernels<Float>(set))
    for (size, rowCount) in [(1, 1), (8, 5), (33, 9)] {
      let item = StepCase(kind, rowCount: rowCount, size: size, namesRows: true)
      let whole = item.forward(kernels)
      let count = item.projection.rowCount
      for cachedCount in [0, 1, count / 2, count] {
        var parted = item.buffers(Float.self)
        parted.cachedProjection = item.projection.slice(0..<cachedCount)
        parted.projection = item.projection.slice(cachedCount..<count)
        kernels.stepForward(
          item.place, of: &parted, weights: item.weights(.product(item.packed(kernels))))
        #expect(bits(parted.hidden) == bits(whole.hidden))
        #expect(bits(parted.cell) == bits(whole.cell))
        #expect(bits(parted.gateCache) == bits(whole.gateCache))
      }
    }
  }

  @Test(arguments: kinds)
  func keepingActivationsChangesNoState(_ kind: CellConfiguration) {
    let item = StepCase(kind, rowCount: 5, size: 19, namesRows: false)
    var bare = item.buffers(Float.self)
    bare.gateCache.resize(rowCount: 0)
    Kernels.best.stepForward(
      item.place, of: &bare, weights: item.weights(.product(item.packed(.best))))
    let kept = item.forward(Kernels<Float>.best)
    #expect(bits(bare.hidden) == bits(kept.hidden))
    #expect(bits(bare.cell) == bits(kept.cell))
  }

  @Test(arguments: kinds, InstructionSet.here)
  func notANumberStaysOne(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for precision in WeightPrecision.allCases {
      let item = StepCase(kind, rowCount: 3, size: 9, namesRows: false, precision: precision)
      var buffers = item.buffers(Float.self)
      buffers.hidden[item.before.lowerBound + 1, 4] = .nan
      kernels.stepForward(
        item.place, of: &buffers, weights: item.weights(.product(item.packed(kernels))))
      let rows = item.after.map { buffers.hidden.row($0) }
      #expect(rows[1].allSatisfy { $0.isNaN }, "\(precision)")
      #expect((rows[0] + rows[2]).allSatisfy { $0.isFinite }, "\(precision)")
    }
  }

  @Test func kindsKnowTheirGatesAndStates() {
    let kinds: [CellConfiguration] = [.rnn, .gru, .gru(resetPlacement: .beforeProduct), .lstm]
    #expect(kinds.map(\.gateCount) == [1, 3, 3, 4])
    #expect(kinds.map(\.hasCellState) == [false, false, false, true])
    #expect(kinds.map(\.cachedValueCount) == [0, 4, 4, 4])
    #expect(
      Activation.allCases.map(\.rawValue) == [
        "tanh", "relu", "elu", "leaky-relu", "sigmoid", "hard-sigmoid", "softsign",
      ])
  }

  // MARK: Preconditions

  @Test func stopsAtStatesOutsideOfTheBuffers() async {
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      buffers.hidden.resize(rowCount: 5)
      Kernels.best.stepForward(
        item.place, of: &buffers, weights: item.weights(.product(item.packed(.best))))
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.lstm, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      buffers.cell.resize(rowCount: 5)
      Kernels.best.stepForward(
        item.place, of: &buffers, weights: StepWeights(.product(item.packed(.best))))
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      var place = item.place
      place.previousRow = place.row
      Kernels.best.stepForward(
        place, of: &buffers, weights: item.weights(.product(item.packed(.best))))
    }
  }

  /// A step of two rows and three units, at positions 2 and 3 of 4, in changed buffers.
  private static func takeStep(
    _ projectionRows: [Int32]? = nil, _ change: (inout StepBuffers<Float>) -> Void = { _ in }
  ) {
    let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
    var buffers = item.buffers(Float.self)
    buffers.projectionRows = projectionRows
    change(&buffers)
    Kernels.best.stepForward(
      item.place, of: &buffers, weights: item.weights(.product(item.packed(.best))))
  }

  @Test func stopsAtInputsOutsideOfTheProjection() async {
    Self.takeStep()
    Self.takeStep([0, 0, 0, 3])
    Self.takeStep([0, 0, 0, 6]) { $0.cachedProjection = Matrix(rowCount: 3, columnCount: 9) }
    await #expect(processExitsWith: .failure) {
      KernelsStepsTests.takeStep { $0.projection.resize(rowCount: 3) }
    }
    await #expect(processExitsWith: .failure) { KernelsStepsTests.takeStep([0, 0, 0, 4]) }
    await #expect(processExitsWith: .failure) {
      KernelsStepsTests.takeStep([0, 0, 0, 7]) {
        $0.cachedProjection = Matrix(rowCount: 3, columnCount: 9)
      }
    }
    await #expect(processExitsWith: .failure) {
      KernelsStepsTests.takeStep([0, 0, 0, 0]) {
        $0.cachedProjection = Matrix(rowCount: 3, columnCount: 8)
      }
    }
    await #expect(processExitsWith: .failure) {
      KernelsStepsTests.takeStep { $0.gateCache.resize(rowCount: 3) }
    }
  }

  @Test func stopsAtWeightsOfAnotherCell() async {
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      let weights = PackedMatrix<Float>(depth: 3, columnCount: 9)
      Kernels.best.stepForward(item.place, of: &buffers, weights: item.weights(.product(weights)))
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      Kernels.best.stepForward(
        item.place, of: &buffers, weights: StepWeights(.product(item.packed(.best))))
    }
  }

  @Test func stopsAtGradientsThatWereNotPrepared() async {
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.forward(Kernels<Float>.best)
      buffers.hiddenGradient.resize(rowCount: 2)
      Kernels.best.stepBackward(item.place, of: &buffers)
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.lstm, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.forward(Kernels<Float>.best)
      buffers.cellGradient.resize(rowCount: 2)
      Kernels.best.stepBackward(item.place, of: &buffers)
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.forward(Kernels<Float>.best)
      buffers.gateCache.resize(rowCount: 0)
      Kernels.best.stepBackward(item.place, of: &buffers)
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.forward(Kernels<Float>.best)
      buffers.recurrentGateGradient.resize(rowCount: 3)
      Kernels.best.stepBackward(item.place, of: &buffers)
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.rnn, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.forward(Kernels<Float>.best)
      buffers.inputGateGradient.resize(rowCount: 3)
      Kernels.best.stepBackward(item.place, of: &buffers)
    }
  }
}

extension Kernels where Scalar == Float {
  /// Those of all instruction sets that this machine has.
  static var here: [Kernels<Float>] { InstructionSet.here.compactMap(Kernels<Float>.init) }
}
