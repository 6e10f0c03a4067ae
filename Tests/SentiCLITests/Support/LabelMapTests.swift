import Testing

@testable import SentiCLI

@Suite("Label map")
struct LabelMapTests {
  private let labels = ["negative", "neutral", "positive"]

  private func map(
    _ labels: [String], pairs: [String: String] = [:], areStars: Bool = false
  ) throws -> LabelMap {
    try LabelMap(LabelNames(pairs: pairs, areStars: areStars), modelLabels: labels)
  }

  @Test(arguments: [
    ("negative", 0), ("neg", 0), ("Neg", 0), (" neg\u{A0}", 0), ("neu", 1), ("pos", 2),
    ("POSITIVE", 2),
  ])
  func knowsAliases(label: String, expected: Int) throws {
    #expect(try map(labels).classes(of: [label], in: "a") == [label: expected])
  }

  @Test(arguments: [
    (["0", "1"], [0, 2]), (["-1", "+1"], [0, 2]), (["-1", "0", "1"], [0, 1, 2]),
    (["-", "+"], [0, 2]),
    (["neg", "0", "1", "neu"], [0, 0, 2, 1]), (["0.0", "1.0"], [0, 2]),
  ])
  func numbersMeanSomethingWhereTheyAreTheWholeSet(found: [String], classes: [Int]) throws {
    let expected = Dictionary(uniqueKeysWithValues: zip(found, classes))
    #expect(try map(labels).classes(of: Set(found), in: "a") == expected)
  }

  @Test(arguments: [["1", "3", "5"], ["1"], ["0", "1", "2"], ["0", "1", "mixed"]])
  func numbersOfOtherSetsMeanNothing(found: [String]) throws {
    let map = try map(labels)
    #expect(throws: Failure.self) { try map.classes(of: Set(found), in: "a") }
  }

  @Test func starsAreToldFromAllLabels() throws {
    let map = try map(["negative", "positive"], areStars: true)
    #expect(
      try map.classes(of: ["1", "2", "3", "4.0", "4.5", "5"], in: "a")
        == ["1": 0, "2": 0, "4.0": 1, "4.5": 1, "5": 1])
    #expect(try map.classes(of: ["4", "5", "6", "7", "10"], in: "a") == ["4": 0, "7": 1, "10": 1])
    #expect(throws: Failure.self) { try map.classes(of: ["4", "fine"], in: "a") }
    #expect(throws: Failure.self) { try map.classes(of: ["0", "5"], in: "a") }
  }

  @Test func aPairGoesBeforeStarsAndOwnNames() throws {
    let map = try map(
      ["negative", "positive"], pairs: ["3": "positive", "1": ""], areStars: true)
    #expect(try map.classes(of: ["1", "2", " 3"], in: "a") == ["2": 0, " 3": 1])
  }

  @Test func knowsTheAliasesOfAModelsOwnNames() throws {
    #expect(
      try map(["neg", "pos"]).classes(of: ["positive", "neg"], in: "a") == [
        "positive": 1, "neg": 0,
      ])
    #expect(
      try map(["0", "1"]).classes(of: ["positive", "neg"], in: "a") == ["positive": 1, "neg": 0])
    #expect(try map(["neg", "pos"]).classes(of: ["0", "1"], in: "a") == ["1": 1, "0": 0])
  }

  @Test func aModelsOwnNameGoesBeforeAnAlias() throws {
    let found = try map(["1", "positive"]).classes(of: ["1", "pos"], in: "a")
    #expect(found == ["1": 0, "pos": 1])
    let stars = (1...5).map { "\($0)" }
    #expect(try map(stars).classes(of: Set(stars), in: "a")["4"] == 3)
  }

  @Test func knowsWhatNoOtherLabelCanHelp() throws {
    let map = try map(labels)
    #expect(["pos", " neu", "0", "1", "+"].allSatisfy { !map.isHopeless($0) })
    #expect(map.isHopeless("5 stars") && map.isHopeless("5"))
  }

  @Test func theMessageSaysWhatToDoAboutStars() throws {
    let map = try map(labels)
    #expect(
      map.mismatch("a", found: ["5", "1"]).message
        == "a: expected the model's labels, \"negative\", \"neutral\", \"positive\", or their aliases, "
        + "found \"1\", \"5\"; --stars says that they are, --label-map what they mean")
    #expect(map.mismatch("a", found: ["x"]).message.hasSuffix("; --label-map says what is meant"))
  }

  @Test func longListsOfLabelsAreCut() throws {
    let failure = try map(labels).mismatch("a", found: Set((0..<12).map { "\($0)" }))
    #expect(failure.message.contains("\"9\" and 2 more"))
    let long = try map(labels).mismatch("a", found: [String(repeating: "x", count: 500)])
    #expect(long.message.count < 400)
  }
}
