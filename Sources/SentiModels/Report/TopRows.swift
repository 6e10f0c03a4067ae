/// The rows with the highest values of something, in bounded memory.
struct TopRows: Sendable {
  /// A row that is shown.
  struct Entry: Sendable {
    let value: Double
    let place: String
    let answer: ReportRow.Answer
    /// The beginning of the text; nil where no texts are shown.
    let text: String?
  }

  /// The rows, the one with the highest value first; of equal ones the earlier.
  private(set) var entries: [Entry] = []

  /// The number of rows that are kept.
  static let limit = 20
  /// The most bytes of a text that are shown.
  static let textByteLimit = 600

  /// Whether a row with a value would be kept.
  func takes(_ value: Double) -> Bool {
    entries.count < Self.limit || value > (entries.last?.value ?? 0)
  }

  /// Keeps a row, if its value is high enough.
  mutating func add(_ row: ReportRow, _ answer: ReportRow.Answer, value: Double) {
    guard takes(value) else { return }
    let index = entries.firstIndex { $0.value < value } ?? entries.count
    entries.insert(
      Entry(value: value, place: row.place, answer: answer, text: row.text.map(Self.beginning)),
      at: index)
    if entries.count > Self.limit { entries.removeLast() }
  }

  private static func beginning(_ text: String) -> String {
    guard text.utf8.count > textByteLimit else { return text }
    let start = String(decoding: Array(text.utf8.prefix(textByteLimit)), as: UTF8.self)
    // The last character may have been cut.
    return String(start.unicodeScalars.dropLast()) + "\u{2026}"
  }
}
