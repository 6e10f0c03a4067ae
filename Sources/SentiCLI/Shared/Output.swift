import Glibc

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

  /// Writes a line.
  mutating func writeLine(_ line: String) throws {
    buffer.append(contentsOf: line.utf8)
    try endLine()
  }

  /// Writes a line of any bytes, such as one with the name of a file.
  mutating func writeLine(_ line: [UInt8]) throws {
    buffer.append(contentsOf: line)
    try endLine()
  }

  /// Writes a value on a line of its own.
  mutating func writeLine(_ value: JSONValue) throws {
    value.append(to: &buffer)
    try endLine()
  }

  /// Writes text as it is.
  mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
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
