import Testing

@testable import SentiText

@Suite("UTF-8 decoding")
struct UTF8DecodingTests {
  /// Bytes at the edges of the ranges that table 3-7 of the Unicode Standard allows.
  private static let edges: [UInt8] = [
    0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE4, 0xED, 0xEF,
    0xF0, 0xF3, 0xF4, 0xF5, 0xFF,
  ]

  /// Bytes are taken for well-formed where the standard library takes them so, by both loops, at
  /// every place of a block of 64 bytes.
  @Test func validityIsTheStandardLibrarys() {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<40_000 {
      var bytes = [UInt8](repeating: 0x61, count: round % 140)
      for _ in 0..<Int.random(in: 0...7, using: &generator) {
        bytes.append(Self.edges.randomElement(using: &generator) ?? 0)
      }
      if round % 3 == 0 { bytes += [UInt8](repeating: 0x62, count: round % 67) }
      let expected = String(validating: bytes, as: UTF8.self) != nil
      let found = [false, true].map { UTF8Decoding.isValid(bytes.span, isPlain: $0) }
      guard found != [expected, expected] else { continue }
      Issue.record("\(bytes): \(found), expected \(expected)")
      return
    }
  }
}
