import Glibc
import Synchronization

/// A running program of the system through which bytes go, such as `gzip`.
///
/// The program reads one descriptor and writes another. What it complains about is kept for the
/// error message.
package final class FilterProgram {
  private let name: String
  private var process: pid_t = 0
  private let complaints: Int32
  private var isRunning = true

  /// Starts a program that reads a file, and gives the descriptor from which its output comes.
  package static func reading(
    from file: Int32, _ command: [String]
  ) throws(FilterFailure) -> (FilterProgram, Int32) {
    let pipe = try PipeEnds()
    defer { close(pipe.writeEnd) }
    do {
      return (try FilterProgram(command, input: file, output: pipe.writeEnd), pipe.readEnd)
    } catch {
      close(pipe.readEnd)
      throw error
    }
  }

  /// Starts a program that writes a file, and gives the descriptor to which its input goes.
  static func writing(
    to file: Int32, _ command: [String]
  ) throws(FilterFailure) -> (FilterProgram, Int32) {
    let pipe = try PipeEnds()
    defer { close(pipe.readEnd) }
    do {
      return (try FilterProgram(command, input: pipe.readEnd, output: file), pipe.writeEnd)
    } catch {
      close(pipe.writeEnd)
      throw error
    }
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: The name, which is looked up as a shell does, and the arguments.
  ///   - input: What the program reads as its standard input.
  ///   - output: What it writes as its standard output.
  /// - Throws: The reason when the program cannot be started.
  init(_ command: [String], input: Int32, output: Int32) throws(FilterFailure) {
    name = command[0]
    let errors = try PipeEnds()
    complaints = errors.readEnd
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writeEnd, 2)
    let arguments = command.map { strdup($0) }
    let code = descriptorLock.withLock { _ in
      posix_spawnp(&process, name, &actions, nil, arguments + [nil], environ)
    }
    arguments.forEach { free($0) }
    posix_spawn_file_actions_destroy(&actions)
    close(errors.writeEnd)
    guard code == 0 else {
      isRunning = false
      close(complaints)
      let reason = code == ENOENT ? "is not installed" : FileSystem.text(ofError: code)
      throw FilterFailure(reason: "the program \(name) \(reason)")
    }
  }

  deinit {
    try? finish()
  }

  /// Waits for the program's end.
  ///
  /// - Throws: The first line of what the program complained about, when it failed.
  package func finish() throws(FilterFailure) {
    guard isRunning else { return }
    isRunning = false
    let said = (try? TextFile.read(descriptor: complaints, name: name)) ?? []
    close(complaints)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    guard status != 0 else { return }
    throw FilterFailure(reason: reason(from: said))
  }

  /// Makes one line of what the program said, with its name in front.
  private func reason(from said: [UInt8]) -> String {
    let first = said.split(separator: lineFeed).first.map { String(decoding: $0, as: UTF8.self) }
    guard let first else { return "\(name) failed" }
    return first.hasPrefix(name) ? first : "\(name): \(first)"
  }
}

/// Why a program did not do its work.
package struct FilterFailure: Error {
  /// The reason, for people.
  package let reason: String
}

/// The two ends of a pipe, which programs that are started do not inherit.
struct PipeEnds {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(FilterFailure) {
    var ends: [Int32] = [-1, -1]
    let code = descriptorLock.withLock { _ in
      guard pipe(&ends) == 0 else { return errno }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return 0
    }
    guard code == 0 else { throw FilterFailure(reason: FileSystem.text(ofError: code)) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }
}

/// Keeps a program from starting between the making of a pipe and the mark that it is not inherited.
///
/// A program that inherited the writing end of another's pipe would keep its reader waiting.
private let descriptorLock = Mutex(())
