import SentiText
import Testing

@Suite("Text piece stream")
struct TextPieceStreamTests {
  /// Texts of several pieces, whose tokens depend on what stands around them.
  static let texts: [String] = [
    String(repeating: "It isn't bad,<br />8/10 &amp; more good acting again. ", count: 3_000),
    String(repeating: "na\u{EF}ve caf\u{E9}s\r\n\u{1F44D}\u{1F3FD} 3.5\n", count: 3_000),
    String(repeating: "\u{8FD9}\u{90E8}\u{7535}\u{5F71}\u{4E0D}\u{9519}\u{3002}", count: 3_000),
    String(repeating: " ", count: 50_000) + "end",
    String(repeating: "a\n\u{301}b ", count: 9_000),
  ]

  static func pieces(
    of text: String, chunkSize: Int, _ unit: TextUnit = .word
  ) -> [TextPieceStream.Piece] {
    var stream = TextPieceStream(unit, normalization: .reviews)
    var rest = Array(text.utf8)[...]
    var pieces: [TextPieceStream.Piece] = []
    while !rest.isEmpty {
      pieces += stream.pieces(adding: rest.prefix(chunkSize))
      rest = rest.dropFirst(chunkSize)
    }
    return pieces + [stream.finish()].compactMap(\.self)
  }

  @Test(arguments: texts)
  func piecesHaveTheTokensOfTheWhole(text: String) throws {
    var builder = try VocabularyBuilder(normalization: .reviews)
    builder.add(text)
    let pipeline = try TextPipeline(vocabulary: builder.vocabulary())
    let pieces = Self.pieces(of: text, chunkSize: 60_000)
    #expect(pieces.flatMap { pipeline.encode(utf8: $0.utf8.span) } == pipeline.encode(text))
    #expect(pieces.count > 1 || text.hasSuffix("end"))
  }

  @Test(arguments: texts)
  func piecesFollowFromTheTextAlone(text: String) {
    let expected = Self.pieces(of: text, chunkSize: .max)
    for chunkSize in [7_001, 65_536] {
      #expect(Self.pieces(of: text, chunkSize: chunkSize) == expected)
    }
    #expect(expected.flatMap(\.utf8) == Array(text.utf8))
    var offset = 0
    for piece in expected {
      #expect(piece.byteOffset == offset)
      offset += piece.utf8.count
    }
  }

  @Test func sentencePiecesEndBehindSentencesOnly() {
    let text = String(repeating: "One sentence, e.g. this! And another ", count: 4_000)
    let pieces = Self.pieces(of: text, chunkSize: 10_000, .sentence)
    #expect(pieces.count > 3)
    #expect(pieces.dropLast().allSatisfy { $0.utf8.suffix(2) == Array("! ".utf8)[...] })
  }

  @Test func aTextWithoutAPlaceToCutIsCutAtAMebibyte() {
    let text = String(repeating: "\u{E9}", count: 600_000)
    let pieces = Self.pieces(of: text, chunkSize: 100_000)
    #expect(pieces.map(\.utf8.count) == [1 << 20, 1_200_000 - (1 << 20)])
    let odd = Self.pieces(of: "a" + text, chunkSize: 100_000)
    #expect(odd.map(\.utf8.count) == [(1 << 20) - 1, 1_200_002 - (1 << 20)])
  }

  /// Nothing of one text, not its length either, is left when the next begins.
  @Test(arguments: [
    "short", "<!-- open", String(repeating: "And again. ", count: 3_000),
    String(repeating: "and then again ", count: 3_000),
  ])
  func aStreamBeginsTheNextTextAnew(earlier: String) {
    var stream = TextPieceStream(normalization: .reviews)
    _ = stream.pieces(adding: Array(earlier.utf8)[...])
    _ = stream.finish()
    let pieces = stream.pieces(adding: Array(Self.texts[0].utf8)[...])
    let all = pieces + [stream.finish()].compactMap(\.self)
    #expect(all == Self.pieces(of: Self.texts[0], chunkSize: .max))
  }

  @Test func nothingHasNoPiece() {
    var stream = TextPieceStream()
    #expect(stream.pieces(adding: []).isEmpty && stream.finish() == nil)
    #expect(stream.pieces(adding: [0x61]).isEmpty)
    #expect(stream.finish()?.utf8 == [0x61] && stream.finish() == nil)
  }
}
