/// Numbers as a line of bars, each as high as its number.
enum Sparkline {
  private static let bars: [Character] = [
    "\u{2581}", "\u{2582}", "\u{2583}", "\u{2584}", "\u{2585}", "\u{2586}", "\u{2587}", "\u{2588}",
  ]

  /// Draws the last numbers of a series and what follows, with a line between them.
  ///
  /// - Parameters:
  ///   - past: The numbers, of which as many are drawn as there is room for; gaps are blanks.
  ///   - forecast: What follows; where there is little room its first numbers, at most half the columns.
  ///   - columnCount: The number of columns.
  /// - Returns: The drawing.
  static func text(_ past: [Double?], forecast: [Double], columnCount: Int) -> String {
    let future = forecast.prefix(max(1, columnCount / 2))
    let recent = past.suffix(max(0, columnCount - future.count - 1))
    let all = recent.compactMap(\.self) + future
    guard let low = all.min(), let high = all.max() else { return "" }
    func bar(_ value: Double?) -> Character {
      guard let value, value.isFinite else { return " " }
      let height = high > low ? (value - low) / (high - low) : 0.5
      return bars[min(bars.count - 1, Int(height * Double(bars.count)))]
    }
    return String(recent.map(bar)) + "|" + String(future.map { bar($0) })
  }
}
