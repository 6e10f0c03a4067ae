import Testing

@testable import SentiCorpora

@Suite("Record buffer")
struct RecordBufferTests {
  private func buffer(_ text: String, pieceSize: Int) -> RecordBuffer {
    RecordBuffer(ByteSource(bytes: Array(text.utf8), name: "file", pieceSize: pieceSize))
  }

  @Test func keepsWhatHasNotBeenTaken() throws {
    var buffer = buffer("one\ntwo\nthree", pieceSize: 6)
    try buffer.fill()
    #expect(buffer.holds(lineFeed))
    #expect(buffer.lengthOfRecord(endingWith: lineFeed, from: 0) == 4)
    #expect(buffer.take(4) == Array("one\n".utf8))
    #expect(!buffer.holds(lineFeed))
    #expect(buffer.count == 2)
    try buffer.fill()
    #expect(buffer.start == 0)
    #expect(buffer.take(4) == Array("two\n".utf8))
    try buffer.fill()
    #expect(buffer.lengthOfRecord(endingWith: lineFeed, from: 0) == nil)
    try buffer.fill()
    #expect(buffer.isAtEnd)
    #expect(buffer.lengthOfRecord(endingWith: lineFeed, from: 0) == 5)
    #expect(buffer.name == "file")
  }

  @Test func handsOutItsStorageForALongRecord() throws {
    let long = String(repeating: "a", count: 2 << 20)
    var buffer = buffer("\(long)\nrest", pieceSize: 3 << 20)
    try buffer.fill()
    #expect(buffer.take((2 << 20) + 1).count == (2 << 20) + 1)
    #expect(buffer.take(4) == Array("rest".utf8))
  }
}
