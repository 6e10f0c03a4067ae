/// What charts are drawn of.
enum ChartElement {
  /// Colours that have a contrast of 3 or more on white and on the dark ground.
  private static let colours = ["#2b7bba", "#c4622d", "#5f8f2a", "#8e63b5", "#8a7a1f"]

  /// The colour of a series.
  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// A place, to a tenth.
  static func number(_ value: Double) -> String {
    let rounded = (10 * value).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A straight line.
  static func line(
    from start: (Double, Double), to end: (Double, Double), _ attributes: String
  ) -> String {
    let places = [
      "x1=\"\(number(start.0))\"", "y1=\"\(number(start.1))\"", "x2=\"\(number(end.0))\"",
      "y2=\"\(number(end.1))\"",
    ]
    return "<line \(places.joined(separator: " ")) \(attributes)/>"
  }

  /// A text.
  static func text(_ text: String, at place: (Double, Double), _ attributes: String) -> String {
    let (x, y) = (number(place.0), number(place.1))
    return "<text x=\"\(x)\" y=\"\(y)\" fill=\"currentColor\" \(attributes)>\(shown(text))</text>"
  }
}

extension String {
  /// The beginning of a name that is too long for a chart.
  var clipped: String { count > 18 ? prefix(17) + "\u{2026}" : self }
}
