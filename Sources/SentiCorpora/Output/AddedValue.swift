/// A value that a program adds to a row.
public enum AddedValue: Hashable, Sendable {
  /// Text, which is quoted and escaped as the format wants it.
  case text(String)
  /// A number in as few digits as tell it from all others; one that is not finite is missing.
  case number(Double)
  /// Nothing: an empty field of CSV, `null` in JSON.
  case missing

  /// The number or text without quotes, or `nil`.
  private var plain: String? {
    switch self {
    case .text(let text): text
    case .number(let number): number.isFinite ? "\(number)" : nil
    case .missing: nil
    }
  }

  /// Adds the value to a row of CSV.
  func writeCSV(delimiter: UInt8, to output: inout [UInt8]) {
    CSVField.encode((plain ?? "").utf8, delimiter: delimiter, into: &output)
  }

  /// Adds the value to a JSON object.
  func writeJSON(to output: inout [UInt8]) {
    if case .text(let text) = self {
      JSONString.encode(text.utf8, into: &output)
    } else {
      output.append(contentsOf: (plain ?? "null").utf8)
    }
  }
}

/// Fields of CSV, from UTF-8.
enum CSVField {
  /// Writes a field, with quotes only where they are needed.
  static func encode(
    _ bytes: some Collection<UInt8>, delimiter: UInt8, into output: inout [UInt8]
  ) {
    let special = [delimiter, quote, lineFeed, carriageReturn]
    guard bytes.contains(where: special.contains) else {
      output.append(contentsOf: bytes)
      return
    }
    output.append(quote)
    for byte in bytes {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }
}
