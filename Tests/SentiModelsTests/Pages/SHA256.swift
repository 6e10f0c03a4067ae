import Foundation

/// SHA-256, as FIPS 180-4 has it.
enum SHA256 {
  /// The first 32 bits of the fractional parts of the roots of the first primes.
  private static func constants(_ count: Int, _ root: (Double) -> Double) -> [UInt32] {
    let primes = (2...400).filter { number in !(2..<number).contains { number % $0 == 0 } }
    return primes.prefix(count).map { prime in
      let value = root(Double(prime))
      return UInt32((value - value.rounded(.down)) * 0x1p32)
    }
  }

  static func digest(_ message: [UInt8]) -> [UInt8] {
    let rounds = constants(64) { cbrt($0) }
    var hash = constants(8) { $0.squareRoot() }
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += (0..<8).map { UInt8(truncatingIfNeeded: (8 * message.count) >> (56 - 8 * $0)) }
    for start in stride(from: 0, to: padded.count, by: 64) {
      var words = (0..<16).map { index in
        (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[start + 4 * index + $1]) }
      }
      for index in 16..<64 {
        let (near, far) = (words[index - 2], words[index - 15])
        let first = rotated(far, 7) ^ rotated(far, 18) ^ (far >> 3)
        let second = rotated(near, 17) ^ rotated(near, 19) ^ (near >> 10)
        words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
      }
      var state = hash
      for index in 0..<64 { step(&state, words[index] &+ rounds[index]) }
      hash = zip(hash, state).map { $0 &+ $1 }
    }
    return hash.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  private static func step(_ state: inout [UInt32], _ input: UInt32) {
    let (a, b, c, e, f, g) = (state[0], state[1], state[2], state[4], state[5], state[6])
    let sums = (
      rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22),
      rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    )
    let first = state[7] &+ sums.1 &+ ((e & f) ^ (~e & g)) &+ input
    let second = sums.0 &+ ((a & b) ^ (a & c) ^ (b & c))
    state = [first &+ second] + state[0..<3] + [state[3] &+ first] + state[4..<7]
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
}
