/// A text of a page whose words are marked by what they contribute.
struct MarkedText: Sendable {
  /// A word, and how strongly it is marked.
  struct Mark: Sendable {
    /// Its place, in UTF-8 bytes of the text.
    let byteRange: Range<Int>
    let contribution: Double
    /// From -5 to 5; 0: not at all.
    let level: Int
  }

  /// The text, in UTF-8.
  let bytes: [UInt8]
  /// The words, in order.
  let marks: [Mark]

  /// The text as HTML, with five shades each way; the numbers are there for screen readers too.
  var html: String {
    var (parts, end) = ([String](), 0)
    func append(to limit: Int) {
      if limit > end { parts.append(shown(String(decoding: bytes[end..<limit], as: UTF8.self))) }
      end = max(end, limit)
    }
    for mark in marks where mark.level != 0 {
      append(to: mark.byteRange.lowerBound)
      let number = Self.signed(mark.contribution)
      let side = mark.level > 0 ? "f" : "a"
      parts.append("<mark class=\"\(side)\(mark.level.magnitude)\" title=\"\(number)\">")
      append(to: mark.byteRange.upperBound)
      parts.append("<span class=\"hidden\"> (\(number)) </span></mark>")
    }
    append(to: bytes.count)
    return parts.joined()
  }

  /// A number with its sign.
  static func signed(_ value: Double, digits: Int = 2) -> String {
    let number = decimal(value.magnitude, digits: digits)
    return (value < 0 && number.contains { $0 != "0" && $0 != "." } ? "-" : "+") + number
  }

  /// For each contribution its strength beside the greatest of them, from -5 to 5.
  static func levels(of contributions: [Double]) -> [Int] {
    let maximum = contributions.reduce(0) { max($0, $1.magnitude) }
    guard maximum > 0 && maximum.isFinite else { return contributions.map { _ in 0 } }
    return contributions.map { Int((5 * $0 / maximum).rounded()) }
  }
}
