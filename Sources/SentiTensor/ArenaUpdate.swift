/// A piece of an arena that a pass goes over.
package struct ArenaBlock: Sendable {
  /// The elements.
  package var range: Range<Int>
  /// Which of the pass's settings holds for them.
  package var settings = 0
  /// What the average of the elements keeps of itself for the steps that left them out; 1: none did.
  package var skippedDecay = 1.0

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
