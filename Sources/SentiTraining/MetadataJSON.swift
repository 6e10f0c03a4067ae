internal import FoundationEssentials

/// Values as JSON in the metadata of files: the same value gives the same text.
package enum MetadataJSON {
  /// Writes a value, keys in order.
  package static func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: Infinite.positive, negativeInfinity: Infinite.negative,
      nan: Infinite.notANumber)
    let data = try? encoder.encode(value)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  /// Reads what ``encoded(_:)`` wrote.
  package static func decoded<Value: Decodable>(
    _ text: String, as type: Value.Type = Value.self
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: Infinite.positive, negativeInfinity: Infinite.negative,
      nan: Infinite.notANumber)
    return try decoder.decode(type, from: Data(text.utf8))
  }

  /// How figures that JSON has no numbers for are written.
  private enum Infinite {
    static let positive = "infinity"
    static let negative = "-infinity"
    static let notANumber = "nan"
  }
}
