/// A hash of numbers that is the same in every run: FNV-1a over words.
struct Hasher64 {
  /// The hash of all numbers so far.
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Adds a word.
  mutating func combine(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }

  /// Adds a number.
  mutating func combine(_ number: Double) { combine(number.bitPattern) }
}
