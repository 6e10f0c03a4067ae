/// Writes rows as they were read, with values added at their end.
///
///     let formatter = RowFormatter(rows.layout, adding: ["label", "probability", "error"])
///     try sink.write([formatter.header[...]])
///     for row in rows {
///       let values: [AddedValue] = [.text("positive"), .number(0.98), .missing]
///       try sink.write(formatter.pieces(of: row.get(), adding: values))
///     }
///
/// From CSV to CSV with the same delimiter, and from JSON Lines to JSON Lines, every byte of a row
/// stays as it is: quotes, escapes, spaces, line end. Between formats the values stay, and are
/// quoted and escaped anew.
///
/// Each row gives a row with all columns, also one that could not be read. Where a row has too few
/// fields, empty ones are added; where it has too many, the rest of its text goes into the last
/// column; where it breaks the rules, all its text goes into the first. Empty lines stay empty lines,
/// and vanish between formats.
public struct RowFormatter: Sendable {
  /// The format that is written: CSV, TSV or JSON Lines.
  public let format: CorpusFormat
  /// The byte between two fields that are written, in CSV and TSV.
  public let delimiter: UInt8?
  private let input: RowLayout
  private let addedNames: [String]
  private let columns: [String]
  private let lineEnd: ArraySlice<UInt8>
  private let keepsBytes: Bool

  /// What is put before the name of an added value whose name a row has already.
  static let clashPrefix = "senti_"
  /// The column for the members of a JSON object that the first object of the file does not have.
  static let restColumn = "more"
  /// The member for a line that is no JSON object.
  static let unreadableMember = "unreadable"

  /// Prepares to write the rows of a file.
  ///
  /// - Parameters:
  ///   - input: The layout of the rows.
  ///   - format: What to write, or `nil` for the format of the rows, and for CSV where that is no
  ///     table.
  ///   - delimiter: The byte between two fields of CSV or TSV; `nil` for that of the rows where the
  ///     format is theirs, and else for the format's own.
  ///   - names: The names of the values that are added. A name that a row has already gets
  ///     `senti_` before it.
  /// - Precondition: The format is CSV, TSV or JSON Lines.
  public init(
    _ input: RowLayout, format: CorpusFormat? = nil, delimiter: UInt8? = nil, adding names: [String]
  ) {
    let isTable = [.csv, .tsv, .jsonl].contains(input.format)
    let format = format ?? (isTable ? input.format : .csv)
    precondition(
      [.csv, .tsv, .jsonl].contains(format), "expected csv, tsv or jsonl, found \(format)")
    self.input = input
    self.format = format
    let own = format == input.format ? input.delimiter : format.delimiter
    self.delimiter = format == .jsonl ? nil : delimiter ?? own
    keepsBytes = format == input.format && self.delimiter == input.delimiter
    let hasRest = input.format == .jsonl && format != .jsonl
    columns = Self.distinct(input.names) + (hasRest ? [Self.restColumn] : [])
    addedNames = names
    let inputLineEnd = input.header?.lineEnd ?? []
    lineEnd = keepsBytes && !inputLineEnd.isEmpty ? inputLineEnd : [lineFeed]
  }

  /// The row that names the columns, with its line end; empty for JSON Lines, and for CSV or TSV
  /// that had none.
  public var header: [UInt8] {
    guard let delimiter, input.delimiter == nil || input.header != nil else { return [] }
    var output = OutputPieces()
    if keepsBytes, let header = input.header {
      output.append(header.bytes[..<header.content.upperBound])
    } else {
      writeFields(columns.map { Array($0.utf8)[...] }, delimiter, to: &output)
    }
    for name in distinctAddedNames(beside: columns) {
      output.append(delimiter)
      CSVField.encode(name, delimiter: delimiter, into: &output)
    }
    output.append(lineEnd)
    return output.bytes
  }

  /// Writes a row, with its line end.
  ///
  /// - Parameters:
  ///   - row: A row of the file that the layout belongs to.
  ///   - values: The values to add, in the order of their names.
  /// - Returns: The bytes, in pieces, so that a long row need not be copied.
  /// - Precondition: There are as many values as names.
  public func pieces(of row: Row, adding values: [AddedValue]) -> [ArraySlice<UInt8>] {
    precondition(
      values.count == addedNames.count,
      "expected \(addedNames.count) values, found \(values.count)")
    if row.kind == .blank { return keepsBytes ? [row.bytes[...]] : [] }
    var output = OutputPieces()
    let mayKeep = keepsBytes && row.problem == nil
    if let delimiter {
      writeRecord(row, values, delimiter, keepingBytes: mayKeep, to: &output)
    } else if mayKeep {
      writeKeptObject(row, values, to: &output)
    } else {
      writeObject(row, values, to: &output)
    }
    output.append(mayKeep ? lineEnd(of: row) : lineEnd)
    return output.pieces
  }

  /// The row's own line end, or the file's where the row has none, or but a return at the file's end.
  private func lineEnd(of row: Row) -> ArraySlice<UInt8> {
    row.lineEnd.last == lineFeed || row.lineEnd == lineEnd ? row.lineEnd : lineEnd
  }

  // MARK: CSV and TSV

  private func writeRecord(
    _ row: Row, _ added: [AddedValue], _ delimiter: UInt8, keepingBytes: Bool,
    to output: inout OutputPieces
  ) {
    if keepingBytes {
      output.append(row.bytes[..<row.content.upperBound])
    } else {
      writeFields(values(of: row), delimiter, to: &output)
    }
    for value in added {
      output.append(delimiter)
      value.writeCSV(delimiter: delimiter, to: &output)
    }
  }

  private func writeFields(
    _ values: [ArraySlice<UInt8>], _ delimiter: UInt8, to output: inout OutputPieces
  ) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(delimiter) }
      CSVField.encode(value, delimiter: delimiter, into: &output)
    }
  }

  // MARK: JSON Lines

  /// Puts values before the closing brace of the row's own object.
  private func writeKeptObject(
    _ row: Row, _ values: [AddedValue], to output: inout OutputPieces
  ) {
    let object = row.bytes[..<row.content.upperBound]
    let brace = object.lastIndex(of: UInt8(ascii: "}")) ?? object.endIndex
    output.append(object[..<brace])
    writeMembers(values, beside: row.names, isFirst: row.names.isEmpty, to: &output)
    output.append(object[brace...])
  }

  /// Makes an object of the row's values.
  private func writeObject(_ row: Row, _ added: [AddedValue], to output: inout OutputPieces) {
    let isUnreadable = input.format == .jsonl
    let names = isUnreadable ? [Self.unreadableMember] : columns
    let texts = isUnreadable ? [row.bytes[row.content]] : values(of: row)
    output.append(ascii: "{")
    for (index, (name, text)) in zip(names, texts).enumerated() {
      writeName(name, isFirst: index == 0, to: &output)
      JSONString.encode(text, into: &output)
    }
    writeMembers(added, beside: names, isFirst: names.isEmpty, to: &output)
    output.append(ascii: "}")
  }

  private func writeMembers(
    _ values: [AddedValue], beside names: [String], isFirst: Bool, to output: inout OutputPieces
  ) {
    for (index, name) in distinctAddedNames(beside: names).enumerated() {
      writeName(name, isFirst: isFirst && index == 0, to: &output)
      values[index].writeJSON(to: &output)
    }
  }

  private func writeName(_ name: String, isFirst: Bool, to output: inout OutputPieces) {
    if !isFirst { output.append(ascii: ",") }
    JSONString.encode(name, into: &output)
    output.append(ascii: ":")
  }

  // MARK: Values of a row

  /// Gives one value for each column, whatever the row has.
  private func values(of row: Row) -> [ArraySlice<UInt8>] {
    switch row.problem?.problem {
    case nil where input.format == .jsonl: return membersByColumn(of: row)
    case nil: return row.fields.map { row.value(of: $0) }
    case .fieldCount: return raggedValues(of: row)
    default: return padded([row.bytes[row.content]])
    }
  }

  /// Cuts or fills a row of CSV up to the number of columns.
  private func raggedValues(of row: Row) -> [ArraySlice<UInt8>] {
    let values = row.fields.map { row.value(of: $0) }
    guard values.count > columns.count, let last = columns.indices.last else {
      return padded(values)
    }
    let start = row.fields[last].range.lowerBound
    let isQuoted = start > row.content.lowerBound && row.bytes[start - 1] == quote
    let rest = row.bytes[(isQuoted ? start - 1 : start)..<row.content.upperBound]
    return values.prefix(last) + [rest]
  }

  private func padded(_ values: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    values + Array(repeating: [], count: max(columns.count - values.count, 0))
  }

  /// Gives the members of an object by column, and those that have none as one object.
  private func membersByColumn(of row: Row) -> [ArraySlice<UInt8>] {
    var values = padded([])
    var rest = OutputPieces()
    for (name, field) in zip(row.names, row.fields) {
      if let column = columns.dropLast().firstIndex(of: name), values[column].isEmpty {
        values[column] = field.form == .null ? [] : row.value(of: field)
      } else {
        writeName(name, isFirst: rest.isEmpty, to: &rest)
        rest.append(row.source(of: field))
      }
    }
    if rest.isEmpty { return values }
    var object = OutputPieces()
    object.append(ascii: "{")
    object.append(rest.bytes[...])
    object.append(ascii: "}")
    return values.dropLast() + [object.bytes[...]]
  }

  // MARK: Names

  /// Puts a prefix before each added name that exists already.
  private func distinctAddedNames(beside names: [String]) -> [String] {
    addedNames.map { name in
      var name = name
      while names.contains(name) { name = Self.clashPrefix + name }
      return name
    }
  }

  /// Tells columns of the same name apart by numbers.
  private static func distinct(_ names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    return names.map { name in
      let count = counts[name, default: 0] + 1
      counts[name] = count
      return count == 1 ? name : "\(name)_\(count)"
    }
  }
}
