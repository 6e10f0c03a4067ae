import SentiText
import Testing

@Suite("Byte-pair trainer")
struct BytePairTrainerTests {
  @Test func mergesFollowCountsThenNumbers() throws {
    var trainer = try BytePairTrainer(form: .none)
    trainer.add("abab abab cd")
    // Words "abab", " abab", " cd"; the pair a b occurs four times, then ab ab twice, and so on.
    let encoding = try trainer.encoding(size: 263)
    let tokens = (260..<263).map { encoding.tokenUTF8(for: TokenID(rawValue: $0)) }
    #expect(tokens == [bytes("ab"), bytes("abab"), nil])
    #expect(encoding.count == 262)
  }

  /// Of pairs that occur as often, the one of the lowest numbers is merged first.
  @Test func ofEqualCountsTheLowestNumbersComeFirst() throws {
    for texts in [["yz", "cd", "ab"], ["ab", "yz", "cd"]] {
      var trainer = try BytePairTrainer(form: .none)
      for text in texts + texts { trainer.add(text) }
      let encoding = try trainer.encoding(size: 263)
      let tokens = (260..<263).map { encoding.tokenUTF8(for: TokenID(rawValue: $0)) }
      #expect(tokens == [bytes("ab"), bytes("cd"), bytes("yz")])
    }
  }

  @Test func anyDivisionAndOrderGivesTheSameBytes() throws {
    let texts = BytePairEncodingTests.texts
    var whole = try BytePairTrainer()
    for text in texts { whole.add(text) }
    let expected = try whole.encoding(size: 320).tokenizerJSON()
    for cut in 0...texts.count {
      var (left, right) = (try BytePairTrainer(), try BytePairTrainer())
      for text in texts[..<cut].reversed() { left.add(text) }
      for text in texts[cut...].reversed() { right.add(text) }
      right.merge(left)
      #expect(try right.encoding(size: 320).tokenizerJSON() == expected)
      #expect(right.distinctWordCount == whole.distinctWordCount)
    }
  }

  @Test func rarePairsAreNotMerged() throws {
    var trainer = try BytePairTrainer()
    trainer.add("aa aa bb")
    #expect(try trainer.encoding(size: 1_000, minimumCount: 2).count == 261)
    #expect(try trainer.encoding(size: 260).count == 260)
    #expect(trainer.form == .nfc)
  }

  @Test func tooSmallASizeIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = try BytePairTrainer().encoding(size: 259)
    }
  }

  @Test func foreignFormIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      var trainer = try BytePairTrainer(form: .nfc)
      trainer.merge(try BytePairTrainer(form: .nfd))
    }
  }
}
