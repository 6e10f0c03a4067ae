/// Tells on standard error how many texts a verb has read that says nothing until all are.
struct TextReporter {
  /// The number of bytes of all texts; nil where nobody knows.
  let byteCount: Int?
  private let style: ProgressStyle
  private let bar: ProgressBar
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  /// Starts the clock.
  init(_ style: ProgressStyle, byteCount: Int?) {
    self.style = style
    self.byteCount = byteCount
    bar = ProgressBar(style, printsResults: false)
    start = clock.now
  }

  /// Tells how many texts were read, where enough time has passed since that was last told.
  ///
  /// - Parameters:
  ///   - count: The number of texts.
  ///   - fraction: How many of all they are; nil where nobody knows.
  mutating func report(count: Int, fraction: Double?) {
    let now = clock.now
    let interval: Duration = style == .json ? .seconds(1) : .milliseconds(200)
    guard style == .json || bar.isShown, last.map({ now - $0 >= interval }) ?? true else { return }
    last = now
    let seconds = (now - start) / .seconds(1)
    if style == .json {
      Diagnostics.print(Self.json(count: count, seconds: seconds))
    } else {
      bar.show(fraction, to: Self.text(count: count, seconds: seconds, fraction: fraction))
    }
  }

  /// Takes the bar off the terminal, so that other lines can follow.
  func clear() { bar.clear() }

  static func text(count: Int, seconds: Double, fraction: Double?) -> String {
    let rate = Columns.grouped(Int(Double(count) / max(seconds, 1e-9)))
    let left = fraction.flatMap { $0 > 0 ? seconds / $0 * (1 - $0) : nil }
    return "\(Columns.grouped(count)) texts, \(rate) texts/s"
      + (left.map { ", \(TrainingReporter.time($0)) left" } ?? "")
  }

  static func json(count: Int, seconds: Double) -> String {
    JSONValue.object([
      "texts": .integer(count), "seconds": .number(seconds),
      "texts_per_second": .number(Double(count) / max(seconds, 1e-9)),
    ]).text + "\n"
  }
}
