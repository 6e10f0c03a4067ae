extension Row {
  /// Gives a teacher's probabilities in a field: a JSON object or array, also as the text of CSV.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The probabilities, or `nil` where the row has no such field, or an empty one.
  /// - Throws: A ``CorpusError`` where the field holds something else, a number that is negative or
  ///   not finite, or numbers that do not sum to 1.
  public func softLabel(of name: String) throws(CorpusError) -> SoftLabel? {
    guard let value = try optionalValue(of: name) else { return nil }
    do {
      return try SoftLabel(value)
    } catch {
      throw self.error(
        .unexpectedValue(field: name, expected: "probabilities that sum to 1", found: error.found))
    }
  }

  /// Gives a weight in a field.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The weight, or `nil` where the row has no such field, or an empty one.
  /// - Throws: A ``CorpusError`` where the field holds something else than a finite number from 0.
  public func weight(of name: String) throws(CorpusError) -> Double? {
    guard let value = try optionalValue(of: name) else { return nil }
    let written = String(decoding: value, as: UTF8.self)
    guard let weight = Double(written), weight.isFinite, weight >= 0 else {
      throw self.error(
        .unexpectedValue(field: name, expected: "a weight of 0 or more", found: written))
    }
    return weight
  }

  /// The value of a field that a row may lack.
  private func optionalValue(of name: String) throws(CorpusError) -> ArraySlice<UInt8>? {
    if let problem { throw problem }
    guard names.contains(name) else { return nil }
    let field = fields[try require(name)]
    guard field.form != .null else { return nil }
    let value = try decoded(field)
    return value.isEmpty ? nil : value
  }
}
