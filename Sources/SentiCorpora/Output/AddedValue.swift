/// A value that a program adds to a row.
public enum AddedValue: Hashable, Sendable {
  /// Text, which is quoted and escaped as the format wants it.
  case text(String)
  /// A number in as few digits as tell it from all others; one that is not finite is missing.
  case number(Double)
  /// JSON that stands as it is among other JSON, and as text in CSV.
  case json(String)
  /// Nothing: an empty field of CSV, `null` in JSON.
  case missing

  /// The number or text without quotes, or `nil`.
  private var plain: String? {
    switch self {
    case .text(let text), .json(let text): text
    case .number(let number): number.isFinite ? "\(number)" : nil
    case .missing: nil
    }
  }

  /// Adds the value to a row of CSV.
  func writeCSV(delimiter: UInt8, to output: inout OutputPieces) {
    CSVField.encode(plain ?? "", delimiter: delimiter, into: &output)
  }

  /// Adds the value to a JSON object.
  func writeJSON(to output: inout OutputPieces) {
    if case .text(let text) = self {
      JSONString.encode(text, into: &output)
    } else {
      output.append(plain ?? "null")
    }
  }
}
