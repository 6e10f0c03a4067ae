import Testing

@testable import SentiModels

@Suite("Check outcome")
struct CheckOutcomeTests {
  /// Great is favourable, awful is not; "great" alone has the probability 0.9897, "great x" 0.9076.
  private let classifier: SentimentClassifier

  init() throws { classifier = try TestModels.opinionated() }

  private func failures(_ check: CheckCase) throws -> [CheckOutcome.Failure] {
    let report = CheckSuite([check]).report(on: classifier)
    return try #require(report.outcomes[0]).failures
  }

  @Test func aLabelIsOneOfThoseExpected() throws {
    #expect(try failures(.test("great", .label(["positive"]))).isEmpty)
    #expect(try failures(.test("great", .label(["negative", "positive"]))).isEmpty)
    let failure = try #require(try failures(.test("awful x", .label(["positive"]))).first)
    #expect(failure.textIndex == 0 && failure.expected == "positive")
    #expect(failure.label == "negative" && abs(failure.probability - 0.9076) < 1e-3)
  }

  @Test func variantsKeepTheLabelAndNearlyItsProbability() throws {
    let near = CheckCase.Expectation.invariance(tolerance: 0.1)
    #expect(try failures(.test("great", variants: ["great x", "great great"], near)).isEmpty)
    let found = try failures(
      .test("great", variants: ["great x", "great x x x x", "awful"], near))
    #expect(found.map(\.textIndex) == [2, 3])
    #expect(found.map(\.label) == ["positive", "negative"])
    #expect(found.map(\.expected) == Array(repeating: "positive 0.8897 to 1.0000", count: 2))
  }

  /// The probability of the text's own label is compared, even where another label comes first.
  @Test func anotherLabelFailsHoweverNear() throws {
    let wide = CheckCase.Expectation.invariance(tolerance: 1)
    #expect(try failures(.test("great", variants: ["awful"], wide)).count == 1)
  }

  @Test func aDirectionBoundsTheProbabilityOnOneSide() throws {
    let notMore = CheckCase.Expectation.direction(
      CheckDirection(.notMore, "positive", tolerance: 0.1))
    #expect(try failures(.test("x", variants: ["awful", "awful great"], notMore)).isEmpty)
    let failure = try #require(
      try failures(.test("x", variants: ["awful", "great"], notMore)).first)
    #expect(failure.textIndex == 2 && failure.label == "positive")
    #expect(failure.expected == "positive not more than 0.6000" && failure.probability > 0.98)
    let notLess = CheckCase.Expectation.direction(
      CheckDirection(.notLess, "negative", tolerance: 0))
    #expect(
      try failures(.test("x", variants: ["great"], notLess)).first?.expected
        == "negative not less than 0.5000")
  }
}
