internal import CSentiKernels

/// A piece of an arena that a pass goes over.
package struct ArenaBlock: Sendable {
  /// The elements.
  package var range: Range<Int>
  /// Which of the pass's settings holds for them.
  package var settings = 0
  /// What the average of the elements keeps of itself for the steps that left them out; 1: none did.
  package var skippedDecay = 1.0

  /// Cuts a range of rows into blocks of at most ``size`` elements, but whole rows.
  package static func cut(
    _ rows: Range<Int>, of slot: ParameterSlot, settings: Int = 0, skippedDecay: Double = 1
  ) -> [ArenaBlock] {
    let height = max(1, size / slot.columnCount)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: height).map { row in
      let end = min(rows.upperBound, row + height)
      return ArenaBlock(
        range: slot.elements(row..<end), settings: settings, skippedDecay: skippedDecay)
    }
  }

  /// Few enough elements that all arenas of a pass stay in the second-level cache.
  static let size = 16_384

  /// Blocks of together some ``size`` elements: what one thread takes at once.
  ///
  /// What falls into which group does not depend on the number of threads, so that a sum over groups
  /// has the same bits at any.
  static func groups(_ blocks: [ArenaBlock]) -> [Range<Int>] {
    var (groups, first, total) = ([Range<Int>](), 0, 0)
    for (index, block) in blocks.enumerated() {
      total += block.range.count
      if total >= size || index == blocks.count - 1 {
        groups.append(first..<index + 1)
        (first, total) = (index + 1, 0)
      }
    }
    return groups
  }
}

/// The rule by which a pass of an optimizer moves a parameter p by its gradient g, with the moments m
/// and v: p = shrink · p - rate · step.
package enum UpdateRule: Sendable {
  /// step = g.
  case descent
  /// m = first · m + g, step = m.
  case momentum
  /// m = first · m + g, step = g + first · m.
  case nesterov
  /// v = second · v + (1 - second) g², m = first · m + g / (sqrt(v) + epsilon), step = m.
  case rmsProp
  /// m = first · m + (1 - first) g, step = m / (sqrt(v · secondScale) + epsilon), v as above.
  case adam

  var cValue: CSentiKernels_Rule {
    switch self {
    case .descent: CSentiKernels_descent
    case .momentum: CSentiKernels_momentum
    case .nesterov: CSentiKernels_nesterov
    case .rmsProp: CSentiKernels_rmsProp
    case .adam: CSentiKernels_adam
    }
  }

  /// The moments that the rule reads and writes.
  package var moments: (first: Bool, second: Bool) {
    (self != .descent, self == .rmsProp || self == .adam)
  }
}

/// The settings of one pass of an optimizer.
package struct UpdatePass: Sendable {
  /// The rule.
  package var rule: UpdateRule
  /// The learning rate; Adam's divided by 1 - first^t.
  package var learningRate: Double
  /// The decay of the first moment.
  package var beta1 = 0.0
  /// The decay of the second moment.
  package var beta2 = 0.0
  /// Adam's 1 / (1 - second^t).
  package var secondScale = 1.0
  /// What keeps a division finite.
  package var epsilon = 0.0
  /// 1 - learning rate · decoupled weight decay.
  package var weightDecayFactor = 1.0
  /// What gradients are multiplied by, from clipping by the norm.
  package var gradientScale = 1.0
  /// What scaled gradients are cut to.
  package var gradientLimit = Double.infinity

  /// Collects what every rule needs; the rest is set one by one.
  package init(_ rule: UpdateRule, learningRate: Double) {
    self.rule = rule
    self.learningRate = learningRate
  }

  var cValue: CSentiKernels_Update {
    CSentiKernels_Update(
      rule: rule.cValue, learningRate: learningRate, beta1: beta1,
      beta2: beta2, secondScale: secondScale, epsilon: epsilon,
      weightDecayFactor: weightDecayFactor, gradientScale: gradientScale,
      gradientLimit: gradientLimit)
  }
}

/// What an optimizer does in one step, and where.
package struct ArenaUpdate: Sendable {
  /// Where to work; disjoint.
  package var blocks: [ArenaBlock]
  /// What each block's ``ArenaBlock/settings`` stands for; all of one rule.
  package var passes: [UpdatePass]
  /// The fraction of itself that the moving average keeps.
  package var averageKept = 1.0

  /// Collects blocks, and what to do with them.
  package init(_ blocks: [ArenaBlock], _ passes: [UpdatePass], averageKept: Double = 1) {
    self.blocks = blocks
    self.passes = passes
    self.averageKept = averageKept
  }
}

/// The arenas that a pass of an optimizer changes; those that the rule does not need are empty.
package struct UpdateArenas<Scalar: MatrixScalar>: Sendable {
  /// The first moments.
  package var firstMoments: AlignedArray<Scalar>
  /// The second moments.
  package var secondMoments: AlignedArray<Scalar>
  /// The moving average of the parameters.
  package var average: AlignedArray<Scalar>

  /// Collects arenas.
  package init(
    firstMoments: AlignedArray<Scalar>, secondMoments: AlignedArray<Scalar>,
    average: AlignedArray<Scalar>
  ) {
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.average = average
  }
}

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
