import ArgumentParser

/// What the program tells the shell, by the numbers of `sysexits.h` where it has one.
enum ExitStatus: Int32, Sendable {
  /// All is done.
  case done = 0
  /// Some inputs failed and others did not, or a limit that was asked for was missed.
  case partial = 1
  /// The command line is wrong.
  case usage = 64
  /// An input is there, but not what it should be.
  case badData = 65
  /// An input is not there.
  case noInput = 66
  /// The program or its installation is broken.
  case internalError = 70
  /// The system could not read or write.
  case inputOutput = 74
  /// The user pressed Ctrl-C.
  case interrupted = 130

  /// The error that ends a verb with this status when all messages are out already.
  var exit: ExitCode { ExitCode(rawValue) }
}
