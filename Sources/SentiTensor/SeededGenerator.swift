import Glibc

/// A small, fast generator of random numbers whose whole future follows from its seed.
///
/// The generator is xoshiro256\*\*; its four words of state are filled from the seed by
/// SplitMix64, as the authors advise. It is not for secrets.
///
///     var generator = SeededGenerator(seed: 7)
///     let order = Array(0..<5).shuffled(using: &generator)
///
/// A copy is an independent generator that repeats the original from where it stood.
///
/// - SeeAlso: Blackman and Vigna 2021, "Scrambled Linear Pseudorandom Number Generators",
///   <https://doi.org/10.1145/3460772>; Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom
///   Number Generators", <https://doi.org/10.1145/2660193.2660195>.
public struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable {
  @usableFromInline var first: UInt64
  @usableFromInline var second: UInt64
  @usableFromInline var third: UInt64
  @usableFromInline var fourth: UInt64

  /// Makes the generator that `seed` stands for; every seed is as good as another.
  ///
  /// - Parameter seed: Any number.
  public init(seed: UInt64) {
    var seeder = SplitMix64(state: seed)
    first = seeder.next()
    second = seeder.next()
    third = seeder.next()
    fourth = seeder.next()
  }

  /// Restores a generator from the `state` of another, or `nil` where no generator has that state.
  ///
  /// - Parameter state: Four words, at least one of them not zero.
  public init?(state: [UInt64]) {
    guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
    (first, second, third, fourth) = (state[0], state[1], state[2], state[3])
  }

  /// The four words that decide every number to come.
  public var state: [UInt64] { [first, second, third, fourth] }

  /// Returns the next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let result = (second &* 5).rotatedLeft(by: 7) &* 9
    let shifted = second << 17
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = fourth.rotatedLeft(by: 45)
    return result
  }

  /// Returns a number from 0 up to, but not including, 1: a multiple of 2 to the power -53.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns a number from the normal distribution of mean 0 and standard deviation 1.
  ///
  /// Draws points of the unit square until one falls within the unit circle, and transforms it.
  /// Only one number is made of each point, so that `state` is all that a checkpoint needs.
  ///
  /// - SeeAlso: Marsaglia and Bray 1964, "A Convenient Method for Generating Normal Variables",
  ///   <https://doi.org/10.1137/1006063>.
  public mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let squaredRadius = x * x + y * y
      if squaredRadius > 0, squaredRadius < 1 {
        return x * (-2 * log(squaredRadius) / squaredRadius).squareRoot()
      }
    }
  }
}

/// The generator that spreads a seed over more words of state.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(state: UInt64) {
    self.state = state
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension UInt64 {
  @inlinable
  package func rotatedLeft(by count: UInt64) -> UInt64 {
    (self &<< count) | (self &>> (64 &- count))
  }
}
