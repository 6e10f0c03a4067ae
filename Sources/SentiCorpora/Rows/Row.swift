/// One row of a file: its exact bytes, and where its fields lie in them.
///
/// A row that breaks the rules of its format is a row too: it keeps its bytes and its place, and says
/// in ``problem`` what is wrong.
public struct Row: Sendable {
  /// What a row is to the file.
  public enum Kind: Hashable, Sendable {
    /// It names the fields of the others.
    case header
    /// It holds values.
    case record
    /// It is an empty line of CSV, TSV or JSON Lines, which holds nothing and counts for nothing.
    case blank
  }

  /// The path of the file, for messages.
  public let path: String
  /// The line on which the row starts, counted from 1; in NUL-separated files, the row's number.
  public let line: Int
  /// The offset of the row's first byte from the start of the file, counted from 0.
  public let byteOffset: Int
  /// What the row is to the file.
  public let kind: Kind
  /// All bytes of the row as they stand in the file, with byte order mark and line end.
  public let bytes: [UInt8]
  /// The names of the fields, in order.
  public let names: [String]
  /// What is wrong with the row as a whole, or `nil`.
  public let problem: CorpusError?
  /// The bytes without byte order mark and line end.
  let content: Range<Int>
  /// Where the values lie, in the order of `names`; a row with a problem may have more or fewer.
  let fields: [Field]
}

extension Row {
  /// Gives the value of a field as UTF-8.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The value without quotes and escapes; its bytes are not checked for UTF-8.
  /// - Throws: The row's problem, or a ``CorpusError`` when the field is missing, stands twice, or
  ///   holds something else than text.
  /// - Complexity: O(1), or O(n) for a value of n bytes that holds doubled quotes or escapes.
  public func bytes(of name: String) throws(CorpusError) -> ArraySlice<UInt8> {
    try decoded(textField(name))
  }

  /// Gives the text of a field, which need not be decoded at once.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The text.
  /// - Throws: A ``CorpusError``, as ``bytes(of:)``, and when the value is not UTF-8.
  /// - Complexity: O(n) for a value of n bytes; a long value takes up no memory of its own.
  public func rowText(of name: String) throws(CorpusError) -> RowText {
    let field = try textField(name)
    do {
      return try RowText(bytes[field.range], form: field.form)
    } catch {
      throw self.error(error)
    }
  }

  /// Gives the text of a field.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The text.
  /// - Throws: A ``CorpusError``, as ``bytes(of:)``, and when the value is not UTF-8.
  public func text(of name: String) throws(CorpusError) -> String {
    try validatedString(bytes(of: name), path: path, line: line)
  }

  /// Gives the texts of all fields, in order.
  ///
  /// - Returns: The texts without quotes and escapes.
  /// - Throws: The row's problem, or a ``CorpusError`` when a value is not UTF-8.
  /// - Complexity: O(length of the row).
  public func texts() throws(CorpusError) -> [String] {
    if let problem { throw problem }
    var texts: [String] = []
    for field in fields {
      texts.append(try validatedString(decoded(field), path: path, line: line))
    }
    return texts
  }

  /// Gives the label in a field: text, or a number, `true` or `false` as it is written.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The label, or `nil` when the field is empty or `null`.
  /// - Throws: A ``CorpusError``, as ``text(of:)``.
  public func label(of name: String) throws(CorpusError) -> String? {
    let field = try field(name)
    switch field.form {
    case .null: return nil
    case .object, .array:
      throw error(.unexpectedValue(field: name, expected: "a label", found: field.noun))
    default:
      let label = try validatedString(decoded(field), path: path, line: line)
      return label.isEmpty ? nil : label
    }
  }

  /// Gives the JSON in a field: an object or an array as it stands in JSON Lines, or the text of a field of a
  /// table.
  ///
  /// - Parameter name: The name of the field.
  /// - Returns: The JSON in UTF-8, unchecked; nil where the field is empty or `null`.
  /// - Throws: A ``CorpusError``, as ``bytes(of:)``.
  public func json(of name: String) throws(CorpusError) -> ArraySlice<UInt8>? {
    let field = try field(name)
    switch field.form {
    case .null: return nil
    case .object, .array: return bytes[field.range]
    default:
      let value = try decoded(field)
      return value.isEmpty ? nil : value
    }
  }

  /// Finds the one field that has a name, which must hold text.
  private func textField(_ name: String) throws(CorpusError) -> Field {
    let field = try field(name)
    switch field.form {
    case .plain, .doubledQuotes, .string, .escapedString: return field
    case .number, .boolean, .null, .object, .array:
      throw error(.unexpectedValue(field: name, expected: "text", found: field.noun))
    }
  }

  /// Finds the one field that has a name.
  func field(_ name: String) throws(CorpusError) -> Field {
    if let problem { throw problem }
    return fields[try require(name)]
  }

  /// Finds the place of the one field that has a name.
  @discardableResult
  func require(_ name: String) throws(CorpusError) -> Int {
    guard let index = names.firstIndex(of: name) else {
      throw error(.missingField(name: name, available: names))
    }
    guard names.lastIndex(of: name) == index else { throw error(.repeatedField(name: name)) }
    return index
  }

  /// Gives a field's value without quotes and escapes.
  func decoded(_ field: Field) throws(CorpusError) -> ArraySlice<UInt8> {
    do {
      return try field.form.decode(bytes[field.range])
    } catch {
      throw self.error(error)
    }
  }

  /// Gives a field's value, or its bytes as they stand where they cannot be decoded.
  func value(of field: Field) -> ArraySlice<UInt8> {
    (try? decoded(field)) ?? bytes[field.range]
  }

  /// Gives a field's bytes as they stand, with the quotes around them.
  func source(of field: Field) -> ArraySlice<UInt8> {
    switch field.form {
    case .string, .escapedString: bytes[field.range.lowerBound - 1...field.range.upperBound]
    default: bytes[field.range]
    }
  }

  /// Makes the header of a row that names the fields.
  func named(_ names: [String]) -> Row {
    Row(
      path: path, line: line, byteOffset: byteOffset, kind: .header, bytes: bytes, names: names,
      problem: nil, content: content, fields: fields)
  }

  /// The bytes behind the content: the line end.
  var lineEnd: ArraySlice<UInt8> { bytes[content.upperBound...] }

  /// Makes an error at this row.
  func error(_ problem: CorpusError.Problem) -> CorpusError {
    CorpusError(problem, path: path, line: line)
  }
}
