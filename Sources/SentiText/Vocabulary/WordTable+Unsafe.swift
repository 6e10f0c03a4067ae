internal import CSentiText

/// Distinct words, numbered in the order of their arrival.
///
/// The words lie one behind the other in one array of bytes, and an open-addressing table finds
/// them: a look-up compares bytes and makes no `String`.
struct WordTable: Sendable {
  /// A byte that is no word's, so that there is always an address, and the words behind it.
  private var bytes: [UInt8] = [0]
  /// Where each word begins; the last entry is where the last word ends.
  private var offsets: [UInt32] = [1]
  /// Slots of 16 bytes, a power of two of them, at least half of them empty.
  private var slots: [UInt64]

  /// Makes an empty table with room for some words.
  init(capacity: Int = 0) {
    slots = [UInt64](repeating: 0, count: 2 * Self.slotCount(for: capacity))
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

  /// The number of the word that stands in a range of some bytes.
  func index(of source: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let number = unsafe withTable { table in
      unsafe source.withUnsafeBufferPointer { text in
        guard let start = unsafe Self.base(text, range) else { return UInt32(0) }
        let place = unsafe CSentiText_findSlot(
          &table, start, Int64(range.lowerBound), Int64(range.count), Int64(text.count))
        return unsafe table.slots[Int(place)].number
      }
    }
    return number == 0 ? nil : Int(number) - 1
  }

  /// Adds a word unless it is there, and returns its number.
  ///
  /// - Precondition: The words' bytes together stay below 4 GiB.
  mutating func insert(_ source: Span<UInt8>, _ range: Range<Int>) -> (index: Int, isNew: Bool) {
    if let index = index(of: source, range) { return (index, false) }
    for index in range { bytes.append(source[index]) }
    precondition(bytes.count <= UInt32.max, "\(bytes.count) bytes of words do not fit 32 bits")
    offsets.append(UInt32(bytes.count))
    if 4 * count > slots.count { grow() }
    fillSlot(of: count - 1)
    return (count - 1, true)
  }

  /// Appends the numbers of a batch's tokens that are not space; `unknown` for words that the table
  /// lacks.
  func append(
    numbersOf batch: TokenBatch, in source: Span<UInt8>, unknown: TokenID, to ids: inout [TokenID]
  ) {
    unsafe source.withUnsafeBufferPointer { text in
      guard !text.isEmpty else { return }
      ids.append(addingCapacity: batch.count) { output in
        unsafe output.withUnsafeMutableBufferPointer { buffer, count in
          count = unsafe lookUp(batch, in: text, unknown: unknown, into: buffer)
        }
      }
    }
  }

  /// The numbers of a batch's tokens that are not space.
  func numbers(of batch: TokenBatch, in source: Span<UInt8>, unknown: UInt32) -> [TokenID] {
    var numbers: [TokenID] = []
    append(
      numbersOf: batch, in: source, unknown: TokenID(rawValue: unknown), to: &numbers)
    return numbers
  }

  private func lookUp(
    _ batch: TokenBatch, in text: UnsafeBufferPointer<UInt8>, unknown: TokenID,
    into output: UnsafeMutableBufferPointer<TokenID>
  ) -> Int {
    unsafe output.withMemoryRebound(to: UInt32.self) { numbers in
      guard let numbers = numbers.baseAddress, let start = text.baseAddress else { return 0 }
      let count = unsafe withTable { table in
        unsafe CSentiText_lookUp(
          &table, start, Int64(batch.start), Int64(text.count), batch.storage.pointee.ends,
          batch.storage.pointee.kinds, Int64(batch.count), TokenKind.space.rawValue,
          unknown.rawValue, numbers)
      }
      return Int(count)
    }
  }

  // MARK: Slots

  /// A power of two that leaves at least half of the slots empty.
  private static func slotCount(for capacity: Int) -> Int {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    return size
  }

  /// The address of a text that has the range; none for an empty range, which is no word.
  private static func base(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> UnsafePointer<UInt8>? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= text.count,
      "range \(range) lies outside of \(text.count) bytes")
    return range.isEmpty ? nil : text.baseAddress
  }

  private func withTable<Result>(_ body: (inout CSentiText_Words) -> Result) -> Result {
    unsafe slots.withUnsafeBytes { slotBytes in
      unsafe bytes.withUnsafeBufferPointer { words in
        unsafe offsets.withUnsafeBufferPointer { offsets in
          guard
            let slots = unsafe slotBytes.assumingMemoryBound(to: CSentiText_Slot.self).baseAddress,
            let words = words.baseAddress, let offsets = offsets.baseAddress
          else { preconditionFailure("a table has slots, bytes and offsets") }
          var table = unsafe CSentiText_Words(
            slots: slots, slotCount: Int64(self.slots.count / 2), words: words, offsets: offsets)
          return unsafe body(&table)
        }
      }
    }
  }

  private mutating func fillSlot(of index: Int) {
    let (start, end) = (Int64(offsets[index]), Int64(offsets[index + 1]))
    let byteCount = Int64(bytes.count)
    let place = unsafe withTable { table in
      unsafe CSentiText_findSlot(&table, table.words, start, end - start, byteCount)
    }
    unsafe slots.withUnsafeMutableBytes { slotBytes in
      let slots = unsafe slotBytes.assumingMemoryBound(to: CSentiText_Slot.self)
      guard let slot = slots.baseAddress else { return }
      unsafe CSentiText_fillSlot(
        slot + Int(place), bytes, start, end - start, byteCount, UInt32(index + 1))
    }
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: 2 * slots.count)
    unsafe slots.withUnsafeBytes { old in
      unsafe larger.withUnsafeMutableBytes { new in
        guard let from = unsafe old.assumingMemoryBound(to: CSentiText_Slot.self).baseAddress,
          let to = unsafe new.assumingMemoryBound(to: CSentiText_Slot.self).baseAddress
        else { return }
        unsafe CSentiText_moveSlots(from, Int64(old.count / 16), to, Int64(new.count / 16))
      }
    }
    slots = larger
  }
}
