import SentiModels
import SentiText

/// A timeline as lines for a terminal: one sentence a line, its running score as a bar to the left or
/// to the right of the middle.
///
///     -0.62      ████████|            The acting is wooden.
///     +0.21              |███         But the songs are not.
struct TimelineDrawing {
  private let terminal: Terminal
  private let columnCount: Int
  private let halfWidth: Int
  private let normalizer: Normalizer

  /// The most cells on each side of the middle; fewer where a terminal is narrow.
  private static let greatestHalfWidth = 12
  /// What stands before a sentence beside those: the number, the middle, and the spaces around them.
  private static let fixedWidth = 2 + 5 + 2 + 1 + 2
  /// A sentence is cut where a line would be longer than a person likes to read.
  private static let greatestWidth = 120

  /// Draws for a terminal; a file gets lines of 80 columns without colours.
  ///
  /// - Parameters:
  ///   - terminal: Where the drawing goes.
  ///   - columnCount: The number of columns; that of the terminal where nil.
  /// - Throws: `ICUError` when ICU's data is missing.
  init(_ terminal: Terminal, columnCount: Int? = nil) throws(ICUError) {
    self.terminal = terminal
    var normalization = Normalization.none
    normalization.reviewSteps = .markup
    normalizer = try Normalizer(normalization)
    self.columnCount =
      columnCount ?? (terminal.isTerminal ? min(terminal.columnCount, Self.greatestWidth) : 80)
    // A bar takes two thirds of a narrow line, its sentence the rest.
    halfWidth = min(Self.greatestHalfWidth, max(1, (self.columnCount - 1 - Self.fixedWidth) / 3))
  }

  /// The lines, each with its line end.
  func text(of timeline: SentimentTimeline, in utf8: [UInt8]) -> String {
    timeline.points.map { point in
      let sentence = normalizer.normalized(utf8: utf8[point.byteRange].span)
      return line(point.score, excerpt(of: sentence.string))
    }.joined()
  }

  private func line(_ score: Double, _ excerpt: String) -> String {
    let number = Columns.signed(score, digits: 2)
    let magnitude = score.isFinite ? min(1, score.magnitude) : 0
    let cellCount = Int((magnitude * Double(halfWidth)).rounded())
    let bar = String(repeating: "\u{2588}", count: cellCount)
    let space = String(repeating: " ", count: halfWidth - cellCount)
    let empty = String(repeating: " ", count: halfWidth)
    let middle = terminal.style("|", .dim)
    let drawing =
      score < 0
      ? space + terminal.style(bar, .red) + middle + empty
      : empty + middle + terminal.style(bar, .green) + space
    return "  \(number)  \(drawing)  \(excerpt)\n"
  }

  /// A sentence on one line, cut to the columns that are left.
  private func excerpt(of sentence: String) -> String {
    let room = columnCount - Self.fixedWidth - 2 * halfWidth - 1
    guard room > 0 else { return "" }
    var (excerpt, width) = ("", 0)
    for word in sentence.split(whereSeparator: \.isWhitespace) {
      for character in (excerpt.isEmpty ? "" : " ") + word {
        width += Self.width(of: character)
        guard width <= room else { return excerpt.dropLast(1) + "\u{2026}" }
        excerpt.append(Self.isControl(character) ? "\u{FFFD}" : character)
      }
    }
    return excerpt
  }

  /// Two columns for the wide characters of East Asia and for emoji, else one.
  private static func width(of character: Character) -> Int {
    let scalar = character.unicodeScalars.first?.value ?? 0
    return (0x1100...0x115F).contains(scalar) || (0x2E80...0xA4CF).contains(scalar)
      || (0xAC00...0xD7A3).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
      || (0xFE30...0xFE6F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
      || (0x1F300...0x1FAFF).contains(scalar) || scalar >= 0x20000 ? 2 : 1
  }

  /// Whether a terminal would take a character for a command.
  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains(where: \.isTerminalControl)
  }
}
