import Testing

@testable import SentiModels

@Suite("Protobuf writer")
struct ProtobufWriterTests {
  private enum Field: Int {
    case first = 1
    case second = 2
    case third = 3
    case sixteenth = 16
  }

  private func bytes(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    write(&writer)
    return writer.bytes
  }

  /// The examples of Protocol Buffers' own description of the format.
  @Test func writesTheExamplesOfTheSpecification() {
    #expect(bytes { $0.append(Field.first, 150) } == [0x08, 0x96, 0x01])
    let text: [UInt8] = [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67]
    #expect(bytes { $0.append(Field.second, "testing") } == text)
    let message = bytes { $0.append(Field.third) { $0.append(Field.first, 150) } }
    #expect(message == [0x1A, 0x03, 0x08, 0x96, 0x01])
    // A negative number takes ten bytes.
    let minusTwo = [UInt8](repeating: 0xFF, count: 8) + [0x01]
    #expect(bytes { $0.append(Field.first, -2) } == [0x08, 0xFE] + minusTwo)
  }

  @Test func writesNumbersInSinglePrecisionLowestByteFirst() {
    let one: [UInt8] = [0x15, 0x00, 0x00, 0x80, 0x3F]
    #expect(bytes { $0.append(Field.second, 1 as Float) } == one)
  }

  @Test(arguments: [
    (0, [0x00]), (127, [0x7F]), (128, [0x80, 0x01]), (16_384, [0x80, 0x80, 0x01]),
  ])
  func aNumberTakesSevenBitsAByte(_ value: Int, _ encoded: [UInt8]) {
    #expect(bytes { $0.append(Field.first, value) } == [0x08] + encoded)
  }

  @Test func aFieldFrom16TakesTwoBytes() {
    #expect(bytes { $0.append(Field.sixteenth, 1) } == [0x80, 0x01, 0x01])
  }

  @Test func readsBackWhatWasWritten() throws {
    let message = try ProtobufMessage(
      bytes {
        $0.append(Field.first, -7)
        $0.append(Field.first, 1 << 40)
        $0.append(Field.second, [1, 2, 3])
        $0.append(Field.third) { $0.append(Field.sixteenth, "in") }
      })
    #expect(message.integers(1) == [-7, 1 << 40])
    #expect(try message.bytes(2) == [1, 2, 3])
    #expect(try message.message(3).texts(16) == ["in"])
  }
}
