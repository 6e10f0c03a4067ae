import SentiTensor
import SentiTestSupport
import Synchronization
import Testing

@Suite("Passes over arenas")
struct KernelsArenasTests {
  static let rules: [UpdateRule] = [.descent, .momentum, .nesterov, .rmsProp, .adam]

  static func pass(_ rule: UpdateRule) -> UpdatePass {
    var pass = UpdatePass(rule, learningRate: 0.01)
    (pass.beta1, pass.beta2, pass.secondScale) = (0.9, 0.99, 1 / (1 - 0.99))
    (pass.epsilon, pass.weightDecayFactor, pass.gradientScale) = (1e-3, 0.999, 0.5)
    pass.gradientLimit = 0.7
    return pass
  }

  static func block(_ range: Range<Int>) -> ArenaBlock {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [max(1, range.lowerBound)])
    let slot = layout.add("slot", shape: [max(1, range.count)])
    var block = ArenaBlock.cut(slot.rows, of: slot)[0]
    block.range = range
    return block
  }

  /// The equations of a rule for one parameter, as its documentation writes them.
  static func moved(
    _ rule: UpdateRule, p: Double, g: Double, m: Double, v: Double
  ) -> (p: Double, m: Double, v: Double) {
    let gradient = min(0.7, max(-0.7, 0.5 * g))
    var (m, v, step) = (m, v, gradient)
    switch rule {
    case .descent: break
    case .momentum:
      m = 0.9 * m + gradient
      step = m
    case .nesterov:
      m = 0.9 * m + gradient
      step = gradient + 0.9 * m
    case .rmsProp:
      v = 0.99 * v + 0.01 * gradient * gradient
      m = 0.9 * m + gradient / (v.squareRoot() + 1e-3)
      step = m
    case .adam:
      m = 0.9 * m + 0.1 * gradient
      v = 0.99 * v + 0.01 * gradient * gradient
      step = m / ((v * 100).squareRoot() + 1e-3)
    }
    return (0.999 * p - 0.01 * step, m, v)
  }

  @Test(arguments: InstructionSet.here, rules)
  func updatesFollowTheirEquationsInABlockOnly(_ set: InstructionSet, _ rule: UpdateRule) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 2)
    for length in 0...130 {
      let start: [[Float]] = (0..<4).map { _ in generator.normals(length + 4) }
      let squares = start[2].map { $0 * $0 }
      var parameters = AlignedArray(start[0])
      let moments = rule.moments
      var arenas = UpdateArenas(
        firstMoments: AlignedArray(moments.first ? start[1] : []),
        secondMoments: AlignedArray(moments.second ? squares : []),
        average: AlignedArray([Float](repeating: 1, count: length + 4)))
      kernels.update(
        &parameters, gradients: AlignedArray(start[3]), &arenas,
        ArenaUpdate([Self.block(1..<1 + length)], [Self.pass(rule)], averageKept: 0.25),
        threadCount: 1)
      var (found, expected): ([Float], [Double]) = ([], [])
      for index in 0..<length + 4 {
        let isInside = (1..<1 + length).contains(index)
        let (p, m, v) = (Double(start[0][index]), Double(start[1][index]), Double(squares[index]))
        var wanted = (p: p, m: m, v: v)
        if isInside { wanted = Self.moved(rule, p: p, g: Double(start[3][index]), m: m, v: v) }
        found += [parameters[index], arenas.average[index]]
        expected += [wanted.p, isInside ? 0.25 + 0.75 * wanted.p : 1]
        if moments.first {
          found.append(arenas.firstMoments[index])
          expected.append(wanted.m)
        }
        if moments.second {
          found.append(arenas.secondMoments[index])
          expected.append(wanted.v)
        }
      }
      #expect(
        mismatch(found, expected, absolute: 1e-6, relative: 1e-5) == nil, "\(length) elements")
    }
  }

  /// Blocks large enough to be cut, and small ones, at one thread and at three.
  @Test(arguments: [1, 2, 3])
  func theResultDoesNotDependOnThreads(_ threadCount: Int) {
    var layout = ParameterLayout()
    let slots = [layout.add("a", shape: [70, 1000]), layout.add("b", shape: [3, 5])]
    var generator = SeededGenerator(seed: 4)
    let gradients: Parameters<Float> = generator.parameters(layout)
    let start: Parameters<Float> = generator.parameters(layout)
    func run(_ threadCount: Int) -> [[Float]] {
      var parameters = start
      let zeros = Parameters<Float>(layout: layout).storage
      var arenas = UpdateArenas(firstMoments: zeros, secondMoments: zeros, average: zeros)
      let blocks = slots.flatMap { ArenaBlock.cut($0.rows, of: $0, skippedDecay: 0) }
      #expect(blocks.count > 3)
      parameters.update(
        gradients, &arenas, ArenaUpdate(blocks, [Self.pass(.adam)], averageKept: 0.5),
        threadCount: threadCount)
      return [parameters.storage, arenas.firstMoments, arenas.secondMoments, arenas.average]
        .map(\.elements)
    }
    #expect(run(threadCount) == run(1))
    #expect(run(1)[3][7] == 0.5 * start.values[7] + 0.5 * run(1)[0][7])
  }

  @Test func cutsRowsIntoBlocksThatCoverThem() {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [9])
    let slot = layout.add("slot", shape: [100, 1000])
    let blocks = ArenaBlock.cut(slot.rows, of: slot, settings: 2)
    #expect(blocks.allSatisfy { $0.range.count % 1000 == 0 && $0.settings == 2 })
    #expect(blocks.first?.range.lowerBound == 9 && blocks.last?.range.upperBound == 100_009)
    for (left, right) in zip(blocks, blocks.dropFirst()) {
      #expect(left.range.upperBound == right.range.lowerBound)
    }
  }

  @Test func everyPieceOfWorkIsDoneOnce() {
    for threadCount in 1...4 {
      let counts = Mutex([Int](repeating: 0, count: 100))
      concurrently(100, threadCount: threadCount) { index in counts.withLock { $0[index] += 1 } }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 100))
    }
  }

  // MARK: Preconditions

  @Test func stopsOutsideOfAnArray() async {
    await #expect(processExitsWith: .failure) {
      var values = AlignedArray<Float>([1])
      Kernels.best.add(
        AlignedArray([1, 2]), to: &values, in: [KernelsArenasTests.block(0..<2)], threadCount: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Kernels<Float>.best.sumOfSquares(
        AlignedArray([1]), in: [KernelsArenasTests.block(1..<3)], threadCount: 1)
    }
  }

  @Test func stopsAtArenasThatDoNotFitTheRule() async {
    await #expect(processExitsWith: .failure) {
      var parameters = AlignedArray<Float>([1])
      var arenas = UpdateArenas<Float>(
        firstMoments: AlignedArray([1]), secondMoments: AlignedArray([]), average: AlignedArray([]))
      Kernels.best.update(
        &parameters, gradients: AlignedArray([1]), &arenas,
        ArenaUpdate([], [KernelsArenasTests.pass(.adam)]), threadCount: 1)
    }
    await #expect(processExitsWith: .failure) {
      var parameters = AlignedArray<Float>([1])
      var arenas = UpdateArenas<Float>(
        firstMoments: AlignedArray([]), secondMoments: AlignedArray([]),
        average: AlignedArray([1, 2]))
      Kernels.best.update(
        &parameters, gradients: AlignedArray([1]), &arenas,
        ArenaUpdate([], [KernelsArenasTests.pass(.descent)]), threadCount: 1)
    }
  }

  @Test func stopsWithoutThreads() async {
    await #expect(processExitsWith: .failure) { concurrently(1, threadCount: 0) { _ in } }
  }
}
