import Glibc
import SentiIO
import SentiText

/// The reader of standard output has gone away; there is nobody left to talk to.
struct ClosedPipe: Error {}

/// Standard output: collected in memory, written in large pieces, no failure overlooked.
///
/// What was written is out only after ``flush()``.
struct Output {
  private var buffer: [UInt8] = []
  private let isImmediate = Terminal.standardOutput.isTerminal

  /// How much is collected at most; past this the cost of a system call no longer shows.
  private static let capacity = 64 << 10

  /// Writes a line; on a terminal without what it would obey.
  mutating func writeLine(_ line: String) throws {
    append(line)
    try endLine()
  }

  /// Writes a line of any bytes, such as one with the name of a file; on a terminal without what it
  /// would obey.
  mutating func writeLine(_ line: [UInt8]) throws {
    buffer.append(contentsOf: isImmediate ? Self.escapingControls(line) : line)
    try endLine()
  }

  /// Writes a value on a line of its own.
  mutating func writeLine(_ value: JSONValue) throws {
    value.append(to: &buffer)
    try endLine()
  }

  /// Writes text; on a terminal without what it would obey.
  mutating func write(_ text: String) throws {
    append(text)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes a value.
  mutating func write(_ value: JSONValue) throws {
    value.append(to: &buffer)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes text of this program's own, with its colours.
  mutating func writeStyled(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  private mutating func append(_ text: String) {
    if isImmediate {
      buffer.append(contentsOf: Self.escapingControls(Array(text.utf8)))
    } else {
      buffer.append(contentsOf: text.utf8)
    }
  }

  private static func escapingControls(_ bytes: [UInt8]) -> [UInt8] {
    FileName.bytes(of: FileName.string(bytes).escapingControls { $0 == "\n" || $0 == "\t" })
  }

  private mutating func endLine() throws {
    buffer.append(UInt8(ascii: "\n"))
    if isImmediate || buffer.count >= Self.capacity { try flush() }
  }

  /// Brings everything out.
  ///
  /// - Throws: ``ClosedPipe``, or a ``Failure`` with the system's reason, such as a full disk.
  mutating func flush() throws {
    var rest = buffer
    buffer.removeAll(keepingCapacity: true)
    while !rest.isEmpty {
      let count = Glibc.write(STDOUT_FILENO, rest, rest.count)
      if count >= 0 {
        rest.removeFirst(count)
      } else if errno != EINTR {
        throw Self.error(errno)
      }
    }
  }

  private static func error(_ code: Int32) -> any Error {
    if code == EPIPE { return ClosedPipe() }
    let reason = String(cString: strerror(code))
    return Failure("standard output: cannot be written: \(reason)", .inputOutput)
  }
}
