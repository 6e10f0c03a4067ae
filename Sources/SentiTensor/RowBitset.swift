/// A set of rows, one bit each.
struct RowBitset: Sendable {
  private var words: [UInt64]

  /// Creates an empty set that has room for so many rows.
  init(rowCount: Int) {
    words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
  }

  mutating func insert(_ row: Int) { words[row >> 6] |= 1 << (row & 63) }

  mutating func insert(_ rows: Range<Int>) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let end = min(rows.upperBound, (row | 63) + 1)
      words[row >> 6] |= (UInt64.max >> (64 - (end - row))) << (row & 63)
      row = end
    }
  }

  mutating func formUnion(_ other: RowBitset) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  mutating func removeAll() {
    for index in words.indices { words[index] = 0 }
  }

  /// The members among some rows, in order, neighbours together.
  func runs(in rows: Range<Int>) -> [Range<Int>] {
    var (runs, row) = ([Range<Int>](), rows.lowerBound)
    while let start = next(in: row..<rows.upperBound, flip: 0) {
      row = next(in: start..<rows.upperBound, flip: .max) ?? rows.upperBound
      runs.append(start..<row)
    }
    return runs
  }

  /// The first row whose bit, flipped or not, is set.
  private func next(in rows: Range<Int>, flip: UInt64) -> Int? {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let bits = (words[row >> 6] ^ flip) >> (row & 63)
      if bits != 0 {
        row += bits.trailingZeroBitCount
        return row < rows.upperBound ? row : nil
      }
      row = (row | 63) + 1
    }
    return nil
  }
}
