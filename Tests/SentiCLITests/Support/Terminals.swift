import Foundation
import Glibc
import SentiTestSupport
import Testing

/// Runs the built `senti` on a terminal of its own.
enum Terminals {
  /// What the terminal showed, and how the run ended.
  struct Outcome {
    var screen = ""
    var status: Int32 = 0
  }

  /// Runs the program with all three streams on a terminal.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Outcome {
    let (master, name) = try openPair()
    defer { close(master) }
    var command = ChildProcess.Command(Senti.path)
    command.arguments = arguments
    command.folder = folder.path
    command.environment = ProcessInfo.processInfo.environment
      .filter { $0.key != "NO_COLOR" }
      .merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
    command.streams = [.file(name), .file(name), .file(name)]
    // The program has the only open end of the terminal: its exit ends the reading.
    let process = try ChildProcess(command)
    let screen = readToEnd(of: master)
    return Outcome(screen: screen, status: process.wait())
  }

  private static func readToEnd(of descriptor: CInt) -> String {
    var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while case let count = read(descriptor, &piece, piece.count), count > 0 {
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Opens one end of a new terminal, and gives the name of the other.
  ///
  /// `posix_openpt` and its kin, which these two requests stand behind, are hidden from Swift.
  private static func openPair() throws -> (master: CInt, name: String) {
    let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (CInt, CInt) = (0, -1)
    let isUnlocked = ioctl(master, unlock, &isLocked) == 0
    let isNamed = ioctl(master, getNumber, &number) == 0
    try #require(isUnlocked && isNamed)
    return (master, "/dev/pts/\(number)")
  }
}
