/// A chart of a few series, as SVG.
///
///     let chart = Chart(
///       "Accuracy by epoch", x: .init("epoch"), y: .init("accuracy", range: 0...1),
///       series: [.init("validation", .line, points)],
///       alternative: "Accuracy rises from 0.71 to 0.89 in 12 epochs.")
///     print(chart.svg)
///
/// Each axis says what it shows, and in which unit. Series are told apart by their dashes and marks too, not
/// by colour alone, and a text says for those who cannot see the chart what it shows. It needs no style
/// sheet, no script and nothing from elsewhere, and takes the colour of the text around it, so that it can
/// be read on dark pages and on light ones.
public struct Chart: Sendable {
  /// What an axis shows.
  public struct Axis: Sendable {
    /// The quantity with its unit.
    public let label: String
    /// The least and the greatest value; nil: by the values.
    public let range: ClosedRange<Double>?
    /// The names of the places 0, 1, 2 and so on; none for numbers.
    public let categories: [String]

    /// Makes an axis.
    ///
    /// - Parameters:
    ///   - label: The quantity with its unit.
    ///   - range: The least and the greatest value; nil: by the values.
    ///   - categories: The names of the places 0, 1, 2 and so on; none for numbers.
    public init(_ label: String, range: ClosedRange<Double>? = nil, categories: [String] = []) {
      self.label = label
      self.range = range
      self.categories = categories
    }
  }

  /// A point of a series.
  public struct Point: Sendable {
    /// The place on the first axis.
    public let x: Double
    /// The value; one that is not finite is a gap.
    public let y: Double
    /// What is drawn around the value, such as a 95 % interval.
    public let interval: ClosedRange<Double>?

    /// Makes a point.
    ///
    /// - Parameters:
    ///   - x: The place on the first axis.
    ///   - y: The value; one that is not finite is a gap.
    ///   - interval: What is drawn around the value.
    public init(_ x: Double, _ y: Double, interval: ClosedRange<Double>? = nil) {
      (self.x, self.y, self.interval) = (x, y, interval)
    }
  }

  /// How a series is drawn.
  public enum Style: Sendable {
    /// Points joined by a line.
    case line
    /// A bar from 0 to each value.
    case bars
    /// Points alone.
    case points
  }

  /// Points that belong together.
  public struct Series: Sendable {
    /// What the points are.
    public let name: String
    /// How they are drawn.
    public let style: Style
    /// The points, in the order of their places.
    public let points: [Point]

    /// Makes a series.
    ///
    /// - Parameters:
    ///   - name: What the points are.
    ///   - style: How they are drawn.
    ///   - points: The points, in the order of their places.
    public init(_ name: String, _ style: Style, _ points: [Point]) {
      (self.name, self.style, self.points) = (name, style, points)
    }
  }

  /// The chart's heading.
  public let title: String
  /// The horizontal axis.
  public let x: Axis
  /// The vertical axis.
  public let y: Axis
  /// What is drawn.
  public let series: [Series]
  /// What the chart shows, in words.
  public let alternative: String

  /// Makes a chart.
  ///
  /// - Parameters:
  ///   - title: The chart's heading.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - series: What is drawn.
  ///   - alternative: What the chart shows, in words.
  public init(_ title: String, x: Axis, y: Axis, series: [Series], alternative: String) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.alternative = alternative
  }
}
