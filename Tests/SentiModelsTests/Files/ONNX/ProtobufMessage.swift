import Testing

/// A message read back: the values of each field, in order.
///
/// Knows the wire format and no schema.
struct ProtobufMessage {
  private var numbers: [Int: [UInt64]] = [:]
  private var blocks: [Int: [[UInt8]]] = [:]

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let tag = try Self.varint(&rest)
      let field = Int(tag >> 3)
      switch tag & 7 {
      case 0: numbers[field, default: []].append(try Self.varint(&rest))
      case 2:
        let count = Int(try Self.varint(&rest))
        try #require(count <= rest.count)
        blocks[field, default: []].append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      case 5:
        try #require(rest.count >= 4)
        let bits = rest.prefix(4).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        numbers[field, default: []].append(bits)
        rest = rest.dropFirst(4)
      default: Issue.record("wire type \(tag & 7)")
      }
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      let next = rest.popFirst()
      let byte = try #require(next)
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  func integers(_ field: Int) -> [Int] {
    (numbers[field] ?? []).map { Int(Int64(bitPattern: $0)) }
  }

  func texts(_ field: Int) -> [String] {
    (blocks[field] ?? []).map { String(decoding: $0, as: UTF8.self) }
  }

  func bytes(_ field: Int) throws -> [UInt8] { try #require(blocks[field]?.first) }

  func messages(_ field: Int) throws -> [ProtobufMessage] {
    try (blocks[field] ?? []).map { try ProtobufMessage($0) }
  }

  func message(_ field: Int) throws -> ProtobufMessage {
    try ProtobufMessage(bytes(field))
  }
}
