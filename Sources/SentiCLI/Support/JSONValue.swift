import SentiIO
import SentiText
import SentiTraining

/// A JSON value whose members keep the order in which they were named.
///
/// Written here rather than by Foundation, whose encoder costs more time to start than a review
/// takes to classify.
enum JSONValue {
  case string(String)
  /// The name of a file; bytes that are not UTF-8 have no place in JSON, and are repaired.
  case name(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case null
  case array([JSONValue])
  case members([Member])
  /// JSON that somebody else wrote.
  case encoded(String)

  /// A member of an object.
  struct Member {
    let name: String
    let value: JSONValue

    /// Members, as a literal.
    static func list(_ members: KeyValuePairs<String, JSONValue>) -> [Member] {
      members.map { Member(name: $0.key, value: $0.value) }
    }
  }

  /// An object, as a literal.
  static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .members(Member.list(members))
  }

  /// A value as its type is encoded, members in the order of their names.
  static func encoding(_ value: some Encodable) -> JSONValue {
    .encoded(MetadataJSON.encoded(value))
  }

  /// The value as JSON without white space.
  var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value as JSON without white space.
  func append(to output: inout [UInt8]) {
    switch self {
    case .string(let text): Self.append(text, to: &output)
    case .name(let name):
      Self.append(String(decoding: FileName.bytes(of: name), as: UTF8.self), to: &output)
    case .integer(let number): output.append(contentsOf: String(number).utf8)
    // The shortest digits that read back as the same number; JSON has none that is not finite.
    case .number(let number):
      output.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
    case .boolean(let value): output.append(contentsOf: "\(value)".utf8)
    case .null: output.append(contentsOf: "null".utf8)
    case .array(let values):
      Self.append(values, between: ("[", "]"), to: &output) { $0.append(to: &$1) }
    case .members(let members):
      Self.append(members, between: ("{", "}"), to: &output) {
        Self.append($0.name, $0.value, to: &$1)
      }
    case .encoded(let text): output.append(contentsOf: text.utf8)
    }
  }

  private static func append<Element>(
    _ elements: some Collection<Element>, between brackets: (opening: String, closing: String),
    to output: inout [UInt8], _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    output.append(contentsOf: brackets.opening.utf8)
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      appendElement(element, &output)
    }
    output.append(contentsOf: brackets.closing.utf8)
  }

  private static func append(_ name: String, _ value: JSONValue, to output: inout [UInt8]) {
    append(name, to: &output)
    output.append(UInt8(ascii: ":"))
    value.append(to: &output)
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
      // Also those that JSON allows: a terminal obeys them.
      case _ where scalar.isTerminalControl:
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        output.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
      default: output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
