import ArgumentParser
import SentiIO

/// How a verb writes many answers; the same names wherever there are some.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  /// Lines for people.
  case text
  /// One array of objects.
  case json
  /// An object a line.
  case jsonl
  /// A table with commas, or with tabs.
  case csv, tsv
}

/// Records on standard output: as an array of objects, an object a line, or the rows of a table.
///
/// In a table, the members of an object within become columns of their own, and an array is JSON.
struct RecordOutput {
  /// Where it goes; lines for people are written here directly.
  var output = Output()
  private let format: OutputFormat
  private let lines: RecordLines
  private var count = 0

  /// Prepares to write.
  ///
  /// - Parameters:
  ///   - format: Anything but lines for people.
  ///   - columns: The columns of a table, in order; members that are none of them are left out.
  ///   - quotes: Whether cells are put in quotes where they must be; else they hold no line ends.
  init(_ format: OutputFormat, columns: [String], quotes: Bool = true) {
    self.format = format
    lines = RecordLines(format, columns: columns, quotes: quotes)
  }

  /// Writes a record.
  mutating func write(_ members: [JSONValue.Member]) throws {
    try begin()
    count += 1
    switch format {
    case .text: break
    case .json:
      try output.write(count == 1 ? "\n" : ",\n")
      try output.write(.members(members))
    case .jsonl: try output.writeLine(.members(members))
    case .csv, .tsv: try output.writeLine(lines.row(members))
    }
  }

  /// Completes an array, writes the header of a table without rows, and brings everything out.
  mutating func finish() throws {
    try begin()
    if format == .json { try output.write(count == 0 ? "]\n" : "\n]\n") }
    try output.flush()
  }

  private var hasBegun = false

  private mutating func begin() throws {
    guard !hasBegun else { return }
    hasBegun = true
    switch format {
    case .text, .jsonl: break
    case .json: try output.write("[")
    case .csv, .tsv: try output.writeLine(lines.names)
    }
  }
}

/// Records as the lines of JSON Lines, CSV or TSV.
struct RecordLines {
  private let format: OutputFormat
  private let columns: [String]
  private let quotes: Bool

  /// Prepares to write.
  ///
  /// - Parameters:
  ///   - format: JSON Lines, CSV or TSV.
  ///   - columns: The columns of a table, in order; members that are none of them are left out.
  ///   - quotes: Whether cells are put in quotes where they must be; else they hold no line ends.
  init(_ format: OutputFormat, columns: [String], quotes: Bool = true) {
    self.format = format
    self.columns = columns
    self.quotes = quotes
  }

  /// The first line of a table, with its line end; nothing for JSON Lines.
  var header: [UInt8] { format == .jsonl ? [] : names + [UInt8(ascii: "\n")] }

  /// The line of a record, with its line end.
  func line(of members: [JSONValue.Member]) -> [UInt8] {
    guard format == .jsonl else { return row(members) + [UInt8(ascii: "\n")] }
    var bytes: [UInt8] = []
    JSONValue.members(members).append(to: &bytes)
    return bytes + [UInt8(ascii: "\n")]
  }

  /// The names of the columns as a row.
  fileprivate var names: [UInt8] { line(columns.map { .string($0) }) }

  fileprivate func row(_ members: [JSONValue.Member]) -> [UInt8] {
    var cells: [String: JSONValue] = [:]
    for member in members {
      if case .members(let parts) = member.value {
        for part in parts { cells[part.name] = part.value }
      } else {
        cells[member.name] = member.value
      }
    }
    return line(columns.map { cells[$0] ?? .null })
  }

  private func line(_ cells: [JSONValue]) -> [UInt8] {
    let delimiter = format == .csv ? "," : "\t"
    let written = cells.map { value in
      let cell = quotes ? Columns.cell(value.cell, delimiter: delimiter) : value.cell
      return if case .name = value { FileName.bytes(of: cell) } else { Array(cell.utf8) }
    }
    return Array(written.joined(separator: delimiter.utf8))
  }
}

extension Columns {
  /// A cell of CSV or TSV, in quotes where it must be.
  static func cell(_ text: String, delimiter: String) -> String {
    let reserved = Set("\"\r\n\(delimiter)".utf8)
    guard text.utf8.contains(where: reserved.contains) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension JSONValue {
  /// The value in a cell of a table: text without quotes, and nothing for null.
  fileprivate var cell: String {
    switch self {
    case .string(let text), .name(let text): text
    case .null: ""
    case .number(let number) where !number.isFinite: ""
    default: text
    }
  }
}
