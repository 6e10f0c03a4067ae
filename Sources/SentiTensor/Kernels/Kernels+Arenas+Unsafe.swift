internal import CSentiKernels

extension Kernels {
  /// `target += source` in blocks, by several threads.
  package func add(
    _ source: AlignedArray<Scalar>, to target: inout AlignedArray<Scalar>, in blocks: [ArenaBlock],
    threadCount: Int
  ) {
    Self.check(blocks, in: min(source.count, target.count))
    let groups = ArenaBlock.groups(blocks)
    let shared = unsafe Shared((target.mutableAddress(), source.address))
    concurrently(groups.count, threadCount: threadCount) { group in
      let (to, from) = unsafe shared.pointers
      for block in blocks[groups[group]] {
        let start = block.range.lowerBound
        unsafe functions.combine(to + start, 1, from + start, 1, block.range.count)
      }
    }
  }

  /// The sum of squares in blocks, in double precision, by several threads; the same bits at any
  /// number of them.
  package func sumOfSquares(
    _ values: AlignedArray<Scalar>, in blocks: [ArenaBlock], threadCount: Int
  ) -> Double {
    Self.check(blocks, in: values.count)
    let groups = ArenaBlock.groups(blocks)
    var sums = [Double](repeating: 0, count: groups.count)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      let shared = unsafe Shared(sums)
      concurrently(groups.count, threadCount: threadCount) { group in
        let sum = blocks[groups[group]].reduce(0) { $0 + sumOfSquares(values, $1.range) }
        unsafe shared.pointers[group] = sum
      }
    }
    return sums.reduce(0, +)
  }

  /// One pass of an optimizer over blocks, by several threads.
  ///
  /// The average first makes up for the steps that left a block out, during which its parameters
  /// stood still, then takes in the moved parameters.
  ///
  /// - Parameters:
  ///   - parameters: The arena of parameters.
  ///   - gradients: Their gradients.
  ///   - arenas: What the rule keeps.
  ///   - update: What to do, and where.
  ///   - threadCount: The number of threads.
  package func update(
    _ parameters: inout AlignedArray<Scalar>, gradients: AlignedArray<Scalar>,
    _ arenas: inout UpdateArenas<Scalar>, _ update: ArenaUpdate, threadCount: Int
  ) {
    check(update, parameters: parameters, gradients: gradients, arenas: arenas)
    let (blocks, kept) = (update.blocks, update.averageKept)
    let (groups, hasAverage) = (ArenaBlock.groups(blocks), !arenas.average.isEmpty)
    let values = update.passes.map(\.cValue)
    let shared = unsafe Shared(
      (
        parameters.mutableAddress(), gradients.address, arenas.firstMoments.mutableAddress(),
        arenas.secondMoments.mutableAddress(), arenas.average.mutableAddress()
      ))
    concurrently(groups.count, threadCount: threadCount) { group in
      let (to, from, m, v, mean) = unsafe shared.pointers
      for block in blocks[groups[group]] {
        let (start, count) = (block.range.lowerBound, block.range.count)
        let leftOut = block.skippedDecay
        var pass = values[block.settings]
        if hasAverage && leftOut != 1 {
          unsafe functions.combine(mean + start, leftOut, to + start, 1 - leftOut, count)
        }
        unsafe functions.update(to + start, from + start, m + start, v + start, count, &pass)
        if hasAverage {
          unsafe functions.combine(mean + start, kept, to + start, 1 - kept, count)
        }
      }
    }
  }

  private func check(
    _ update: ArenaUpdate, parameters: AlignedArray<Scalar>, gradients: AlignedArray<Scalar>,
    arenas: UpdateArenas<Scalar>
  ) {
    let count = parameters.count
    Self.check(update.blocks, in: count)
    let moments = update.passes.map(\.rule.moments)
    precondition(
      gradients.count == count
        && arenas.firstMoments.count == (moments.contains { $0.first } ? count : 0)
        && arenas.secondMoments.count == (moments.contains { $0.second } ? count : 0)
        && (arenas.average.isEmpty || arenas.average.count == count),
      "arenas of \(count), \(gradients.count), \(arenas.firstMoments.count), "
        + "\(arenas.secondMoments.count) and \(arenas.average.count) elements")
    precondition(
      update.blocks.allSatisfy { update.passes.indices.contains($0.settings) },
      "blocks of more than \(update.passes.count) settings")
  }

  private static func check(_ blocks: [ArenaBlock], in count: Int) {
    for block in blocks { check(block.range, in: count) }
  }
}

extension UpdateRule {
  var cValue: CSentiKernels_Rule {
    switch self {
    case .descent: CSentiKernels_descent
    case .momentum: CSentiKernels_momentum
    case .nesterov: CSentiKernels_nesterov
    case .rmsProp: CSentiKernels_rmsProp
    case .adam: CSentiKernels_adam
    }
  }
}

extension UpdatePass {
  var cValue: CSentiKernels_Update {
    CSentiKernels_Update(
      rule: rule.cValue, learningRate: learningRate, beta1: beta1,
      beta2: beta2, secondScale: secondScale, epsilon: epsilon,
      weightDecayFactor: weightDecayFactor, gradientScale: gradientScale,
      gradientLimit: gradientLimit)
  }
}
