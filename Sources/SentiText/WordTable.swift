/// Distinct words, numbered in the order of their arrival.
///
/// The words lie one behind the other in one array of bytes, and an open-addressing table of
/// numbers finds them: a look-up compares bytes and makes no `String`.
struct WordTable: Sendable {
  /// The words, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each word begins; the last entry is where the last word ends.
  private var offsets: [UInt32] = [0]
  /// Upper half a part of the word's hash, lower half its number plus one; 0 when empty.
  private var slots: [UInt64]

  /// Makes an empty table with room for some words.
  init(capacity: Int = 0) {
    slots = [UInt64](repeating: 0, count: Self.slotCount(for: capacity))
    offsets.reserveCapacity(capacity + 1)
    bytes.reserveCapacity(8 * capacity)
  }

  /// How many words there are.
  var count: Int { offsets.count - 1 }

  /// How many bytes the table occupies.
  var memorySize: Int { bytes.capacity + 4 * offsets.capacity + 8 * slots.capacity }

  /// The bytes of a word.
  func word(at index: Int) -> ArraySlice<UInt8> {
    bytes[Int(offsets[index])..<Int(offsets[index + 1])]
  }

  /// The number of a word that stands in a range of some bytes.
  func index(of source: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let hash = Self.hash(source, range)
    let found = slots[slot(of: source, range, hash)]
    return found == 0 ? nil : Int(UInt32(truncatingIfNeeded: found)) - 1
  }

  /// Adds a word unless it is there, and returns its number.
  ///
  /// - Precondition: The words' bytes together stay below 4 GiB.
  mutating func insert(_ source: Span<UInt8>, _ range: Range<Int>) -> (index: Int, isNew: Bool) {
    let hash = Self.hash(source, range)
    let place = slot(of: source, range, hash)
    let found = slots[place]
    guard found == 0 else { return (Int(UInt32(truncatingIfNeeded: found)) - 1, false) }
    for index in range { bytes.append(source[index]) }
    precondition(bytes.count <= UInt32.max, "\(bytes.count) bytes of words do not fit 32 bits")
    offsets.append(UInt32(bytes.count))
    slots[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(count)
    if 2 * count > slots.count { grow() }
    return (count - 1, true)
  }

  // MARK: Slots

  /// A power of two that leaves at least half of the slots empty.
  private static func slotCount(for capacity: Int) -> Int {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    return size
  }

  private static func hash(_ source: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    ByteHash.mixed(ByteHash.fnv1a(source, range))
  }

  /// The slot that holds a word, or the empty one where it belongs.
  private func slot(of source: Span<UInt8>, _ range: Range<Int>, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[place] != 0 {
      if slots[place] >> 32 == hash >> 32,
        equals(Int(UInt32(truncatingIfNeeded: slots[place])) - 1, source, range)
      {
        return place
      }
      place = (place + 1) & mask
    }
    return place
  }

  private func equals(_ index: Int, _ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = Int(offsets[index])
    guard Int(offsets[index + 1]) - start == range.count else { return false }
    for distance in 0..<range.count
    where bytes[start + distance] != source[range.lowerBound + distance] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: 2 * old.count)
    let mask = slots.count - 1
    for entry in old where entry != 0 {
      var place = Int(truncatingIfNeeded: entry >> 32) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = entry
    }
  }
}
