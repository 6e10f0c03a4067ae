import ArgumentParser
import Glibc
import SentiCorpora
import SentiModels
import SentiText

/// A format of rows that can be written.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, tsv, jsonl

  /// The format.
  var format: CorpusFormat? { CorpusFormat(rawValue: rawValue) }
}

/// Where scored rows go.
struct ScoreDestination {
  /// The file; nil is standard output.
  var path: String?
  /// The format; nil is told from the file's name, else it is the input's.
  var format: CorpusFormat?
  /// Whether what an interrupted run left is continued.
  var resumes = false
  /// Whether files are replaced.
  var replaces = false
}

/// Writes rows as they were read, with what the net says of them.
struct ScoreWriter {
  /// How many rows an interrupted run has written, which need not be scored again.
  ///
  /// The last of them is scored all the same, to see that it is what this run would write.
  let writtenCount: Int

  /// Whether a later run can go on where this one stops.
  let canBeResumed: Bool

  private let columns: ScoreColumns
  private let formatters: [RowFormatter]
  private let sink: ByteSink
  private let isStandardOutput: Bool
  private var lastWritten: WrittenTail?

  /// Opens the destination, and writes the header.
  ///
  /// - Throws: A ``Failure`` or `CorpusError` where the inputs do not go together, or where the
  ///   destination cannot be written.
  init(
    _ destination: ScoreDestination, inputs: [RowInput], columns: ScoreColumns
  ) throws {
    self.columns = columns
    formatters = try Self.formatters(destination, inputs, columns.names)
    let paths = inputs.flatMap(\.paths)
    isStandardOutput = destination.path == nil
    canBeResumed = destination.path.map { Compression(extensionOf: $0) == nil } ?? false
    guard let path = destination.path else {
      sink = try ByteSink(descriptor: STDOUT_FILENO, name: "standard output", inputs: paths)
      writtenCount = 0
      try sink.write(shown([formatters[0].header[...]]))
      return
    }
    var written: WrittenRows?
    if destination.resumes { written = try formatters[0].written(partialOf: path) }
    sink = try Self.sink(path, destination, keeping: written?.byteCount, inputs: paths)
    writtenCount = written?.recordCount ?? 0
    if writtenCount > 0 {
      lastWritten = try WrittenTail(path, byteCount: written?.byteCount ?? 0)
    } else if written?.byteCount ?? 0 == 0 {
      try sink.write([formatters[0].header[...]])
    }
  }

  /// Writes a row.
  ///
  /// - Returns: Whether the row was not there before.
  /// - Throws: ``ClosedPipe``, a `CorpusError`, or a ``Failure`` where an interrupted run has written
  ///   something else.
  mutating func write(_ scored: ScoredRow<InputRow>, error: String?) throws -> Bool {
    let row = scored.row
    let pieces = formatters[row.input].pieces(
      of: row.row.row, adding: columns.values(scored, error: error))
    if let tail = lastWritten {
      // Empty lines before the last record that was written are there too.
      guard row.row.row.kind == .record else { return false }
      lastWritten = nil
      guard try tail.isEqual(to: pieces) else { throw Self.otherRun(sink.name) }
      return false
    }
    do { try sink.write(shown(pieces)) } catch { throw translated(error) }
    return true
  }

  /// What is written of a row: all of it, but on a terminal without what that would obey.
  private func shown(_ pieces: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    guard isStandardOutput, Terminal.standardOutput.isTerminal else { return pieces }
    let text = String(decoding: pieces.joined(), as: UTF8.self)
    let shown = text.escapingControls { ["\n", "\r", "\t", "\0"].contains($0) }
    return [Array(shown.utf8)[...]]
  }

  /// Passes on whole rows.
  func flush() throws {
    do { try sink.flush() } catch { throw translated(error) }
  }

  /// Completes the file.
  func finish() throws {
    do { try sink.finish() } catch { throw translated(error) }
  }

  private func translated(_ error: CorpusError) -> any Error {
    isStandardOutput && error.problem == .readerGone ? ClosedPipe() : error
  }

  // MARK: Destination

  private static func sink(
    _ path: String, _ destination: ScoreDestination, keeping byteCount: Int?, inputs: [String]
  ) throws -> ByteSink {
    if Compression(extensionOf: path) != nil {
      return try ByteSink(path: path, overwrite: destination.replaces, inputs: inputs)
    }
    do {
      return try ByteSink(
        resumable: path, keeping: byteCount, overwrite: destination.replaces, inputs: inputs)
    } catch {
      guard error.problem == .alreadyExists && error.path != path else { throw error }
      throw Failure(
        "\(error.path): an interrupted run has left this; --resume continues it, "
          + "--force starts anew", .inputOutput)
    }
  }

  private static func otherRun(_ path: String) -> Failure {
    Failure(
      "\(AtomicFile.partialPath(for: path)): its last row is not what this run writes; "
        + "--resume takes the same inputs, model and options, --force starts anew", .badData)
  }

  // MARK: Format

  /// One formatter for each input; all of them write the same columns.
  private static func formatters(
    _ destination: ScoreDestination, _ inputs: [RowInput], _ names: [String]
  ) throws -> [RowFormatter] {
    let named = destination.path.flatMap { CorpusFormat(extensionOf: $0) }
    let isWritable = RowFormat.allCases.contains { $0.format == named }
    let format = destination.format ?? (isWritable ? named : nil)
    let first = RowFormatter(inputs[0].layout, format: format, adding: names)
    if first.format != .jsonl {
      for input in inputs.dropFirst() { try requireColumns(of: inputs[0], in: input) }
    }
    return inputs.map { input in
      // Members of JSON go by name, so the first file's columns hold for all.
      let isSplit = input.layout.format == .jsonl && first.format != .jsonl
      return RowFormatter(
        isSplit ? inputs[0].layout : input.layout, format: first.format,
        delimiter: first.delimiter, adding: names)
    }
  }

  private static func requireColumns(of first: RowInput, in input: RowInput) throws(Failure) {
    let (expected, found) = (first.layout, input.layout)
    guard expected.format == found.format else {
      throw Failure(
        "\(input.name): expected \(expected.format) as in \(first.name), found \(found.format); "
          + "--format jsonl takes both", .badData)
    }
    guard expected.format != .jsonl, expected.names != found.names else { return }
    func list(_ names: [String]) -> String {
      let shown = names.prefix(20).map(\.quoted).joined(separator: ", ")
      return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }
    throw Failure(
      "\(input.name): expected the fields of \(first.name), \(list(expected.names)), "
        + "found \(list(found.names)); --format jsonl takes both", .badData)
  }
}

extension RowFormatter {
  /// Reads how many of its rows an interrupted run has left beside a file.
  fileprivate func written(partialOf path: String) throws(CorpusError) -> WrittenRows {
    try WrittenRows(
      partialOf: path, format: format, delimiter: delimiter, hasHeader: !header.isEmpty)
  }
}

/// The end of what an interrupted run has written.
private struct WrittenTail {
  private let path: String
  private let descriptor: Int32
  private let byteCount: Int

  init(_ path: String, byteCount: Int) throws {
    self.path = AtomicFile.partialPath(for: path)
    self.byteCount = byteCount
    descriptor = open(self.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CorpusError(.missing, path: self.path) }
  }

  /// Whether the end is a row, given in pieces.
  func isEqual(to pieces: [ArraySlice<UInt8>]) throws -> Bool {
    defer { close(descriptor) }
    var offset = byteCount - pieces.reduce(0) { $0 + $1.count }
    guard offset >= 0 else { return false }
    for piece in pieces {
      var rest = piece
      while !rest.isEmpty {
        var found = [UInt8](repeating: 0, count: min(rest.count, 1 << 20))
        let count = pread(descriptor, &found, found.count, offset)
        guard count > 0, rest.starts(with: found[..<count]) else { return false }
        rest = rest.dropFirst(count)
        offset += count
      }
    }
    return true
  }
}
