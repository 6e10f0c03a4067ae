import Testing

@testable import SentiCorpora

@Suite("Output pieces")
struct OutputPiecesTests {
  @Test func copyShortPartsAndKeepLongOnes() {
    let long = [UInt8](repeating: 0x62, count: 100_000)
    var output = OutputPieces()
    #expect(output.isEmpty && output.pieces.isEmpty)
    output.append("a")
    output.append(0x61)
    output.append(ascii: "a")
    output.append(long[...])
    output.append([0x63])
    #expect(!output.isEmpty)
    #expect(output.pieces.map(\.count) == [3, 100_000, 1])
    #expect(output.bytes == Array("aaa".utf8) + long + [0x63])
  }
}
