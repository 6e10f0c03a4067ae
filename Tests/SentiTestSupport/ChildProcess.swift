import Foundation
import Glibc

/// A program that a test runs.
///
/// Foundation's `Process` on Linux sees a program's end by a socket that closes. Every program that other
/// tests start meanwhile inherits that socket, so a test would wait for all of theirs; this type waits for
/// its own.
public final class ChildProcess {
  /// What a standard stream is connected to.
  public enum Stream {
    /// A file or terminal, opened for reading and writing.
    case file(String)
    /// A descriptor of the test's.
    case descriptor(Int32)
  }

  /// What is run, and where.
  public struct Command {
    /// The program's path.
    public var program: String
    /// The arguments after the name.
    public var arguments: [String] = []
    /// The variables; nil for the test's own.
    public var environment: [String: String]?
    /// The working folder; nil for the test's own.
    public var folder: String?
    /// The standard streams: input, output and errors; the test's own where there are fewer.
    public var streams: [Stream] = []

    /// A command without arguments.
    public init(_ program: String) { self.program = program }
  }

  /// The program could not be started.
  public struct StartFailure: Error {
    /// The program's path.
    public let program: String
    /// The system's code for the reason.
    public let code: Int32
  }

  private let identifier: pid_t
  private var exitStatus: Int32?

  /// Starts a program, in a process group of its own and with the default signal handling.
  public init(_ command: Command) throws {
    var actions = Self.actions(of: command)
    var attributes = Self.attributes()
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // The call that changes the folder is hidden from Swift; `env` becomes the program after it.
    let folder = command.folder.map { ["/usr/bin/env", "-C", $0] } ?? []
    let words = folder + [command.program] + command.arguments
    let arguments = words.map { strdup($0) }
    let variables = command.environment?.map { strdup("\($0)=\($1)") }
    defer { (arguments + (variables ?? [])).forEach { free($0) } }
    var identifier: pid_t = 0
    let code =
      if let variables {
        posix_spawn(
          &identifier, words[0], &actions, &attributes, arguments + [nil], variables + [nil])
      } else {
        posix_spawn(
          &identifier, words[0], &actions, &attributes, arguments + [nil], environ)
      }
    guard code == 0 else { throw StartFailure(program: command.program, code: code) }
    self.identifier = identifier
  }

  /// Whether the program has not ended yet.
  public var isRunning: Bool {
    if exitStatus == nil { collect(WNOHANG) }
    return exitStatus == nil
  }

  /// Sends a signal, unless the program has ended.
  public func send(_ signal: Int32) {
    if isRunning { kill(identifier, signal) }
  }

  /// Waits for the program's end, and gives its exit status, or the signal that ended it.
  @discardableResult
  public func wait() -> Int32 {
    while true {
      if let exitStatus { return exitStatus }
      collect(0)
    }
  }

  /// Asks for the program's status, and keeps it once there is one.
  private func collect(_ options: Int32) {
    var status: Int32 = 0
    guard waitpid(identifier, &status, options) == identifier else { return }
    let signal = status & 0x7F
    exitStatus = signal == 0 ? (status >> 8) & 0xFF : signal
  }

  /// The new program's folder and streams; it inherits no other descriptor.
  private static func actions(of command: Command) -> posix_spawn_file_actions_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    for (number, stream) in command.streams.enumerated() {
      switch stream {
      case .file(let path):
        posix_spawn_file_actions_addopen(&actions, Int32(number), path, O_RDWR | O_NOCTTY, 0)
      case .descriptor(let descriptor):
        posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
      }
    }
    // One that another thread has closed meanwhile is passed over.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    return actions
  }

  /// Default actions for all signals, none of them blocked, and a group of its own.
  private static func attributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return attributes
  }
}
