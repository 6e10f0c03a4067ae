/// The 64-bit xxHash of bytes: no guard against malice, but quick, and known to many programs.
///
/// Four sums run side by side over stripes of 32 bytes; what is left over is mixed in after them.
///
/// - SeeAlso: Collet, "xxHash fast digest algorithm",
///   <https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>.
package struct XXHash64 {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  /// The number of bytes that go into the four sums together.
  private static let stripeSize = 32

  private var lanes = (primes.0 &+ primes.1, primes.1, UInt64(0), 0 &- primes.0)
  /// The bytes behind the last whole stripe.
  private var rest: [UInt8] = []
  private var byteCount = 0

  /// The hash of no bytes, with seed 0.
  package init() {}

  /// The hash of `bytes` with seed 0.
  static func hash(_ bytes: RawSpan) -> UInt64 {
    var hash = XXHash64()
    return hash.value(after: bytes)
  }

  /// Adds bytes behind the others; how they are divided among calls makes no difference.
  package mutating func append(_ bytes: [UInt8]) {
    append(bytes[...])
  }

  /// Adds bytes behind the others; how they are divided among calls makes no difference.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    byteCount += bytes.count
    rest.append(contentsOf: bytes)
    let stripedCount = rest.count & ~(Self.stripeSize - 1)
    guard stripedCount > 0 else { return }
    let begun = rest
    begun.withBytes { addStripes($0.extracting(0..<stripedCount)) }
    rest = Array(begun[stripedCount...])
  }

  /// The hash of all bytes so far.
  package var value: UInt64 {
    rest.withBytes { sum(with: $0) }
  }

  /// The hash with some bytes behind those that are there, of which no stripe is begun.
  private mutating func value(after bytes: RawSpan) -> UInt64 {
    byteCount += bytes.byteCount
    let stripedCount = bytes.byteCount & ~(Self.stripeSize - 1)
    addStripes(bytes.extracting(0..<stripedCount))
    return sum(with: bytes.extracting(stripedCount..<bytes.byteCount))
  }

  private mutating func addStripes(_ bytes: RawSpan) {
    for offset in stride(from: 0, to: bytes.byteCount, by: Self.stripeSize) {
      lanes.0 = Self.round(lanes.0, bytes.value(at: offset))
      lanes.1 = Self.round(lanes.1, bytes.value(at: offset + 8))
      lanes.2 = Self.round(lanes.2, bytes.value(at: offset + 16))
      lanes.3 = Self.round(lanes.3, bytes.value(at: offset + 24))
    }
  }

  /// The hash with the bytes behind the last whole stripe.
  private func sum(with rest: RawSpan) -> UInt64 {
    var sum = byteCount < Self.stripeSize ? Self.primes.4 : joinedLanes
    sum &+= UInt64(byteCount)
    Self.mixIn(rest, to: &sum)
    return Self.avalanche(sum)
  }

  private var joinedLanes: UInt64 {
    var sum = lanes.0.rotatedLeft(by: 1) &+ lanes.1.rotatedLeft(by: 7)
    sum &+= lanes.2.rotatedLeft(by: 12) &+ lanes.3.rotatedLeft(by: 18)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
      sum = (sum ^ Self.round(0, lane)) &* Self.primes.0 &+ Self.primes.3
    }
    return sum
  }

  private static func mixIn(_ rest: RawSpan, to sum: inout UInt64) {
    var offset = 0
    while offset + 8 <= rest.byteCount {
      sum = (sum ^ round(0, rest.value(at: offset))).rotatedLeft(by: 27) &* primes.0 &+ primes.3
      offset += 8
    }
    if offset + 4 <= rest.byteCount {
      let word: UInt32 = rest.value(at: offset)
      sum = (sum ^ UInt64(word) &* primes.0).rotatedLeft(by: 23) &* primes.1 &+ primes.2
      offset += 4
    }
    while offset < rest.byteCount {
      let byte: UInt8 = rest.value(at: offset)
      sum = (sum ^ UInt64(byte) &* primes.4).rotatedLeft(by: 11) &* primes.0
      offset += 1
    }
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    (lane &+ input &* primes.1).rotatedLeft(by: 31) &* primes.0
  }

  private static func avalanche(_ sum: UInt64) -> UInt64 {
    var mixed = (sum ^ (sum >> 33)) &* primes.1
    mixed = (mixed ^ (mixed >> 29)) &* primes.2
    return mixed ^ (mixed >> 32)
  }
}
