import Glibc
import SentiIO
import SentiText

/// Messages for people, on standard error.
enum Diagnostics {
  /// Says what went wrong, as `senti: PATH: what`.
  static func report(_ failure: Failure) {
    report(failure.message)
  }

  /// Says something that does not change the result.
  static func warn(_ message: String) {
    report("warning: \(message)")
  }

  /// Prints a line, or lines, of this program's own.
  static func note(_ line: String) {
    print(line.escapingControls { $0 == "\n" } + "\n")
  }

  /// Puts a bar, or nothing, in the place of the terminal's last line.
  static func replaceLine(_ bar: String = "") { print("\r\u{1B}[K" + bar) }

  private static func report(_ message: String) {
    let name = Terminal.standardError.style("senti:", .boldRed)
    print("\(name) \(message.escapingControls())\n")
  }

  /// Prints text in one call, so that lines of several processes do not mix.
  static func print(_ text: String) {
    let bytes = FileName.bytes(of: text)
    // There is no place left to report a failure of standard error to.
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
