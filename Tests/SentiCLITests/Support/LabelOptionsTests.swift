import Testing

@testable import SentiCLI

@Suite("Label options")
struct LabelOptionsTests {
  private func pairs(_ argument: String) -> [[String]]? {
    LabelPairs(argument: argument)?.pairs.map { [$0.written, $0.meant] }
  }

  @Test func pairsAreSplitAtTheLastSign() {
    #expect(pairs("a=b=positive") == [["a=b", "positive"]])
    #expect(pairs("a") == nil && pairs("=a") == nil && pairs("a,=b") == nil && pairs("") == nil)
  }

  @Test func manyLabelsAndPairsStandInOneArgument() {
    #expect(
      pairs("1, 2=negative; 3=;4,5=positive;")
        == [
          ["1", "negative"], ["2", "negative"], ["3", ""], ["4", "positive"], ["5", "positive"],
        ])
  }

  @Test func aBackslashTakesTheNextSignAsItIs() {
    #expect(pairs(#"a\,b=c\=d\;e\\"#) == [["a,b", #"c=d;e\"#]])
  }

  @Test func numbersThatMayBeStarsAreNoLabelsOfATraining() throws {
    let names = LabelNames(pairs: [:])
    let failure = #expect(throws: Failure.self) {
      try names.ownNames(of: ["1", "3", "5"], in: "a")
    }
    #expect(
      failure?.message
        == "a: expected labels, found numbers that may be stars, \"1\", \"3\", \"5\"; "
        + "--stars says that they are, --label-map what they mean")
    #expect(try names.ownNames(of: ["0", "1"], in: "a") == ["0": "negative", "1": "positive"])
    #expect(try names.ownNames(of: ["sun", "pos"], in: "a") == ["sun": "sun", "pos": "positive"])
    let mapped = LabelNames(pairs: ["1": "1", "2": "2"])
    #expect(try mapped.ownNames(of: ["1", "2"], in: "a") == ["1": "1", "2": "2"])
  }
}
