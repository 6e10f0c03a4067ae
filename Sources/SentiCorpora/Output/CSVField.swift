/// Fields of CSV, from UTF-8.
enum CSVField {
  /// Writes a field, with quotes only where they are needed.
  static func encode(
    _ bytes: ArraySlice<UInt8>, delimiter: UInt8, into output: inout OutputPieces
  ) {
    guard needsQuotes(bytes, delimiter) else { return output.append(bytes) }
    output.append(quote)
    var rest = bytes
    while let next = rest.firstIndex(of: quote) {
      output.append(rest[...next])
      output.append(quote)
      rest = rest[(next + 1)...]
    }
    output.append(rest)
    output.append(quote)
  }

  /// Writes a text as a field.
  static func encode(_ text: String, delimiter: UInt8, into output: inout OutputPieces) {
    encode(Array(text.utf8)[...], delimiter: delimiter, into: &output)
  }

  private static func needsQuotes(_ bytes: ArraySlice<UInt8>, _ delimiter: UInt8) -> Bool {
    bytes.contains { byte in
      byte == delimiter || byte == quote || byte == lineFeed || byte == carriageReturn
    }
  }
}
