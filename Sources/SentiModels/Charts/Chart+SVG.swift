extension Chart {
  /// The chart as an element of a page.
  public var svg: String { ChartDrawing(self).svg(attributes: "") }

  /// The chart as a file of its own, on white ground.
  public var svgFile: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + ChartDrawing(self).svg(
        attributes: " xmlns=\"http://www.w3.org/2000/svg\" color=\"#1a1a1a\"",
        ground: "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n") + "\n"
  }
}

/// The elements of a chart.
private struct ChartDrawing {
  private let chart: Chart
  private let (x, y): (ChartScale, ChartScale)

  /// The size of the drawing, and the room for the axes' marks and labels.
  private static let (width, height) = (720.0, 340.0)
  private static let (left, right, top, bottom) = (72.0, 16.0, 40.0, 60.0)
  /// The dashes that tell lines apart without colours.
  private static let dashes = ["", "8 4", "2 4", "10 3 2 3", "5 5"]
  /// The most categories that are named, and the room that a character of a name takes at most.
  private static let (mostLabels, characterWidth) = (12, 8.0)

  init(_ chart: Chart) {
    self.chart = chart
    let points = chart.series.flatMap(\.points)
    let count = chart.x.categories.count
    x = ChartScale(
      points.map(\.x), given: count > 0 ? -0.5...Double(count) - 0.5 : chart.x.range)
    let bounds = points.flatMap { point in
      [point.y] + (point.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    let hasBars = chart.series.contains { $0.style == .bars }
    y = ChartScale(bounds + (hasBars ? [0] : []), given: chart.y.range)
  }

  func svg(attributes: String, ground: String = "") -> String {
    let series = chart.series.indices.map(drawn).joined(separator: "\n")
    let (width, height) = (ChartElement.number(Self.width), ChartElement.number(Self.height))
    return """
      <svg\(attributes) class="chart" role="img" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" font-family="system-ui, sans-serif" font-size="13" \
      aria-label="\(shown(chart.title + ": " + chart.alternative))">
      \(ground)\(horizontalAxis)
      \(verticalAxis)
      \(series)
      \(legend)
      </svg>
      """
  }

  // MARK: Places

  private func horizontal(_ value: Double) -> Double {
    Self.left + x.position(value) * (Self.width - Self.left - Self.right)
  }

  private func vertical(_ value: Double) -> Double {
    Self.height - Self.bottom - y.position(value) * (Self.height - Self.top - Self.bottom)
  }

  // MARK: Axes

  /// How many categories are named: as many as there is room for.
  private var labelLimit: Int {
    let longest = chart.x.categories.map(\.clipped.count).max() ?? 0
    let room = (Self.width - Self.left - Self.right) / (Self.characterWidth * Double(longest + 2))
    return max(2, min(Self.mostLabels, Int(room)))
  }

  private var horizontalAxis: String {
    let names = chart.x.categories
    let each = (names.count + labelLimit - 1) / labelLimit
    let marks =
      names.isEmpty
      ? x.ticks.map { ($0, x.label($0)) }
      : names.indices.filter { $0.isMultiple(of: each) }.map { (Double($0), names[$0].clipped) }
    let base = Self.height - Self.bottom
    let texts = marks.map { value, name in
      ChartElement.text(name, at: (horizontal(value), base + 18), "text-anchor=\"middle\"")
    }
    let label = ChartElement.text(
      chart.x.label, at: ((Self.left + Self.width - Self.right) / 2, Self.height - 12),
      "text-anchor=\"middle\" font-weight=\"600\"")
    let axis = ChartElement.line(
      from: (Self.left, base), to: (Self.width - Self.right, base), "stroke=\"currentColor\"")
    return ([axis] + texts + [label]).joined(separator: "\n")
  }

  private var verticalAxis: String {
    let marks = y.ticks.flatMap { value in
      [
        ChartElement.line(
          from: (Self.left, vertical(value)), to: (Self.width - Self.right, vertical(value)),
          "stroke=\"currentColor\" stroke-opacity=\"0.2\""),
        ChartElement.text(
          y.label(value), at: (Self.left - 8, vertical(value) + 4), "text-anchor=\"end\""),
      ]
    }
    let middle = ChartElement.number((Self.top + Self.height - Self.bottom) / 2)
    let label = ChartElement.text(
      chart.y.label, at: (0, 0),
      "text-anchor=\"middle\" font-weight=\"600\" transform=\"translate(16 \(middle)) rotate(-90)\""
    )
    return (marks + [label]).joined(separator: "\n")
  }

  private var legend: String {
    guard chart.series.count > 1 else { return "" }
    let room = (Self.width - Self.left - Self.right) / Double(chart.series.count)
    return chart.series.enumerated().map { index, series in
      let place = Self.left + Double(index) * room
      return ChartElement.line(
        from: (place, 18), to: (place + 28, 18), stroke(index) + " stroke-width=\"4\"")
        + "\n" + ChartElement.text(series.name.clipped, at: (place + 36, 22), "")
    }.joined(separator: "\n")
  }

  // MARK: Series

  private func drawn(_ index: Int) -> String {
    let series = chart.series[index]
    let points = series.points.filter { $0.y.isFinite && $0.x.isFinite }
    var parts: [String] = []
    switch series.style {
    case .bars: parts = points.map { bar($0, index) }
    case .line: parts = [path(of: series.points, index)] + points.map { mark($0, index) }
    case .points: parts = points.map { mark($0, index) }
    }
    return (parts + points.compactMap { interval(of: $0) }).joined(separator: "\n")
  }

  /// The line through the points, broken where one is missing.
  private func path(of points: [Chart.Point], _ index: Int) -> String {
    var (commands, isOpen) = ([String](), false)
    for point in points {
      guard point.y.isFinite else {
        isOpen = false
        continue
      }
      let place =
        "\(ChartElement.number(horizontal(point.x))) \(ChartElement.number(vertical(point.y)))"
      commands.append((isOpen ? "L" : "M") + place)
      isOpen = true
    }
    return "<path d=\"\(commands.joined())\" fill=\"none\" \(stroke(index)) stroke-width=\"2\"/>"
  }

  private func mark(_ point: Chart.Point, _ index: Int) -> String {
    let (x, y) = (ChartElement.number(horizontal(point.x)), ChartElement.number(vertical(point.y)))
    return
      "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"3\" fill=\"\(ChartElement.colour(index))\">\(title(point))</circle>"
  }

  private func bar(_ point: Chart.Point, _ index: Int) -> String {
    let count = Double(max(chart.x.categories.count, chart.series[index].points.count, 1))
    let width = 0.8 * (Self.width - Self.left - Self.right) / count
    let (end, base) = (vertical(point.y), vertical(0))
    let place =
      "x=\"\(ChartElement.number(horizontal(point.x) - width / 2))\" y=\"\(ChartElement.number(min(end, base)))\" "
      + "width=\"\(ChartElement.number(width))\" height=\"\(ChartElement.number(abs(end - base)))\""
    return "<rect \(place) fill=\"\(ChartElement.colour(index))\">\(title(point))</rect>"
  }

  private func interval(of point: Chart.Point) -> String? {
    point.interval.map { interval in
      ChartElement.line(
        from: (horizontal(point.x), vertical(interval.lowerBound)),
        to: (horizontal(point.x), vertical(interval.upperBound)),
        "stroke=\"currentColor\" stroke-width=\"1.5\"")
    }
  }

  private func title(_ point: Chart.Point) -> String {
    let categories = chart.x.categories
    let isNamed = point.x >= 0 && Int(point.x) < categories.count
    let name = isNamed ? categories[Int(point.x)].clipped : ChartScale.number(point.x, digits: 2)
    return "<title>\(shown(name)): \(ChartScale.number(point.y, digits: 4))</title>"
  }

  private func stroke(_ index: Int) -> String {
    let dash = Self.dashes[index % Self.dashes.count]
    return "stroke=\"\(ChartElement.colour(index))\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
  }
}
