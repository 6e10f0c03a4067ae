/// How often each run of up to so many symbols occurs in a sequence.
///
/// A run is a number: its symbols side by side, none of which is 0, so that a shorter run is never
/// equal to a longer one. Words take 32 bits each, characters 21.
struct NGramCounts: Sendable {
  /// The runs of each length, from 1, in the order of their first occurrence.
  private(set) var runs: [[UInt128]]
  private var counts: [UInt128: Int] = [:]

  /// Counts the runs.
  ///
  /// - Parameters:
  ///   - symbols: The sequence; no symbol is 0.
  ///   - maximumLength: The greatest length of a run.
  ///   - bits: What a symbol takes; `maximumLength` of them fit into 128.
  init(_ symbols: [UInt32], maximumLength: Int, bits: UInt128 = 32) {
    runs = Array(repeating: [], count: maximumLength)
    for start in symbols.indices {
      var run: UInt128 = 0
      for (index, symbol) in symbols[start...].prefix(maximumLength).enumerated() {
        run = run << bits | UInt128(symbol)
        if counts[run, default: 0] == 0 { runs[index].append(run) }
        counts[run, default: 0] += 1
      }
    }
  }

  /// How often a run occurs.
  subscript(run: UInt128) -> Int { counts[run] ?? 0 }

  /// How many runs of a length there are, repeats counted.
  func total(ofLength length: Int) -> Int { runs[length - 1].reduce(0) { $0 + self[$1] } }

  /// How many runs of a length have a partner in other counts, each used once.
  func matches(ofLength length: Int, in other: NGramCounts) -> Int {
    runs[length - 1].reduce(0) { $0 + min(self[$1], other[$1]) }
  }

  /// Takes the greater count of each run.
  mutating func formMaximum(_ other: NGramCounts) {
    for length in runs.indices {
      for run in other.runs[length] {
        if counts[run] == nil { runs[length].append(run) }
        counts[run] = max(self[run], other[run])
      }
    }
  }
}

/// Numbers for words, from 1 in the order in which they come; compared byte by byte.
struct WordNumbers: Sendable {
  private var numbers: [[UInt8]: UInt32] = [:]

  mutating func numbers(of words: [String]) -> [UInt32] {
    words.map { word in
      let bytes = Array(word.utf8)
      if let number = numbers[bytes] { return number }
      let number = UInt32(numbers.count + 1)
      numbers[bytes] = number
      return number
    }
  }
}
