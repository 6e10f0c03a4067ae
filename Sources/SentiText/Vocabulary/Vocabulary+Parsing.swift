extension Vocabulary {
  /// Reads a vocabulary file.
  ///
  /// - Throws: `VocabularyError`, with path and line.
  public init(contentsOf path: String) throws(VocabularyError) {
    let bytes: [UInt8]
    do {
      bytes = try FileAccess.read(path)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    try self.init(parsing: bytes, path: path)
  }

  /// Reads the bytes of a vocabulary file.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes.
  ///   - path: The name that errors give.
  /// - Throws: `VocabularyError`, with path and line.
  /// - Complexity: O(bytes); no allocation a word.
  public init(parsing bytes: [UInt8], path: String) throws(VocabularyError) {
    guard bytes.count <= UInt32.max else {
      throw .unreadable(path: path, reason: "larger than 4 GiB")
    }
    var parser = VocabularyParser(lines: LineReader(bytes), path: path)
    let (header, expectedCount) = try parser.header()
    // A word's line has at least three bytes, so a false count cannot ask for too much memory.
    var table = WordTable(capacity: min(expectedCount, bytes.count / 3))
    var counts: [Int] = []
    counts.reserveCapacity(min(expectedCount, bytes.count / 3))
    while let line = parser.lines.next() {
      counts.append(try parser.word(line, into: &table))
    }
    guard table.count == expectedCount else {
      throw .wrongWordCount(path: path, expected: expectedCount, found: table.count)
    }
    self.init(header: header, table: table, counts: counts)
  }
}

/// The lines of a file: byte 0x0A ends one, and nothing else does.
struct LineReader {
  /// The file.
  let bytes: [UInt8]
  private var position = 0
  /// The number of the line that `next` gave last, from 1.
  private(set) var number = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next line's range, without its end.
  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    let file = bytes
    let source = file.span
    var end = start
    while end < source.count, source[end] != UInt8(ascii: "\n") { end += 1 }
    position = end + 1
    number += 1
    return start..<end
  }
}

/// Reads the parts of a vocabulary file.
private struct VocabularyParser {
  var lines: LineReader
  let path: String
  private var scratch: [UInt8] = []

  init(lines: LineReader, path: String) {
    self.lines = lines
    self.path = path
  }

  private func malformed(_ reason: String, line: Int? = nil) -> VocabularyError {
    .malformedLine(path: path, line: line ?? lines.number, reason: reason)
  }

  /// A value of the header, and the line that it stands in.
  private typealias HeaderField = (value: String, line: Int)

  // MARK: Header

  mutating func header() throws(VocabularyError) -> (VocabularyHeader, wordCount: Int) {
    try checkFormat()
    let fields = try headerFields()
    func field(_ name: String) throws(VocabularyError) -> HeaderField {
      guard let field = fields[name] else { throw .missingField(path: path, name: name) }
      return field
    }
    func number(_ name: String) throws(VocabularyError) -> Int {
      let (value, line) = try field(name)
      guard let number = Int(value), number >= 0 else {
        throw malformed("expected a number as '\(name)', found \(value.quoted)", line: line)
      }
      return number
    }
    func checksum(_ name: String) throws(VocabularyError) -> UInt64 {
      let (value, line) = try field(name)
      guard let checksum = UInt64(value, radix: 16) else {
        throw malformed("expected hexadecimal digits as '\(name)'", line: line)
      }
      return checksum
    }
    let steps = try field("normalization")
    guard let normalization = Normalization(description: steps.value) else {
      throw malformed("unknown normalization \(steps.value.quoted)", line: steps.line)
    }
    let locale = try field("locale")
    try requireKnown(locale.value, line: locale.line)
    try requireKnown(normalization.lowercaseLocale ?? "", line: steps.line)
    let header = VocabularyHeader(
      normalization: normalization, locale: locale.value,
      versions: ICUVersion(icu: try field("icu").value, unicode: try field("unicode").value),
      corpusChecksum: try checksum("corpus-checksum"), textCount: try number("texts"),
      minimumCount: try number("minimum-count"),
      specialTokenCount: try number("special-tokens"),
      boundaryChecksum: fields["boundaries"] == nil ? nil : try checksum("boundaries"))
    return (header, try number("words"))
  }

  /// Refuses the locale of a language that ICU does not know.
  private func requireKnown(_ locale: String, line: Int) throws(VocabularyError) {
    guard !CharacterProperties.isKnownLocale(locale) else { return }
    throw malformed("expected a locale that ICU knows, found \(locale.quoted)", line: line)
  }

  private mutating func checkFormat() throws(VocabularyError) {
    let magic = "senti vocabulary "
    guard let first = lines.next(), first.count < 64, case let line = text(first),
      line.hasPrefix(magic), let version = Int(line.dropFirst(magic.count)), version > 0
    else { throw .notAVocabulary(path: path) }
    guard version <= VocabularyHeader.formatVersion else {
      throw .newerFormat(
        path: path, found: version, supported: VocabularyHeader.formatVersion)
    }
  }

  /// The fields up to the empty line.
  private mutating func headerFields() throws(VocabularyError) -> [String: HeaderField] {
    var fields: [String: HeaderField] = [:]
    while let line = lines.next(), !line.isEmpty {
      let parts = text(line).split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[1].first == " " else {
        throw malformed("expected 'name: value' in the header")
      }
      let field = (value: String(parts[1].dropFirst()), line: lines.number)
      guard fields.updateValue(field, forKey: String(parts[0])) == nil
      else { throw malformed("the field \(String(parts[0]).quoted) again") }
    }
    return fields
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: lines.bytes[range], as: UTF8.self)
  }

  // MARK: Words

  /// Adds a line's word to the table and returns its count.
  mutating func word(
    _ line: Range<Int>, into table: inout WordTable
  ) throws(VocabularyError) -> Int {
    let (word, count) = try split(line)
    let (index, isNew) = try insert(word, into: &table)
    guard isNew else {
      let first = lines.number - (table.count - index)
      throw .duplicateWord(path: path, line: lines.number, first: first)
    }
    if index < SpecialTokens.names.count {
      let expected = SpecialTokens.names[index]
      guard table.word(at: index).elementsEqual(expected.utf8) else {
        throw .missingSpecialToken(path: path, line: lines.number, expected: expected)
      }
    }
    return count
  }

  /// Splits a line at its tab, and reads the count behind it.
  private func split(_ line: Range<Int>) throws(VocabularyError) -> (Range<Int>, count: Int) {
    let bytes = lines.bytes.span
    var tab = line.upperBound - 1
    var (count, scale) = (0, 1)
    while tab >= line.lowerBound, (0x30...0x39).contains(bytes[tab]) {
      guard line.upperBound - tab <= 18 else { throw malformed("a count of more than 18 digits") }
      count += Int(bytes[tab] - 0x30) * scale
      scale *= 10
      tab -= 1
    }
    guard tab >= line.lowerBound, bytes[tab] == UInt8(ascii: "\t"), scale > 1 else {
      throw malformed("expected a word, a tab and a count")
    }
    guard tab > line.lowerBound else { throw malformed("expected a word before the tab") }
    return (line.lowerBound..<tab, count)
  }

  private mutating func insert(
    _ word: Range<Int>, into table: inout WordTable
  ) throws(VocabularyError) -> (index: Int, isNew: Bool) {
    let file = lines.bytes
    let bytes = file.span
    var isPlain = true
    for index in word {
      guard bytes[index] >= 0x20 else { throw malformed("a control character that is not escaped") }
      if bytes[index] == UInt8(ascii: "\\") { isPlain = false }
    }
    if isPlain { return table.insert(bytes, word) }
    try unescape(word)
    return table.insert(scratch.span, 0..<scratch.count)
  }

  /// Puts the bytes that an escaped word stands for into `scratch`.
  private mutating func unescape(_ word: Range<Int>) throws(VocabularyError) {
    scratch.removeAll(keepingCapacity: true)
    var rest = lines.bytes[word]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        scratch.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\\"): scratch.append(byte)
      case UInt8(ascii: "x"):
        guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
          rest.count >= 2
        else { throw malformed("expected two hexadecimal digits after '\\x'") }
        scratch.append(value)
        rest = rest.dropFirst(2)
      default: throw malformed("expected '\\\\' or '\\x' and two digits")
      }
    }
  }
}
