extension Row {
  /// The row with another text in a field, as the row's format writes it; all other bytes stay.
  ///
  /// - Parameters:
  ///   - name: The name of the field, which holds text.
  ///   - text: The text in UTF-8.
  ///   - layout: The layout of the row's file.
  /// - Returns: The row, of other length.
  /// - Throws: The row's problem, or a ``CorpusError`` when the field is missing or stands twice.
  /// - Complexity: O(length of the new row).
  public func replacing(
    _ name: String, with text: ArraySlice<UInt8>, in layout: RowLayout
  ) throws(CorpusError) -> Row {
    if let problem { throw problem }
    let index = try require(name)
    let old = sourceRange(of: fields[index], in: layout)
    let (source, field) = Self.written(text, at: old.lowerBound, in: layout)
    let shift = source.count - old.count
    var fields = fields
    fields[index] = field
    for next in fields.indices where next > index {
      let range = fields[next].range
      fields[next].range = range.lowerBound + shift..<range.upperBound + shift
    }
    return Row(
      path: path, line: line, byteOffset: byteOffset, kind: kind,
      bytes: Array(bytes[..<old.lowerBound]) + source + bytes[old.upperBound...], names: names,
      problem: nil, content: content.lowerBound..<content.upperBound + shift, fields: fields)
  }

  /// Where a field stands, with the quotes around it.
  private func sourceRange(of field: Field, in layout: RowLayout) -> Range<Int> {
    let range = field.range
    let isQuoted =
      switch field.form {
      case .string, .escapedString, .doubledQuotes: true
      // In a table, no byte but a quote of its own stands as one before a field.
      default:
        layout.delimiter != nil && range.lowerBound > content.lowerBound
          && bytes[range.lowerBound - 1] == quote
      }
    return isQuoted ? range.lowerBound - 1..<range.upperBound + 1 : range
  }

  /// A text as the format writes it, and the field that it is at a place.
  private static func written(
    _ text: ArraySlice<UInt8>, at start: Int, in layout: RowLayout
  ) -> (source: [UInt8], field: Field) {
    var output = OutputPieces()
    if layout.format == .jsonl {
      JSONString.encode(text, into: &output)
    } else if let delimiter = layout.delimiter {
      CSVField.encode(text, delimiter: delimiter, into: &output)
    } else {
      output.append(text)
    }
    let source = output.bytes
    let isQuoted = layout.format == .jsonl || (layout.delimiter != nil && source.first == quote)
    let form: Field.Form = layout.format == .jsonl ? .escapedString : .doubledQuotes
    let range = start..<start + source.count
    return (
      source,
      isQuoted
        ? Field(range: range.lowerBound + 1..<range.upperBound - 1, form: form)
        : Field(range: range, form: .plain)
    )
  }
}
