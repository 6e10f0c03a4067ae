import SentiCorpora
import Testing

@testable import SentiModels

@Suite("Check case")
struct CheckCaseTests {
  @Test func classifiesItsTextAndItsVariants() {
    let check = CheckCase(
      "a", variants: ["b", "c"], capability: "names", expectation: .invariance(tolerance: 0.1),
      origin: .init(path: "file", line: 2))
    #expect(check.texts == ["a", "b", "c"] && check.isCounted)
  }

  @Test func variantsOfALabelAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = CheckCase(
        "a", variants: ["b"], capability: "names", expectation: .label(["positive"]),
        origin: .init(path: "file"))
    }
  }

  @Test func noVariantsToCompareAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = CheckCase(
        "a", capability: "names", expectation: .invariance(tolerance: 0.1),
        origin: .init(path: "file"))
    }
  }

  @Test(arguments: [
    (CheckDirection.Bound.notMore, 0.59, true), (.notMore, 0.61, false), (.notMore, 0.1, true),
    (.notLess, 0.41, true), (.notLess, 0.39, false), (.notLess, 0.9, true),
  ])
  func aDirectionBoundsOneSide(_ bound: CheckDirection.Bound, variant: Double, holds: Bool) {
    let direction = CheckDirection(bound, "positive", tolerance: 0.1)
    #expect(direction.holds(from: 0.5, to: variant) == holds)
  }
}
