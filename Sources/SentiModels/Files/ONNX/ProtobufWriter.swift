/// Writes one message in the wire format of Protocol Buffers.
///
/// A message is a row of fields: a field's number and wire type in one number, then its value. A
/// message within a message is a field of bytes.
///
/// - SeeAlso: <https://protobuf.dev/programming-guides/encoding/>.
struct ProtobufWriter {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Appends a whole number.
  mutating func append(_ field: some RawRepresentable<Int>, _ value: Int) {
    appendTag(field, .varint)
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// Appends a number in single precision.
  mutating func append(_ field: some RawRepresentable<Int>, _ value: Float) {
    appendTag(field, .fixed32)
    let bits = value.bitPattern
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  /// Appends text.
  mutating func append(_ field: some RawRepresentable<Int>, _ text: String) {
    append(field, Array(text.utf8))
  }

  /// Appends bytes.
  mutating func append(_ field: some RawRepresentable<Int>, _ value: [UInt8]) {
    appendTag(field, .lengthDelimited)
    appendVarint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Appends a message.
  mutating func append(
    _ field: some RawRepresentable<Int>, _ message: (inout ProtobufWriter) -> Void
  ) {
    var writer = ProtobufWriter()
    message(&writer)
    append(field, writer.bytes)
  }

  private mutating func appendTag(_ field: some RawRepresentable<Int>, _ type: WireType) {
    appendVarint(UInt64(field.rawValue) << 3 | type.rawValue)
  }

  /// Appends a number in groups of seven bits, lowest first; all but the last have the high bit set.
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
