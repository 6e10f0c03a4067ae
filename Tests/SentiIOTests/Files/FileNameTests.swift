import SentiIO
import Testing

@Suite("File name")
struct FileNameTests {
  @Test(
    arguments: [
      [], Array("plain.txt".utf8), Array("Grüße 😀".utf8), [0xE9], [0x61, 0xFF, 0x62, 0xC3],
      [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xF8, 0x88],
      // The private characters that stand for bytes, as a name's own.
      Array("\u{10FEE9}".utf8), Array("a\u{10FE80}\u{10FEFF}".utf8) + [0xE9],
    ] as [[UInt8]])
  func losesNoByte(bytes: [UInt8]) {
    #expect(FileName.bytes(of: FileName.string(bytes)) == bytes)
    #expect(FileName.cString(FileName.string(bytes)) == bytes.map { CChar(bitPattern: $0) } + [0])
  }

  @Test func isTheTextWhereThereIsOne() {
    #expect(FileName.string(Array("Müller.txt".utf8)) == "Müller.txt")
    #expect(!FileName.holdsBytes("Müller.txt\u{10FFFD}"))
    #expect(FileName.holdsBytes(FileName.string([0x61, 0xE9])))
  }

  @Test func tellsAllNamesApart() {
    let names = (0x80...0xFF).map { FileName.string([UInt8($0)]) }
    let own = (0x80...0xFF).compactMap { Unicode.Scalar(0x10FE00 + $0) }
    let strings = names + own.map { FileName.string(Array(String($0).utf8)) }
    #expect(Set(strings).count == 256)
  }
}
