/// A JSON value whose members keep the order in which they were named.
enum JSONText {
  case string(String)
  case integer(Int)
  /// A number in as few digits as tell it from all others; `null` for one that is not finite.
  case number(Double)
  case boolean(Bool)
  case array([JSONText])
  case object([(name: String, value: JSONText)])

  /// The value as JSON without white space.
  var bytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  /// Appends the value as JSON without white space.
  func append(to output: inout [UInt8]) {
    switch self {
    case .string(let text): Self.append(text, to: &output)
    case .integer(let number): output.append(contentsOf: String(number).utf8)
    case .number(let number):
      output.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
    case .boolean(let value): output.append(contentsOf: "\(value)".utf8)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        value.append(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.append(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.append(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        output.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
