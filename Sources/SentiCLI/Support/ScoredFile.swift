import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// A file that `senti score` wrote, and what its columns are called.
struct ScoredFileOptions: ParsableArguments {
  @Argument(
    help: "A file that senti score wrote; packed ones are unpacked.", completion: .file())
  var scored: String

  @Option(help: .name("The prefix of the added columns, as --prefix of senti score."))
  var prefix: String?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  /// Opens the file from its first row on.
  ///
  /// - Throws: A ``Failure`` that names the columns that are missing, or a `CorpusError`.
  func rows() throws -> ScoredFile { try ScoredFile(scored, prefix: prefix, encoding: encoding) }

  /// Opens another file with the same columns.
  func rows(of path: String) throws -> ScoredFile {
    try ScoredFile(path, prefix: prefix, encoding: encoding)
  }
}

/// The rows of a file that `senti score` wrote, one after the other.
struct ScoredFile: Sequence, IteratorProtocol {
  /// A row, and what was said of it.
  struct Record {
    let row: SentiCorpora.Row
    /// The answer; nil where the row could not be scored.
    let answer: ScoredShareRow?
  }

  /// What messages call the file.
  var name: String { rows.path }
  /// The layout of the rows.
  var layout: RowLayout { rows.layout }
  /// The column that says why a row could not be scored; a file need not have it.
  let errorColumn: String
  /// The column of what words contributed; a file need not have it.
  let explanationColumn: String
  private let rows: RowReader
  private let columns: [String]

  /// The columns without which a file was not scored.
  private static let required = ["label", "probability", "score"]

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The path; `-` is standard input.
  ///   - prefix: What stands before the names of the added columns; nil: `senti_` where it is there.
  ///   - encoding: How the file is encoded.
  /// - Throws: A ``Failure`` that names the columns that are missing, or a `CorpusError`.
  init(_ path: String, prefix: String?, encoding: TextEncoding) throws {
    rows = try RowReader(
      .argument(path, encoding: encoding), format: CorpusFormat(extensionOf: path),
      textField: prefix.map { $0 + "label" } ?? "label")
    let names = rows.layout.names
    func column(_ name: String) -> String {
      if let prefix { return prefix + name }
      // Where the row had a field of that name, the added one has a prefix.
      return names.contains("senti_\(name)") ? "senti_\(name)" : name
    }
    columns = Self.required.map(column)
    errorColumn = column("error")
    explanationColumn = column("explanation")
    let missing = columns.filter { !names.contains($0) }
    guard missing.isEmpty else {
      let found = names.isEmpty ? "none" : LabelNames.list(names)
      throw Failure(
        "\(rows.path): expected the columns that senti score adds, found no "
          + missing.map(\.quoted).joined(separator: ", ") + " among \(found)", .badData)
    }
  }

  /// Gives the next row or what is wrong with it, or nil at the end.
  mutating func next() -> Result<Record, CorpusError>? {
    while let row = rows.next() {
      if case .success(let row) = row, row.kind != .record { continue }
      return row.flatMap { row in
        Result { () throws(CorpusError) in Record(row: row, answer: try answer(row)) }
      }
    }
    return nil
  }

  private func answer(_ row: SentiCorpora.Row) throws(CorpusError) -> ScoredShareRow? {
    guard let label = try row.label(of: columns[0]) else { return nil }
    let values = [try number(columns[1], in: row), try number(columns[2], in: row)]
    guard let probability = values[0], let score = values[1] else { return nil }
    guard (0...1).contains(probability), (-1...1).contains(score) else {
      throw CorpusError(
        .unexpectedValue(
          field: "\(columns[1]), \(columns[2])",
          expected: "a probability from 0 to 1, a score from -1 to 1",
          found: "\(probability), \(score)"), path: row.path, line: row.line)
    }
    return ScoredShareRow(label: label, probability: probability, score: score)
  }

  private func number(
    _ name: String, in row: SentiCorpora.Row
  ) throws(CorpusError) -> Double? {
    guard let text = try row.label(of: name) else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw CorpusError(
        .unexpectedValue(field: name, expected: "a number", found: text.excerpt), path: row.path,
        line: row.line)
    }
    return number
  }
}
