import Testing

@testable import SentiCLI

@Suite("Label map")
struct LabelMapTests {
  private let labels = ["negative", "neutral", "positive"]

  @Test(arguments: [
    ("negative", 0), ("neg", 0), ("Neg", 0), ("0", 0), ("-1", 0), ("neu", 1), ("pos", 2),
    ("POSITIVE", 2), ("1", 2), ("+1", 2),
  ])
  func knowsAliases(label: String, expected: Int) throws {
    #expect(try LabelMap([], modelLabels: labels).modelClass(of: label) == expected)
  }

  @Test func knowsTheAliasesOfAModelsOwnNames() throws {
    let map = try LabelMap([], modelLabels: ["neg", "pos"])
    #expect(map.modelClass(of: "positive") == 1 && map.modelClass(of: "0") == 0)
  }

  @Test func aModelsOwnNameGoesBeforeAnAlias() throws {
    let map = try LabelMap([], modelLabels: ["1", "positive"])
    #expect(map.modelClass(of: "1") == 0 && map.modelClass(of: "positive") == 1)
  }

  @Test func knowsNothingElse() throws {
    #expect(try LabelMap([], modelLabels: labels).modelClass(of: "5 stars") == nil)
  }

  @Test func longListsOfLabelsAreCut() throws {
    let failure = try LabelMap([], modelLabels: labels).mismatch(
      "a", found: (0..<12).map { "\($0)" })
    #expect(failure.message.contains("\"9\" and 2 more"))
  }

  @Test func pairsAreSplitAtTheLastSign() throws {
    let pair = try #require(LabelPair(argument: "a=b=positive"))
    #expect(pair.written == "a=b" && pair.meant == "positive")
    #expect(LabelPair(argument: "a") == nil && LabelPair(argument: "a=") == nil)
  }
}
