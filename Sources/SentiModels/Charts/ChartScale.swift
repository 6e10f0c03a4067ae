internal import Glibc

/// Where the values of an axis lie, and which of them are marked.
struct ChartScale {
  /// The least and the greatest value of the axis: whole steps around the values.
  let range: ClosedRange<Double>
  /// The distance of two marks: 1, 2 or 5 times a power of ten.
  let step: Double

  /// About how many marks there are.
  private static let tickCount = 5.0

  /// Makes room for values.
  ///
  /// - Parameters:
  ///   - values: The values; those that are not finite do not count.
  ///   - given: The range, where it is known; its ends are kept as they are.
  init(_ values: [Double], given: ClosedRange<Double>? = nil) {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if let given { (low, high) = (given.lowerBound, given.upperBound) }
    if high - low < 1e-12 * max(1, high.magnitude) { (low, high) = (low - 0.5, high + 0.5) }
    let rough = (high - low) / Self.tickCount
    let power = pow(10, log10(rough).rounded(.down))
    step = power * ([1, 2, 5].first { rough <= 1.0001 * Double($0) * power } ?? 10)
    range =
      given != nil
      ? low...high : (low / step).rounded(.down) * step...(high / step).rounded(.up) * step
  }

  /// The values that are marked.
  var ticks: [Double] {
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 100 else { return [] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// A value as it is written at a mark.
  func label(_ value: Double) -> String {
    let digits = max(0, Int(-log10(step).rounded(.down)))
    return Self.number(value, digits: digits)
  }

  /// A number with a fixed number of digits after the point.
  static func number(_ value: Double, digits: Int) -> String {
    let number = decimal(value.magnitude, digits: digits)
    return value < 0 && number.contains { $0 != "0" && $0 != "." } ? "\u{2212}" + number : number
  }

  /// Where a value lies, from 0 to 1.
  func position(_ value: Double) -> Double {
    (min(max(value, range.lowerBound), range.upperBound) - range.lowerBound)
      / (range.upperBound - range.lowerBound)
  }
}
