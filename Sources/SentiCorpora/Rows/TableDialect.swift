/// How a table of CSV or TSV separates its fields and rows, as its first bytes tell.
///
/// Spreadsheets name a file `.csv` whatever they put between fields: a semicolon where the comma is
/// the decimal sign, a tab, a bar. So the separator is the one under which the header has the field
/// that is asked for. A first line such as `sep=;`, by which Excel is told the separator, is believed
/// and belongs to no row. A file whose header ends with a lone carriage return has rows that end so.
struct TableDialect: Hashable {
  /// The byte between two fields.
  var delimiter: UInt8
  /// Whether the header has the field that was asked for.
  var hasField = false
  /// Whether rows end at a lone carriage return too, as on the first Macintoshes.
  var endsRowsAtReturns = false
  /// The number of bytes before the header: byte order mark and separator line.
  var preambleLength: Int
  /// The number of lines before the header.
  var preambleLineCount = 0

  /// Whether the start of the file speaks for a table.
  var isRecognized: Bool { hasField || preambleLineCount > 0 }

  /// The format that has such a delimiter.
  var format: CorpusFormat { delimiter == CorpusFormat.tsv.delimiter ? .tsv : .csv }

  /// What separates fields in files that are called tables, the most frequent first.
  static let delimiters = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

  /// A header longer than this is not looked through.
  static let maximumHeaderLength = 1 << 20

  /// Looks at the start of a file; gives `nil` when the header is not whole yet.
  ///
  /// - Parameters:
  ///   - bytes: The start, from the file's first byte on.
  ///   - isAtEnd: Whether there is no more of it.
  ///   - isCertain: Whether the file is known to be a table. In the first line of a text, a quote may
  ///     be closed much later, or never; there the header is the first line.
  ///   - delimiter: The byte that is known to lie between fields, or `nil`.
  ///   - usual: The byte that the format has between fields.
  ///   - field: The name that the header is known to have.
  init?(
    _ bytes: [UInt8], isAtEnd: Bool, isCertain: Bool, delimiter: UInt8?, usual: UInt8,
    field: String
  ) {
    let isComplete = isAtEnd || bytes.count >= Self.maximumHeaderLength
    let mark = byteOrderMarkLength(of: bytes)
    guard let separator = SeparatorLine(bytes[mark...], isComplete: isComplete) else { return nil }
    preambleLength = mark + separator.length
    preambleLineCount = separator.length > 0 ? 1 : 0
    self.delimiter = usual
    let known = delimiter ?? separator.delimiter
    let candidates = known.map { [$0] } ?? [usual] + Self.delimiters.filter { $0 != usual }
    let isLine = !isCertain && bytes[preambleLength...].contains(lineFeed)
    guard
      let headers = Self.headers(bytes, from: preambleLength, candidates, isComplete || isLine)
    else { return nil }
    let name = Array(field.utf8)
    let longest = headers.reduce(headers[0]) { $1.names.count > $0.names.count ? $1 : $0 }
    let fallback = headers[0].names.count > 1 ? headers[0] : longest
    // A quote that is never closed hides where the header ends: it is the usual one's mistake.
    let open = headers[0].isOpen ? headers[0] : nil
    let best = headers.first { $0.names.contains(name) } ?? open ?? fallback
    self.delimiter = best.delimiter
    hasField = best.names.contains(name)
    endsRowsAtReturns = best.endsAtReturn
  }

  /// The dialect of a file without a header.
  init(delimiter: UInt8, after start: [UInt8]) {
    self.delimiter = delimiter
    preambleLength = byteOrderMarkLength(of: start)
  }

  /// A header as one delimiter cuts it.
  private struct Header {
    let delimiter: UInt8
    let names: [[UInt8]]
    let endsAtReturn: Bool
    /// Whether a quote is opened and never closed.
    let isOpen: Bool
  }

  /// Cuts the header by each delimiter; `nil` when it is not whole yet.
  private static func headers(
    _ bytes: [UInt8], from start: Int, _ delimiters: [UInt8], _ isComplete: Bool
  ) -> [Header]? {
    var headers: [Header] = []
    for delimiter in delimiters {
      var scanner = CSVScanner(
        delimiter: delimiter, start: start, endsRowsAtReturns: true,
        maximumByteCount: maximumHeaderLength)
      guard let end = scanner.scan(bytes, base: 0, isAtEnd: isComplete) else { return nil }
      let names = scanner.fields.map { field in
        Array((try? field.form.decode(bytes[field.range])) ?? bytes[field.range])
      }
      let endsAtReturn = end > start && bytes[end - 1] == carriageReturn
      headers.append(
        Header(
          delimiter: delimiter, names: names, endsAtReturn: endsAtReturn,
          isOpen: scanner.problem == .unclosedQuote))
    }
    return headers
  }
}

/// The line by which Excel is told the separator: `sep=` and one character, perhaps in quotes.
private struct SeparatorLine {
  /// The number of bytes with the line end; 0 where there is no such line.
  private(set) var length = 0
  private(set) var delimiter: UInt8?

  private static let word = Array("sep=".utf8)

  /// Looks for the line; `nil` when too few bytes have come to tell.
  init?(_ bytes: ArraySlice<UInt8>, isComplete: Bool) {
    // Word, character, two quotes and the longest line end, and one more to know what follows.
    let head = Array(bytes.prefix(10))
    let body = head.first == quote ? Array(head.dropFirst()) : head
    let letters = body.prefix(4).map { $0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0) }
    guard Self.word.starts(with: letters) else { return }
    if head.count < 10 && !isComplete && !head.contains(lineFeed) { return nil }
    guard letters.count == 4, let character = body.dropFirst(4).first, character < 0x80 else {
      return
    }
    let isQuoted = head.first == quote
    let rest = body.dropFirst(5)
    let end = isQuoted ? rest.dropFirst() : rest
    guard !isQuoted || rest.first == quote, let first = end.first,
      first == lineFeed || first == carriageReturn
    else { return }
    delimiter = character
    let isPair = first == carriageReturn && end.dropFirst().first == lineFeed
    length = (isQuoted ? 7 : 5) + (isPair ? 2 : 1)
  }
}

/// The number of bytes of the UTF-8 byte order mark that bytes start with.
func byteOrderMarkLength(of bytes: [UInt8]) -> Int {
  bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
}
