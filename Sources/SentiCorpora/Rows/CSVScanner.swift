/// Finds where a row of CSV ends and where its fields lie, one byte after the other.
///
/// Follows RFC 4180: a field that starts with a quote runs to the closing quote, over delimiters
/// and line ends; a quote within is doubled. A quote inside a field that does not start with one
/// is an ordinary character. A row ends at LF or CRLF, in files of old Macintoshes at a lone CR too;
/// a CR at the very end of a file ends its last row in any.
///
/// The scanner can stop at any byte and go on when there is more, so a row may come in pieces. A
/// row that breaks the rules ends at its first line end, so that one stray quote costs one line.
struct CSVScanner {
  private enum State {
    case fieldStart, unquoted, quoted, quoteInQuoted, returnAfterQuote, rowEndingReturn
    case broken, brokenReturn
  }

  private let delimiter: UInt8
  private let endsRowsAtReturns: Bool
  private let start: Int
  private let maximumByteCount: Int
  private var state = State.fieldStart
  private var position: Int
  private var fieldStart: Int
  private var hasDoubledQuote = false
  private(set) var fields: [Field] = []
  private(set) var lineCount = 0
  private(set) var problem: CorpusError.Problem?

  /// Prepares for one row.
  ///
  /// - Parameters:
  ///   - delimiter: The byte between fields.
  ///   - start: Where the first field starts, from the start of the row.
  ///   - endsRowsAtReturns: Whether a CR without LF ends a row too.
  ///   - maximumByteCount: The length at which an open quote is taken for a stray one.
  init(delimiter: UInt8, start: Int, endsRowsAtReturns: Bool = false, maximumByteCount: Int) {
    self.delimiter = delimiter
    self.endsRowsAtReturns = endsRowsAtReturns
    self.start = start
    self.maximumByteCount = maximumByteCount
    position = start
    fieldStart = start
  }

  /// Looks for the end of the row.
  ///
  /// - Parameters:
  ///   - bytes: The buffer.
  ///   - base: Where the row starts in the buffer.
  ///   - isAtEnd: Whether nothing follows the buffer.
  /// - Returns: The length of the row with its line end, or `nil` when more bytes are needed.
  mutating func scan(_ bytes: [UInt8], base: Int, isAtEnd: Bool) -> Int? {
    while base + position < bytes.count {
      let byte = bytes[base + position]
      position += 1
      if advance(over: byte, bytes, base) { return position }
      if state == .quoted && position >= maximumByteCount { breakRow(.unclosedQuote) }
    }
    return isAtEnd ? finish(bytes, base) : nil
  }

  /// Takes one byte in, and tells whether it ends the row.
  private mutating func advance(over byte: UInt8, _ bytes: [UInt8], _ base: Int) -> Bool {
    if byte != lineFeed && (state == .rowEndingReturn || state == .brokenReturn) {
      position -= 1
      return true
    }
    countLine(byte, bytes, base)
    switch state {
    case .fieldStart: return startField(byte, bytes, base)
    case .unquoted: return continueField(byte, bytes, base)
    case .quoted: if byte == quote { state = .quoteInQuoted }
    case .quoteInQuoted: return followQuote(byte)
    case .returnAfterQuote:
      if byte == lineFeed { return true }
      breakRow(strayByteProblem(after: position - 2))
    case .rowEndingReturn, .brokenReturn: return true
    case .broken:
      if byte == carriageReturn && endsRowsAtReturns { state = .brokenReturn }
      return byte == lineFeed
    }
    return false
  }

  /// Counts the byte where it ends a line, a pair of CR and LF once.
  private mutating func countLine(_ byte: UInt8, _ bytes: [UInt8], _ base: Int) {
    if byte == carriageReturn && endsRowsAtReturns { lineCount += 1 }
    guard byte == lineFeed else { return }
    let isSecond = endsRowsAtReturns && position > 1 && bytes[base + position - 2] == carriageReturn
    if !isSecond { lineCount += 1 }
  }

  private mutating func startField(_ byte: UInt8, _ bytes: [UInt8], _ base: Int) -> Bool {
    fieldStart = position - 1
    guard byte == quote else {
      state = .unquoted
      return continueField(byte, bytes, base)
    }
    fieldStart = position
    hasDoubledQuote = false
    state = .quoted
    return false
  }

  private mutating func continueField(_ byte: UInt8, _ bytes: [UInt8], _ base: Int) -> Bool {
    if byte == delimiter {
      fields.append(Field(range: fieldStart..<position - 1, form: .plain))
      state = .fieldStart
    } else if byte == lineFeed {
      endUnquotedRow(at: position - 1, bytes, base)
      return true
    } else if byte == carriageReturn && endsRowsAtReturns {
      fields.append(Field(range: fieldStart..<position - 1, form: .plain))
      state = .rowEndingReturn
    }
    return false
  }

  /// Ends the last field before a line feed, and before the carriage return that goes with it.
  private mutating func endUnquotedRow(at end: Int, _ bytes: [UInt8], _ base: Int) {
    let hasReturn = end > fieldStart && bytes[base + end - 1] == carriageReturn
    fields.append(Field(range: fieldStart..<(hasReturn ? end - 1 : end), form: .plain))
  }

  /// Takes in the byte after a quote that stands in a quoted field.
  private mutating func followQuote(_ byte: UInt8) -> Bool {
    if byte == quote {
      hasDoubledQuote = true
      state = .quoted
      return false
    }
    let isKnown = byte == delimiter || byte == lineFeed || byte == carriageReturn
    guard isKnown else {
      breakRow(strayByteProblem(after: position - 1))
      return false
    }
    let form = hasDoubledQuote ? Field.Form.doubledQuotes : .plain
    fields.append(Field(range: fieldStart..<position - 2, form: form))
    let afterReturn = endsRowsAtReturns ? State.rowEndingReturn : .returnAfterQuote
    state = byte == delimiter ? .fieldStart : afterReturn
    return byte == lineFeed
  }

  /// Ends the last row of a file that has no line end.
  private mutating func finish(_ bytes: [UInt8], _ base: Int) -> Int? {
    let end = bytes.count - base
    switch state {
    case .quoted:
      breakRow(.unclosedQuote)
      return scan(bytes, base: base, isAtEnd: true)
    case .fieldStart, .unquoted:
      fieldStart = state == .fieldStart ? end : fieldStart
      endUnquotedRow(at: end, bytes, base)
    case .quoteInQuoted:
      let form = hasDoubledQuote ? Field.Form.doubledQuotes : .plain
      fields.append(Field(range: fieldStart..<end - 1, form: form))
    case .returnAfterQuote, .rowEndingReturn, .broken, .brokenReturn: break
    }
    return end
  }

  /// Gives the row up and goes back to look for its first line end.
  private mutating func breakRow(_ problem: CorpusError.Problem) {
    self.problem = problem
    fields = []
    lineCount = 0
    position = start
    state = .broken
  }

  private func strayByteProblem(after offset: Int) -> CorpusError.Problem {
    .malformed(
      expected: "a delimiter or a line end after the closing quote", found: "more text",
      byteOffset: offset)
  }
}

/// The bytes that have a meaning in every format here.
let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
let quote = UInt8(ascii: "\"")
