import SentiCorpora
import Testing

@Suite("Held-out texts")
struct HeldOutTests {
  /// Texts `0`, `1` ...; every third is negative.
  private func texts(_ count: Int) -> [LabelledText] {
    (0..<count).map { index in
      LabelledText(
        "text \(index)", label: index % 3 == 0 ? "neg" : "pos",
        origin: .init(path: "r", line: index + 1))
    }
  }

  private func split(
    _ texts: [LabelledText], _ size: HeldOut.Size, seed: UInt64 = 1
  ) -> HeldOut {
    var generator = SplitMixGenerator(seed: seed)
    return HeldOut(texts, size: size, using: &generator)
  }

  @Test func takesTheSameShareOfEachLabel() {
    let parts = split(texts(90), .share(0.2))
    #expect(parts.validation.count { $0.label == "neg" } == 6)
    #expect(parts.validation.count { $0.label == "pos" } == 12)
    #expect(parts.training.count == 72)
  }

  @Test(arguments: [0, 1, 2, 7, 50, 100])
  func takesACountExactly(count: Int) {
    let parts = split(texts(100), .count(count))
    #expect(parts.validation.count == count)
    #expect(parts.training.count == 100 - count)
  }

  @Test func losesNoTextAndKeepsTheOrder() {
    let all = texts(50)
    let parts = split(all, .share(0.3))
    #expect(Set(parts.training + parts.validation) == Set(all))
    let lines = { (texts: [LabelledText]) in texts.compactMap(\.origin.line) }
    #expect(lines(parts.training) == lines(parts.training).sorted())
    #expect(lines(parts.validation) == lines(parts.validation).sorted())
  }

  @Test func isTheSameForTheSameSeedOnly() {
    #expect(split(texts(60), .count(20), seed: 4) == split(texts(60), .count(20), seed: 4))
    #expect(split(texts(60), .count(20), seed: 4) != split(texts(60), .count(20), seed: 5))
  }

  /// Of equal texts all are held out or none; where the next would be too many, fewer are.
  @Test func equalTextsDoNotExceedTheCount() {
    let all = (0..<12).map { index in
      LabelledText("\(index / 3)", label: "pos", origin: .init(path: "r", line: index))
    }
    #expect(split(all, .count(7)).validation.count == 6)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func keepsEqualTextsTogether(seed: UInt64) {
    let all = (0..<60).map { index in
      let text = index % 2 == 0 ? "caf\u{E9} \(index / 6)" : "cafe\u{301} \(index / 6)"
      return LabelledText(text, label: "pos", origin: .init(path: "r", line: index))
    }
    let parts = split(all, .share(0.5), seed: seed)
    #expect(Set(parts.training.map(\.text)).isDisjoint(with: parts.validation.map(\.text)))
    #expect(parts.validation.count == 30)
  }

  @Test func partsTextsWithoutLabels() {
    let all = (0..<10).map { LabelledText("\($0)", label: nil, origin: .init(path: "r")) }
    #expect(split(all, .share(0.3)).validation.count == 3)
    #expect(split([], .share(0.3)).validation.isEmpty)
  }

  @Test func refusesSizesOutOfBounds() async {
    await #expect(processExitsWith: .failure) {
      var generator = SplitMixGenerator(seed: 1)
      _ = HeldOut([], size: .share(1.5), using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = SplitMixGenerator(seed: 1)
      _ = HeldOut([], size: .count(1), using: &generator)
    }
  }
}
