internal import CWordLoop
internal import SentiCorpora

/// Texts in every form that is measured, made before any clock starts.
struct MeasuredTexts {
  /// The texts as strings.
  let strings: [String]
  /// The texts in UTF-8.
  let utf8: [[UInt8]]
  /// All texts in UTF-16, one behind the other.
  private let units: [UInt16]
  /// Where each text ends in ``units``.
  private let ends: [Int64]

  /// Reads a corpus; what cannot be read is an error.
  init(_ path: String, fields: CorpusFields) throws {
    let corpus = try Corpus(CorpusReader(path, fields: fields))
    if let problem = corpus.problems.first { throw problem }
    strings = corpus.texts.map(\.text)
    utf8 = strings.map { Array($0.utf8) }
    var units: [UInt16] = []
    var ends: [Int64] = []
    for text in strings {
      units.append(contentsOf: text.utf16)
      ends.append(Int64(units.count))
    }
    (self.units, self.ends) = (units, ends)
  }

  /// The number of bytes in UTF-8.
  var byteCount: Int { utf8.reduce(0) { $0 + $1.count } }

  /// The share of texts that hold a byte above 127.
  var shareBeyondASCII: Double {
    Double(utf8.count { text in text.contains { $0 > 127 } }) / Double(utf8.count)
  }

  /// The number of tokens, spaces included, by the plain loop over ICU's iterator.
  func countByICU() -> Int {
    var wordCount: Int64 = 0
    let tokenCount = CWordLoop_count(units, ends, Int64(ends.count), &wordCount)
    precondition(tokenCount >= wordCount, "ICU failed")
    return Int(tokenCount)
  }
}
