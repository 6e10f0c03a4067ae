import Glibc
import SentiCorpora
import SentiIO
import SentiTensor

/// What a run must have in common with an interrupted one to go on with its output.
struct ScoreIdentity {
  /// Everything that decides what is written, by the name that messages give it.
  let traits: [(name: String, value: String)]

  /// Names what differs first from what an earlier run has noted; nil where nothing does.
  func difference(from noted: [String: String]) -> String? {
    for (name, value) in traits where noted[name] != value {
      return "\(name) was \(Self.clipped(noted[name] ?? "not noted")), is \(Self.clipped(value))"
    }
    return nil
  }

  private static func clipped(_ value: String) -> String {
    value.count > 60 ? value.prefix(60) + "…" : value
  }
}

/// How far a run has come.
struct ScoreCheckpoint: Equatable {
  /// The rows of the inputs so far, empty lines among them.
  var rowCount = 0
  /// The rows that count.
  var recordCount = 0
  /// The bytes of the output so far.
  var byteCount = 0
  /// The rows that could not be scored.
  var failureCount = 0
  /// The status of the first of them.
  var firstFailure: ExitStatus?
  /// The hashes of the rows, and of the output.
  var (inputHash, outputHash) = (UInt64(0), UInt64(0))

  init() {}

  /// Reads a checkpoint from a line of a journal; nil for one that was torn.
  init?(_ row: SentiCorpora.Row) {
    func number(_ name: String) -> Int? { (try? row.label(of: name)).flatMap { Int($0) } }
    func hash(_ name: String) -> UInt64? {
      (try? row.text(of: name)).flatMap { UInt64($0, radix: 16) }
    }
    guard let rows = number("rows"), let records = number("records"), let bytes = number("bytes"),
      let failures = number("failures"), let input = hash("input"), let output = hash("output")
    else { return nil }
    (rowCount, recordCount, byteCount, failureCount) = (rows, records, bytes, failures)
    (inputHash, outputHash) = (input, output)
    firstFailure = number("status").flatMap { ExitStatus(rawValue: Int32($0)) }
  }

  /// The checkpoint as a line of a journal.
  var json: JSONValue {
    .object([
      "rows": .integer(rowCount), "records": .integer(recordCount), "bytes": .integer(byteCount),
      "failures": .integer(failureCount),
      "status": firstFailure.map { .integer(Int($0.rawValue)) } ?? .null,
      "input": .string(String(inputHash, radix: 16)),
      "output": .string(String(outputHash, radix: 16)),
    ])
  }
}

/// The file beside an unfinished output that says which run writes it, and how far that has come.
///
/// Its first line names the run; each other line is a checkpoint, written when the output up to there
/// has been. So the last checkpoint that the output reaches tells where another run goes on.
struct ScoreJournal {
  /// Where the run goes on.
  let start: ScoreCheckpoint
  private let path: String
  private let descriptor: Int32
  private(set) var checkpoint: ScoreCheckpoint
  private var (inputHash, outputHash) = (XXHash64(), XXHash64())
  private var hasOtherRows = false

  /// How an interrupted run left its output.
  struct Remainder {
    /// The last checkpoint that the output reaches.
    var checkpoint = ScoreCheckpoint()
    /// The hash of the output up to there.
    var outputHash = XXHash64()
    /// The length of the journal up to there.
    var journalLength = 0
  }

  /// Names the journal of an output.
  static func path(for output: String) -> String {
    AtomicFile.partialPath(for: output) + ".journal"
  }

  /// Finds out how far an interrupted run of the same identity has come.
  ///
  /// - Parameters:
  ///   - output: The path of the output.
  ///   - identity: This run.
  /// - Returns: The place to go on at; the start where there is nothing.
  /// - Throws: A ``Failure`` when what is left is another run's, or has been changed.
  static func remainder(of output: String, _ identity: ScoreIdentity) throws -> Remainder {
    let partial = AtomicFile.partialPath(for: output)
    guard let size = fileSize(partial), size > 0 else { return Remainder() }
    guard
      let rows = try? RowReader(
        ByteSource(path: path(for: output), encoding: .utf8), format: .jsonl),
      let first = try? rows.next()?.get(), first.problem == nil, first.isWhole
    else { throw refusal(partial, "nothing tells which run has left this") }
    let noted: [String: String] = first.names.reduce(into: [:]) {
      $0[$1] = try? first.text(of: $1)
    }
    if let difference = identity.difference(from: noted) { throw refusal(partial, difference) }
    var remainder = Remainder(journalLength: first.bytes.count)
    let file = try PartialFile(partial)
    var (hash, hashedCount, hasFailed) = (XXHash64(), 0, false)
    while let row = try rows.next()?.get(), row.isWhole, let checkpoint = ScoreCheckpoint(row) {
      guard checkpoint.byteCount <= size, checkpoint.byteCount >= hashedCount else { break }
      try file.hash(hashedCount..<checkpoint.byteCount, into: &hash)
      hashedCount = checkpoint.byteCount
      guard hash.value == checkpoint.outputHash else {
        hasFailed = true
        break
      }
      remainder = Remainder(
        checkpoint: checkpoint, outputHash: hash, journalLength: row.byteOffset + row.bytes.count)
    }
    if hasFailed && remainder.checkpoint.byteCount == 0 {
      throw refusal(partial, "it has been changed")
    }
    return remainder
  }

  /// Opens the journal of an output, of which this process has the partial file open.
  init(of output: String, _ identity: ScoreIdentity, after remainder: Remainder) throws {
    path = Self.path(for: output)
    start = remainder.checkpoint
    checkpoint = start.rowCount == 0 ? start : ScoreCheckpoint()
    outputHash = remainder.outputHash
    do { descriptor = try LockedFile(path, mayExist: true).descriptor } catch {
      throw Failure("\(error.path): cannot be written: \(error.message)", .inputOutput)
    }
    guard ftruncate(descriptor, remainder.journalLength) == 0,
      lseek(descriptor, 0, SEEK_END) >= 0
    else { throw failure }
    guard remainder.journalLength == 0 else { return }
    try append(
      .members(identity.traits.map { .init(name: $0.name, value: .string($0.value)) }))
  }

  /// Whether all rows that an earlier run has written have been read again.
  var isCaughtUp: Bool { checkpoint.rowCount >= start.rowCount }

  /// Notes a row that an earlier run has written.
  ///
  /// - Throws: A ``Failure`` when the rows so far are not those that the earlier run has read.
  mutating func skip(_ row: TextRow) throws {
    addInput(row)
    if isCaughtUp {
      hasOtherRows = inputHash.value != start.inputHash
      if hasOtherRows { throw otherRows }
      checkpoint = start
    }
  }

  /// Notes a row that has been written.
  mutating func add(_ row: TextRow, _ output: [ArraySlice<UInt8>], failure: ExitStatus?) {
    addInput(row)
    if row.row.kind == .record { checkpoint.recordCount += 1 }
    add(output)
    guard let failure else { return }
    checkpoint.failureCount += 1
    checkpoint.firstFailure = checkpoint.firstFailure ?? failure
  }

  /// Notes what has been written beside rows.
  mutating func add(_ output: [ArraySlice<UInt8>]) {
    for piece in output {
      outputHash.append(piece)
      checkpoint.byteCount += piece.count
    }
  }

  private mutating func addInput(_ row: TextRow) {
    checkpoint.rowCount += 1
    inputHash.append(row.row.bytes)
    guard row.row.names == ["file"], case .text(let text) = row.content else { return }
    for piece in text.pieces(upTo: 1 << 16) { inputHash.append(piece) }
    inputHash.append([0])
  }

  /// Writes a checkpoint; the output must have been written up to here.
  mutating func save() throws {
    guard isCaughtUp && !hasOtherRows else { return }
    checkpoint.inputHash = inputHash.value
    checkpoint.outputHash = outputHash.value
    try append(checkpoint.json)
  }

  /// Removes the journal of an output that is whole.
  func remove() {
    unlink(FileName.cString(path))
    close(descriptor)
  }

  /// Refuses inputs that end before the rows that an earlier run has read.
  func requireCaughtUp() throws {
    if !isCaughtUp { throw otherRows }
  }

  private func append(_ line: JSONValue) throws {
    let bytes = Array("\(line.text)\n".utf8)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, Array(rest), rest.count)
      guard count >= 0 || errno == EINTR else { throw failure }
      rest = rest.dropFirst(max(0, count))
    }
  }

  // MARK: Failures

  private var failure: Failure {
    Failure("\(path): cannot be written: \(String(cString: strerror(errno)))", .inputOutput)
  }

  private var otherRows: Failure {
    let partial = path.dropLast(".journal".count)
    return Self.refusal(String(partial), "the rows of the input are not those that were scored")
  }

  private static func refusal(_ partial: String, _ reason: String) -> Failure {
    Failure(
      "\(partial): \(reason); --resume takes the same inputs, model and options, "
        + "--force starts anew", .badData)
  }

  private static func fileSize(_ path: String) -> Int? {
    var information = stat()
    guard stat(FileName.cString(path), &information) == 0 else { return nil }
    return Int(information.st_size)
  }
}

extension SentiCorpora.Row {
  /// Whether the line was written to its end.
  fileprivate var isWhole: Bool { bytes.last == UInt8(ascii: "\n") }
}

/// What an interrupted run has left of its output.
private final class PartialFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(FileName.cString(path), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw CorpusError(.missing, path: path) }
  }

  deinit {
    close(descriptor)
  }

  /// Adds the bytes of a range to a hash.
  func hash(_ range: Range<Int>, into hash: inout XXHash64) throws {
    var offset = range.lowerBound
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while offset < range.upperBound {
      let count = pread(descriptor, &piece, min(piece.count, range.upperBound - offset), offset)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw CorpusError(.unreadable(reason: "it ends early"), path: path)
      }
      hash.append(piece[..<count])
      offset += count
    }
  }
}
