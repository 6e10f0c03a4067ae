import ArgumentParser
import Glibc
import SentiCorpora
import SentiIO
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
  /// Where an interrupted run has stopped, whose rows need not be scored again.
  let start: ScoreCheckpoint

  /// Whether a later run can go on where this one stops.
  var canBeResumed: Bool { journal != nil }

  private let columns: ScoreColumns
  private let formatters: [RowFormatter]
  private let layouts: [RowLayout]
  private let sentenceRows: SentenceRows?
  private let sink: ByteSink
  private let isStandardOutput: Bool
  private var journal: ScoreJournal?
  private var unsavedByteCount = 0
  private var lastSaved = ContinuousClock.now
  private var hasFailed = false
  /// The rows that count, so far, those of an interrupted run included.
  private var recordCount = 0

  /// How many bytes, and how much time, lie between two checkpoints at least; one of them must pass.
  private static let (checkpointByteCount, checkpointInterval) = (256 << 10, Duration.seconds(1))

  /// Opens the destination, and writes the header.
  ///
  /// - Parameters:
  ///   - destination: Where rows go.
  ///   - inputs: The inputs, all of whose rows must have the same columns.
  ///   - columns: What is added.
  ///   - textField: The field of the text, in whose place sentences are written.
  ///   - traits: What else decides what is written, such as the model.
  /// - Throws: A ``Failure`` or `CorpusError` where the inputs do not go together, where the
  ///   destination cannot be written, or where an interrupted run has written something else.
  init(
    _ destination: ScoreDestination, inputs: [RowInput], columns: ScoreColumns,
    textField: String = "text", traits: [(name: String, value: String)]
  ) throws {
    self.columns = columns
    sentenceRows =
      columns.unit == .sentence ? SentenceRows(columns: columns, textField: textField) : nil
    layouts = inputs.map(\.layout)
    formatters = try Self.formatters(destination, inputs, columns.names)
    let paths = inputs.flatMap(\.paths)
    isStandardOutput = destination.path == nil
    guard let path = destination.path else {
      sink = try ByteSink(descriptor: STDOUT_FILENO, name: "standard output", inputs: paths)
      start = ScoreCheckpoint()
      try sink.write(shown([formatters[0].header[...]]))
      return
    }
    let identity = ScoreIdentity(traits: traits + formatters[0].traits(columns.names))
    let remainder =
      destination.resumes
      ? try ScoreJournal.remainder(of: path, identity) : ScoreJournal.Remainder()
    start = remainder.checkpoint
    sink = try Self.sink(
      path, destination, keeping: destination.resumes ? start.byteCount : nil, inputs: paths)
    if sink.canBeResumed { journal = try ScoreJournal(of: path, identity, after: remainder) }
    guard start.byteCount == 0 else { return }
    let header = formatters[0].header[...]
    try sink.write([header])
    journal?.add([header])
  }

  /// Writes a row, or passes over one that an interrupted run has written.
  ///
  /// - Returns: Whether the row was not there before.
  /// - Throws: ``ClosedPipe``, a `CorpusError`, or a ``Failure`` where an interrupted run has read
  ///   other rows.
  mutating func write(_ scored: ScoredRow<InputRow>, failure: Failure?) throws -> Bool {
    let row = scored.row
    if row.row.row.kind == .record { recordCount += 1 }
    if row.isWritten {
      try journal?.skip(row.row)
      return false
    }
    let pieces = pieces(of: scored, failure)
    let (sink, visible) = (sink, shown(pieces))
    try passing { () throws(CorpusError) in try sink.write(visible) }
    guard journal != nil else { return true }
    journal?.add(row.row, pieces, failure: failure?.status)
    unsavedByteCount += pieces.reduce(0) { $0 + $1.count }
    if unsavedByteCount >= Self.checkpointByteCount { try save() }
    return true
  }

  private func pieces(
    of scored: ScoredRow<InputRow>, _ failure: Failure?
  ) -> [ArraySlice<UInt8>] {
    let (input, error) = (scored.row.input, failure?.message)
    guard let sentenceRows else {
      let values = columns.values(scored, error: error)
      return formatters[input].pieces(of: scored.row.row.row, adding: values)
    }
    return sentenceRows.pieces(
      of: scored, number: recordCount, by: formatters[input], layout: layouts[input], error: error)
  }

  /// What is written of a row: all of it, but on a terminal without what that would obey.
  private func shown(_ pieces: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    guard isStandardOutput, Terminal.standardOutput.isTerminal else { return pieces }
    let text = FileName.string(Array(pieces.joined()))
    let shown = text.escapingControls { ["\n", "\r", "\t", "\0"].contains($0) }
    return [FileName.bytes(of: shown)[...]]
  }

  /// Passes on whole rows.
  mutating func flush() throws {
    let isDue = ContinuousClock.now - lastSaved >= Self.checkpointInterval
    if journal != nil && isDue && unsavedByteCount > 0 {
      try save()
    } else {
      try passing(sink.flush)
    }
  }

  /// Passes on whole rows, so that another run can go on behind them.
  mutating func save() throws {
    try passing(sink.flush)
    guard !hasFailed else { return }
    try journal?.save()
    (unsavedByteCount, lastSaved) = (0, .now)
  }

  /// Completes the file.
  mutating func finish() throws {
    try journal?.requireCaughtUp()
    try passing(sink.finish)
    journal?.remove()
  }

  private mutating func passing(_ write: () throws(CorpusError) -> Void) throws {
    do { try write() } catch {
      hasFailed = true
      if isStandardOutput && error.problem == .readerGone { throw ClosedPipe() }
      throw error
    }
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
  /// What decides how rows are written.
  fileprivate func traits(_ addedNames: [String]) -> [(name: String, value: String)] {
    let header = String(decoding: header, as: UTF8.self).split(whereSeparator: \.isNewline).last
    return [
      ("the format", format.rawValue), ("the header", header.map(String.init) ?? ""),
      ("the added columns", addedNames.joined(separator: ",")),
    ]
  }
}
