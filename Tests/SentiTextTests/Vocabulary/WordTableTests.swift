import Testing

@testable import SentiText

@Suite("Word table")
struct WordTableTests {
  /// Words of every length up to 40 bytes, many with equal beginnings.
  private static let words: [String] = (0..<5_000).map { index in
    String(repeating: "ab", count: index % 17) + String(index, radix: 36)
  }

  private func table(_ words: [String]) -> WordTable {
    var table = WordTable()
    for word in words { _ = table.insert(bytes(word).span, 0..<word.utf8.count) }
    return table
  }

  @Test func batchesAndSingleWordsAreFoundAlike() throws {
    let distinct = Self.words.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    let table = table(distinct)
    let text = bytes((distinct + ["unknown", "a"]).joined(separator: " "))
    let boundaries = try WordBoundaries(locale: "")
    var found: [TokenID] = []
    var expected: [TokenID] = []
    boundaries.forEachBatch(in: text.span) { batch in
      table.append(
        numbersOf: batch, in: text.span, unknown: TokenID(rawValue: .max), to: &found)
      batch.forEach { range, kind in
        guard kind != .space else { return }
        let index = table.index(of: text.span, range)
        expected.append(TokenID(rawValue: index.map { UInt32($0) } ?? .max))
      }
    }
    #expect(found == expected)
    #expect(found.count { $0.rawValue == .max } >= 1)
  }

  @Test func wordsKeepTheirNumbers() {
    let table = table(Self.words)
    for index in 0..<table.count {
      let word = Array(table.word(at: index))
      #expect(table.index(of: word.span, 0..<word.count) == index)
    }
    #expect(table.memorySize > 0)
    #expect(table.index(of: bytes("").span, 0..<0) == nil)
  }
}
