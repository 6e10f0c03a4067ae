internal import Foundation

/// How results are written down: JSON with sorted names, and figures for people.
package enum Report {
  /// Writes a value as JSON to a file.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: The file; an older one is replaced.
  /// - Throws: What Foundation says when the file cannot be written.
  package static func write(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    var text = try encoder.encode(value)
    text.append(UInt8(ascii: "\n"))
    try text.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Writes figures as JSON Lines, one a line.
  ///
  /// - Parameters:
  ///   - figures: The figures.
  ///   - path: The file; an older one is replaced.
  /// - Throws: What Foundation says when the file cannot be written.
  package static func write(lines figures: [Figure], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try figures.map { try encoder.encode($0) + [UInt8(ascii: "\n")] }
    try Data(lines.joined()).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Sets a figure into a column.
  ///
  /// - Parameters:
  ///   - value: The figure.
  ///   - width: The width of the column.
  ///   - decimals: The number of digits behind the point.
  /// - Returns: The figure, with spaces before it.
  package static func column(_ value: Double, width: Int, decimals: Int = 0) -> String {
    String(format: "%\(width).\(decimals)f", value)
  }

  /// Sets a word into a column, to the left.
  ///
  /// - Parameters:
  ///   - text: The word.
  ///   - width: The width of the column.
  /// - Returns: The word, with spaces behind it.
  package static func column(_ text: String, width: Int) -> String {
    text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
  }
}
