/// The members of a JSON object, each by its name.
package struct JSONMembers {
  /// The names, in order, none of them twice.
  package let names: [String]
  private let bytes: [UInt8]
  private let fields: [Field]

  /// Reads an object.
  ///
  /// It is nil where the bytes are no JSON object by RFC 8259, or name a member twice.
  ///
  /// - Parameter json: The object in UTF-8; white space around it is allowed.
  /// - Complexity: O(n).
  package init?(_ json: ArraySlice<UInt8>) {
    bytes = Array(json)
    guard let scanner = try? JSONObjectScanner(bytes, in: bytes.indices),
      Set(scanner.names).count == scanner.names.count
    else { return nil }
    (names, fields) = (scanner.names, scanner.fields)
  }

  /// The value of a member that is a string; nil where there is none.
  package func string(_ name: String) -> String? {
    guard let field = field(name, of: [.string, .escapedString]),
      let value = try? JSONString.decode(bytes[field.range], form: field.form)
    else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// The value of a member that is a finite number; nil where there is none.
  package func number(_ name: String) -> Double? {
    let field = field(name, of: [.number])
    let value = field.flatMap { Double(String(decoding: bytes[$0.range], as: UTF8.self)) }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The JSON of a member that is an array, from bracket to bracket; nil where there is none.
  package func array(_ name: String) -> ArraySlice<UInt8>? {
    field(name, of: [.array]).map { bytes[$0.range] }
  }

  private func field(_ name: String, of forms: [Field.Form]) -> Field? {
    let field = names.firstIndex(of: name).map { fields[$0] }
    return field.flatMap { forms.contains($0.form) ? $0 : nil }
  }
}
