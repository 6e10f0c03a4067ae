import SentiText
import Testing

@Suite("Byte-pair encoding")
struct BytePairEncodingTests {
  static let texts = [
    "low low low lower lowest newer newest wide wider", "It's they'll we've \u{E9}t\u{E9}",
    "3.5 stars!!  \n\t twice\u{A0}\u{3000}x \u{1F600}\u{1F600} \u{4E0D}\u{597D}", "", " ", "\0'",
  ]

  static func encoding(size: Int = 300, form: Normalization.Form = .none) throws -> BytePairEncoding
  {
    var trainer = try BytePairTrainer(form: form)
    for text in texts { trainer.add(text) }
    return try trainer.encoding(size: size)
  }

  @Test(arguments: texts + ["unseen \u{0E44}\u{0E17}\u{0E22}", "\r\n  a   b ", "'s'S 'LL '"])
  func decodeGivesTheVeryText(text: String) throws {
    let encoding = try Self.encoding()
    #expect(bytes(encoding.decode(encoding.encode(text))) == bytes(text))
  }

  @Test(arguments: 0..<4)
  func randomTextsComeBack(seed: Int) throws {
    let encoding = try Self.encoding()
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      let text = RandomText.make(using: &generator)
      let ids = encoding.encode(text, dropout: 0.3, using: &generator)
      #expect(bytes(encoding.decode(ids)) == bytes(text))
    }
  }

  @Test func frequentWordsAreOneToken() throws {
    let encoding = try Self.encoding()
    #expect(encoding.encode(" low").count == 1)
    #expect(encoding.encode(" low").first.flatMap { encoding.tokenUTF8(for: $0) } == bytes(" low"))
    #expect(encoding.tokenUTF8(for: TokenID(rawValue: 9_999)) == nil)
  }

  /// Of equal merges the first in the text comes first.
  @Test func mergesGoFromLeftToRight() throws {
    var trainer = try BytePairTrainer(form: .none)
    trainer.add("aa aa")
    let encoding = try trainer.encoding(size: 261)
    let tokens = encoding.encode("aaaaa").map { encoding.tokenUTF8(for: $0) }
    #expect(tokens == [bytes("aa"), bytes("aa"), bytes("a")])
  }

  @Test func textIsNeverASpecialToken() throws {
    let encoding = try Self.encoding()
    #expect(encoding.encode("<pad><eos>").allSatisfy { $0 > .end })
    #expect(encoding.decode([.start, .end, .padding, .unknown]) == "")
  }

  @Test func dropoutOfOneLeavesBytes() throws {
    let encoding = try Self.encoding()
    var generator = SeededGenerator(seed: 1)
    let ids = encoding.encode("low \u{E9}", dropout: 1, using: &generator)
    #expect(ids.map { $0.rawValue } == bytes("low \u{E9}").map { UInt32($0) + 4 })
  }

  @Test func dropoutGivesSeveralEncodings() throws {
    let encoding = try Self.encoding()
    var generator = SeededGenerator(seed: 1)
    let all = (0..<50).map { _ in encoding.encode(" lowest", dropout: 0.5, using: &generator) }
    #expect(Set(all).count > 1)
    var again = SeededGenerator(seed: 1)
    #expect(all == (0..<50).map { _ in encoding.encode(" lowest", dropout: 0.5, using: &again) })
  }

  @Test func dropoutOutsideIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      var generator = SystemRandomNumberGenerator()
      let encoding = try BytePairTrainer().encoding(size: 260)
      _ = encoding.encode("a", dropout: 1.5, using: &generator)
    }
  }

  @Test func piecesSliceTheOriginal() throws {
    let encoding = try Self.encoding(form: .nfkc)
    let text = "\u{FB01}lm low"
    let pieces = encoding.pieces(in: text)
    #expect(pieces.map(\.id) == encoding.encode(text))
    // Both letters of the ligature lie in all of it; all else is a piece of the text by itself.
    #expect(
      pieces.map { slice(text, $0.byteRange) } == ["\u{FB01}", "\u{FB01}", "l", "m", " low"])
    #expect(pieces.first?.byteRange == 0..<3)
    #expect(pieces.last.map { slice(text, $0.byteRange) } == " low")
    #expect(encoding.form == .nfkc)
  }

  @Test func bytesOfHalfACharacterAreDecoded() throws {
    let encoding = try Self.encoding()
    let half = [TokenID(rawValue: 4 + 0xC3)]
    #expect(encoding.decodeUTF8(half) == [0xC3])
    #expect(encoding.decode(half) == "\u{FFFD}")
  }

  @Test(.timeLimit(.minutes(60)))
  func longWordsTakeNoQuadraticTime() throws {
    let encoding = try Self.encoding()
    let text = String(repeating: "low", count: 100_000)
    #expect(encoding.decode(encoding.encode(text)) == text)
  }
}
