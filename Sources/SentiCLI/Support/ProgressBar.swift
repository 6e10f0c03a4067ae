import ArgumentParser
import SentiText

/// How a long run tells of its progress on standard error.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  /// A bar on a terminal, else a line now and then.
  case auto
  /// Objects of JSON, one a line.
  case json
  /// Nothing.
  case never
}

/// The line of a terminal that tells how far a long run is; the same for all verbs.
struct ProgressBar {
  /// Whether there is a line to write to.
  let isShown: Bool
  private let columnCount: Int

  /// Finds out whether a bar can be shown.
  ///
  /// - Parameters:
  ///   - style: How progress is to be told.
  ///   - printsResults: Whether results go to standard output while the bar is there: where that is a
  ///     terminal, it would run through them.
  init(_ style: ProgressStyle, printsResults: Bool) {
    isShown =
      style == .auto && Terminal.standardError.isTerminal
      && !(printsResults && Terminal.standardOutput.isTerminal)
    columnCount = Terminal.standardError.columnCount
  }

  /// Shows how far a run is.
  ///
  /// - Parameters:
  ///   - fraction: How much of it is done; nil where nobody knows.
  ///   - start: What stands before the bar.
  ///   - end: What stands behind it.
  func show(_ fraction: Double?, from start: String = "", to end: String) {
    guard isShown else { return }
    let line = Self.line(fraction, from: start, to: end, columnCount: columnCount)
    Diagnostics.replaceLine(line.escapingControls())
  }

  /// Takes the bar off the terminal, so that other lines can follow.
  func clear() {
    if isShown { Diagnostics.replaceLine() }
  }

  /// The line, with a bar as wide as there is room for, at most 30 signs.
  static func line(
    _ fraction: Double?, from start: String = "", to end: String, columnCount: Int
  ) -> String {
    let parts = [start, end].filter { !$0.isEmpty }
    let used = parts.reduce(0) { $0 + $1.count + 1 }
    let width = min(30, columnCount - used - 3)
    guard let fraction, width > 3 else {
      return String(parts.joined(separator: " ").prefix(max(0, columnCount - 1)))
    }
    let filled = min(width, max(0, Int(Double(width) * fraction)))
    let bar = Columns.bar(filled, of: width)
    return ([start].filter { !$0.isEmpty } + [bar, end]).joined(separator: " ")
  }
}
