internal import SentiText

/// Reads word vectors from text, line by line: a word, then its numbers.
///
/// Three formats are told apart by their first line: GloVe's, which has none but vectors, and those of
/// word2vec and fastText, which begin with the number of words and that of numbers. A word may hold
/// spaces, as some of GloVe's do. Files may be packed as `.gz` or `.zst`, and are never held as a whole.
///
/// - SeeAlso: <https://nlp.stanford.edu/projects/glove/>,
///   <https://fasttext.cc/docs/en/english-vectors.html>.
public struct WordVectorReader {
  /// The number of numbers of a vector: the header's, or that of the first line.
  public let vectorSize: Int

  /// The lines that could not be read so far, at most ``reportedCount`` of them.
  public private(set) var problems: [CorpusError] = []

  /// The number of all lines that could not be read so far.
  public private(set) var problemCount = 0

  /// The most problems that are kept.
  public static let reportedCount = 10

  private var lines: RecordBuffer
  private var lineNumber: Int
  private var first: [UInt8]?
  /// The number of vectors by the header, until the end has been compared with it.
  private var promisedCount: Int?
  private var vectorLineCount = 0

  /// Opens a file and reads its first line.
  ///
  /// - Parameter path: The file.
  /// - Throws: A ``CorpusError`` where it cannot be read, or begins with neither header nor vector.
  public init(contentsOf path: String) throws(CorpusError) {
    var lines = RecordBuffer(try ByteSource(path: path))
    guard let first = try Self.line(&lines) else { throw CorpusError(.empty, path: path) }
    let fields = first.split(separator: space)
    let numbers = fields.map { Int(String(decoding: $0, as: UTF8.self)) }
    let isHeader = fields.count == 2 && !numbers.contains(nil)
    promisedCount = isHeader ? numbers[0] : nil
    vectorSize = isHeader ? (numbers[1] ?? 0) : fields.count - 1
    guard vectorSize > 0 else {
      throw CorpusError(
        .malformed(
          expected: "a word and its numbers", found: "\(fields.count) fields", byteOffset: 0),
        path: path, line: 1)
    }
    self.lines = lines
    self.first = isHeader ? nil : first
    lineNumber = isHeader ? 1 : 0
  }

  /// Reads on to the next vector of a wanted word; lines that are malformed are noted and left out.
  ///
  /// A file that ends before as many lines as its header promises was cut short: that is noted, too.
  ///
  /// The numbers of other words are counted, not read.
  ///
  /// - Parameter isWanted: Whether the word with some UTF-8 bytes is wanted.
  /// - Returns: The word's bytes and its vector; nil at the end.
  /// - Throws: A ``CorpusError`` where the file cannot be read on.
  public mutating func next(
    where isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws(CorpusError) -> (word: [UInt8], vector: [Float])? {
    while let line = try nextLine() {
      lineNumber += 1
      let fields = line.split(separator: space)
      if !fields.isEmpty { vectorLineCount += 1 }
      guard fields.count > vectorSize, let start = fields.last(vectorSize)?.startIndex else {
        if !fields.isEmpty {
          note(.fieldCount(expected: vectorSize + 1, found: fields.count))
        }
        continue
      }
      let word = Array(line[..<max(0, start - 1)])
      guard isWanted(word) else { continue }
      let numbers = fields.suffix(vectorSize).map { Float(String(decoding: $0, as: UTF8.self)) }
      let vector = numbers.compactMap { $0 }.filter(\.isFinite)
      if vector.count == vectorSize { return (word, vector) }
      let bad = numbers.firstIndex { !($0?.isFinite ?? false) } ?? 0
      let field = fields[fields.count - vectorSize + bad]
      note(
        .malformed(
          expected: "a number", found: String(decoding: field, as: UTF8.self).quoted,
          byteOffset: field.startIndex))
    }
    if let promised = promisedCount, vectorLineCount < promised {
      note(.rowCount(expected: promised, found: vectorLineCount))
    }
    promisedCount = nil
    return nil
  }

  private mutating func note(_ problem: CorpusError.Problem) {
    problemCount += 1
    guard problems.count < Self.reportedCount else { return }
    problems.append(CorpusError(problem, path: lines.name, line: lineNumber))
  }

  private mutating func nextLine() throws(CorpusError) -> [UInt8]? {
    if let first {
      self.first = nil
      return first
    }
    return try Self.line(&lines)
  }

  /// The next line without its end; nil behind the last one.
  private static func line(_ lines: inout RecordBuffer) throws(CorpusError) -> [UInt8]? {
    var searched = 0
    while true {
      if let length = lines.lengthOfRecord(endingWith: lineFeed, from: searched) {
        guard length > 0 else { return nil }
        var line = lines.take(length)
        while let last = line.last, [lineFeed, carriageReturn, space].contains(last) {
          line.removeLast()
        }
        return line
      }
      searched = lines.count
      try lines.fill()
    }
  }
}

private let space = UInt8(ascii: " ")

extension [ArraySlice<UInt8>] {
  /// The first of the last so many fields.
  fileprivate func last(_ count: Int) -> ArraySlice<UInt8>? {
    count <= self.count ? self[self.count - count] : nil
  }
}
