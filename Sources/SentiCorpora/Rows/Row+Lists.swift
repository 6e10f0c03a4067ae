extension Row {
  /// Gives the texts of a field: those of a JSON array, or the one text that it holds.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The texts, in order; none for an empty array.
  /// - Throws: The row's problem, or a ``CorpusError`` when the field is missing, stands twice, or holds
  ///   something else than text or an array of texts, and when a text is not UTF-8.
  /// - Complexity: O(length of the field).
  public func list(of name: String) throws(CorpusError) -> [String] {
    let list = try field(name)
    guard list.form == .array else { return [try text(of: name)] }
    let elements: [Field]
    do { elements = try JSONObjectScanner.elements(of: bytes, in: list.range) } catch {
      throw self.error(error)
    }
    var texts: [String] = []
    for element in elements {
      guard element.form == .string || element.form == .escapedString else {
        throw error(
          .unexpectedValue(field: name, expected: "an array of texts", found: element.noun))
      }
      texts.append(try validatedString(decoded(element), path: path, line: line))
    }
    return texts
  }
}
