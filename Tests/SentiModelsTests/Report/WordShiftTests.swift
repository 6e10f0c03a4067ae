import Testing

@testable import SentiModels

@Suite("Word shift")
struct WordShiftTests {
  private static func add(
    _ text: String, _ contributions: [Double], to shift: inout WordShift, isFirst: Bool
  ) {
    var (words, start) = ([RowExplanation.Word](), 0)
    for (word, contribution) in zip(text.split(separator: " "), contributions) {
      words.append(.init(byteRange: start..<start + word.utf8.count, contribution: contribution))
      start += word.utf8.count + 1
    }
    shift.add(
      RowExplanation(
        label: "positive", difference: contributions.reduce(0.5, +), baseline: 0.5, words: words),
      text: Array(text.utf8), isFirst: isFirst)
  }

  /// "Good" is used as often in both groups and says less in the second; "dull" is used there alone.
  private static var shift: WordShift {
    var shift = WordShift((first: "a", second: "b"))
    add("Good pen", [2, 0.5], to: &shift, isFirst: true)
    add("good cup", [2, 0.25], to: &shift, isFirst: true)
    add("good dull", [1, -3], to: &shift, isFirst: false)
    add("GOOD", [1], to: &shift, isFirst: false)
    return shift
  }

  @Test func wordsSumToTheDifference() throws {
    let result = try #require(Self.shift.result(10))
    #expect(result.rowCounts == (2, 2) && Self.shift.label == "positive")
    #expect(result.means == (2.875, 0) && result.baseline == 0)
    let sum = result.words.reduce(0) { $0 + $1.change }
    #expect(abs(sum - (0 - 2.875)) < 1e-12 && abs(result.gap) < 1e-12)
    #expect(result.words.map(\.text) == ["dull", "good", "pen", "cup"])
    let good = result.words[1]
    #expect(good.byUse == 0 && good.byContribution == -1 && good.uses == (1, 1))
    let dull = result.words[0]
    #expect(dull.change == -1.5 && dull.byUse == -1.5 && dull.contributions == (-3, -3))
  }

  @Test func theRestIsOneSum() throws {
    let whole = try #require(Self.shift.result(10))
    let part = try #require(Self.shift.result(1))
    #expect(part.words.count == 1 && part.others.count == 3)
    #expect(abs(part.others.change - whole.words.dropFirst().reduce(0) { $0 + $1.change }) < 1e-12)
    #expect(abs(part.gap) < 1e-12)
  }

  /// Places that the text does not have, and words that are no words, count among the others.
  @Test func wordsThatCannotBeNamedAreOthers() throws {
    var shift = Self.shift
    let word = RowExplanation.Word(byteRange: 90..<95, contribution: 4)
    shift.add(
      RowExplanation(label: "positive", difference: 4, baseline: 0, words: [word]), text: [],
      isFirst: false)
    let result = try #require(shift.result(10))
    #expect(abs(result.gap) < 1e-12 && abs(result.others.change - 4.0 / 3) < 1e-12)
  }

  @Test func aGroupWithoutRowsHasNoDifference() {
    var shift = WordShift((first: "a", second: "b"))
    #expect(shift.result(3) == nil && shift.label == nil && shift.names == ("a", "b"))
    Self.add("good", [1], to: &shift, isFirst: true)
    #expect(shift.result(3) == nil)
  }
}
