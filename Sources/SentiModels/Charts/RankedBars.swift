/// A chart of named bars below each other that lie on both sides of zero, each of parts that are stacked.
///
/// It keeps to the rules of ``Chart``: it needs nothing from elsewhere, takes the colour of the text around it,
/// and says in words what it shows.
struct RankedBars: Sendable {
  /// A bar.
  struct Bar: Sendable {
    let name: String
    /// Its parts, in the order of the chart's names; those of one sign are stacked.
    let parts: [Double]
  }

  /// The chart's heading.
  let title: String
  /// What the bars measure, with the unit.
  let label: String
  /// What the parts of a bar are.
  let partNames: [String]
  /// The bars, the highest first.
  let bars: [Bar]
  /// What the chart shows, in words.
  let alternative: String

  private static let (width, left, right) = (720.0, 200.0, 24.0)
  private static let (top, bottom, rowHeight) = (40.0, 56.0, 22.0)

  private var scale: ChartScale {
    let ends = bars.flatMap { bar in
      [
        bar.parts.reduce(0) { $0 + max(0, $1) }, bar.parts.reduce(0) { $0 + min(0, $1) },
      ]
    }
    return ChartScale(ends + [0])
  }

  /// The chart as an element of a page.
  var svg: String {
    let height = Self.top + Double(bars.count) * Self.rowHeight + Self.bottom
    let size = "\(ChartElement.number(Self.width)) \(ChartElement.number(height))"
    let rows = bars.enumerated().map(row).joined(separator: "\n")
    return """
      <svg class="chart" role="img" viewBox="0 0 \(size)" width="\(ChartElement.number(Self.width))" \
      height="\(ChartElement.number(height))" font-family="system-ui, sans-serif" font-size="13" \
      aria-label="\(shown(title + ": " + alternative))">
      \(axis(height - Self.bottom))
      \(rows)
      \(legend)
      </svg>
      """
  }

  private func place(_ value: Double) -> Double {
    Self.left + scale.position(value) * (Self.width - Self.left - Self.right)
  }

  private func axis(_ base: Double) -> String {
    let scale = scale
    let marks = scale.ticks.flatMap { value in
      [
        ChartElement.line(
          from: (place(value), Self.top - 6), to: (place(value), base),
          "stroke=\"currentColor\" stroke-opacity=\"\(value == 0 ? "1" : "0.2")\""),
        ChartElement.text(
          scale.label(value), at: (place(value), base + 18), "text-anchor=\"middle\""),
      ]
    }
    let label = ChartElement.text(
      label, at: ((Self.left + Self.width - Self.right) / 2, base + 42),
      "text-anchor=\"middle\" font-weight=\"600\"")
    return (marks + [label]).joined(separator: "\n")
  }

  private func row(_ index: Int, _ bar: Bar) -> String {
    let middle = Self.top + (Double(index) + 0.5) * Self.rowHeight
    let name = ChartElement.text(
      bar.name.clipped, at: (Self.left - 8, middle + 4), "text-anchor=\"end\"")
    var (high, low) = (0.0, 0.0)
    let parts = bar.parts.enumerated().map { part, value in
      let start = value < 0 ? low : high
      if value < 0 { low += value } else { high += value }
      let (from, to) = (place(min(start, start + value)), place(max(start, start + value)))
      let title = shown("\(bar.name.clipped), \(partNames[part]): ")
      return "<rect x=\"\(ChartElement.number(from))\" y=\"\(ChartElement.number(middle - 8))\" "
        + "width=\"\(ChartElement.number(to - from))\" height=\"16\" "
        + "fill=\"\(ChartElement.colour(part))\">"
        + "<title>\(title)\(ChartScale.number(value, digits: 4))</title></rect>"
    }
    return ([name] + parts).joined(separator: "\n")
  }

  private var legend: String {
    partNames.enumerated().map { part, name in
      let place = Self.left + Double(part) * 200
      return "<rect x=\"\(ChartElement.number(place))\" y=\"10\" width=\"14\" height=\"14\" "
        + "fill=\"\(ChartElement.colour(part))\"/>"
        + ChartElement.text(name, at: (place + 20, 22), "")
    }.joined(separator: "\n")
  }
}
