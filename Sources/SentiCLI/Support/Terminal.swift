import Glibc

/// What a stream of this process leads to.
struct Terminal {
  /// Ways to set text off.
  enum Style: String {
    case boldRed = "1;31"
    case red = "31"
    case green = "32"
    case cyan = "36"
    case boldCyan = "1;36"
    case magenta = "35"
    case boldMagenta = "1;35"
    case dim = "2"
  }

  /// Whether a person sees what is written.
  let isTerminal: Bool
  private let descriptor: Int32
  /// Whether ``style(_:_:)`` sets anything off.
  let hasColor: Bool

  /// Standard output.
  static let standardOutput = Terminal(STDOUT_FILENO)
  /// Standard error.
  static let standardError = Terminal(STDERR_FILENO)

  /// Whether standard input is a keyboard, so that nothing was piped in.
  static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
    hasColor = isTerminal && !Self.isSet("NO_COLOR") && Self.value(of: "TERM") != "dumb"
  }

  /// The number of columns; 80 where nobody says.
  var columnCount: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Sets text off, where the terminal has colours and <https://no-color.org> does not forbid it.
  func style(_ text: String, _ style: Style) -> String {
    hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  private static func isSet(_ variable: String) -> Bool {
    !(value(of: variable) ?? "").isEmpty
  }

  private static func value(of variable: String) -> String? {
    getenv(variable).map { String(cString: $0) }
  }
}
