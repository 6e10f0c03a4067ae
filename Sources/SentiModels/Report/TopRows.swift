/// The rows with the highest values of something, in bounded memory.
struct TopRows: Sendable {
  /// A row that is shown.
  struct Entry: Sendable {
    let value: Double
    let place: String
    let answer: ReportRow.Answer
    /// The beginning of the text, with the words that contributed marked; nil where no texts are shown.
    let text: MarkedText?
  }

  /// The rows, the one with the highest value first; of equal ones the earlier.
  private(set) var entries: [Entry] = []

  /// The most rows that are kept.
  let limit: Int
  /// The most bytes of a text that are shown.
  static let textByteLimit = 600

  /// Starts with no rows.
  ///
  /// - Parameter limit: The most rows that are kept.
  init(limit: Int = 20) { self.limit = limit }

  /// Whether a row with a value would be kept.
  func takes(_ value: Double) -> Bool {
    entries.count < limit || value > (entries.last?.value ?? 0)
  }

  /// Keeps a row, if its value is high enough.
  mutating func add(_ row: ReportRow, _ answer: ReportRow.Answer, value: Double) {
    guard takes(value) else { return }
    let index = entries.firstIndex { $0.value < value } ?? entries.count
    entries.insert(
      Entry(value: value, place: row.place, answer: answer, text: Self.beginning(of: row)),
      at: index)
    if entries.count > limit { entries.removeLast() }
  }

  /// The beginning of a row's text, with its words' contributions.
  private static func beginning(of row: ReportRow) -> MarkedText? {
    guard let text = row.text else { return nil }
    let whole = Array(text.utf8)
    let words = row.explanation?.words.filter { $0.byteRange.upperBound <= whole.count } ?? []
    let levels = MarkedText.levels(of: words.map(\.contribution))
    let bytes = beginning(text, whole)
    let end = bytes.count < whole.count ? bytes.count - ellipsis.count : whole.count
    let marks = zip(words, levels).compactMap { word, level in
      word.byteRange.upperBound <= end
        ? MarkedText.Mark(
          byteRange: word.byteRange, contribution: word.contribution, level: level) : nil
    }
    return MarkedText(bytes: bytes, marks: marks)
  }

  private static let ellipsis = Array("\u{2026}".utf8)

  private static func beginning(_ text: String, _ whole: [UInt8]) -> [UInt8] {
    guard whole.count > textByteLimit else { return whole }
    let start = String(decoding: whole.prefix(textByteLimit), as: UTF8.self)
    // The last character may have been cut.
    return Array(String(start.unicodeScalars.dropLast()).utf8) + ellipsis
  }
}
