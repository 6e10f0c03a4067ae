/// Where a field lies within its row, and how its value is written there.
struct Field: Hashable, Sendable {
  /// How the bytes of a field stand for its value.
  enum Form: Hashable, Sendable {
    /// The bytes are the value.
    case plain
    /// A quote within is written as two.
    case doubledQuotes
    /// A JSON string without escapes.
    case string
    /// A JSON string with escapes.
    case escapedString
    /// A JSON number, `true` or `false`: the bytes are the value.
    case number, boolean
    /// The JSON word `null`.
    case null
    /// A JSON object or array.
    case object, array
  }

  /// The bytes of the value, without the quotes around it, from the start of the row.
  var range: Range<Int>
  var form: Form

  /// What messages call a value of this form.
  var noun: String {
    switch form {
    case .plain, .doubledQuotes, .string, .escapedString: "text"
    case .number: "a number"
    case .boolean: "true or false"
    case .null: "null"
    case .object: "an object"
    case .array: "an array"
    }
  }
}
