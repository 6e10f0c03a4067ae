import SentiCorpora

@testable import SentiModels

extension CheckCase {
  /// A case of words that ``TestModels/opinionated()`` knows.
  static func test(
    _ text: String, variants: [String] = [], _ expectation: Expectation,
    capability: String = "words", isCounted: Bool = true
  ) -> CheckCase {
    CheckCase(
      text, variants: variants, capability: capability, expectation: expectation,
      isCounted: isCounted, origin: .init(path: "suite", line: 1))
  }
}

extension CheckSuite {
  /// Four cases that count, one that does not, and one of a label that the model lacks.
  static let test = CheckSuite([
    .test("great", .label(["positive"])), .test("awful", .label(["positive"])),
    .test("great", .label(["negative"]), capability: "irony", isCounted: false),
    .test("awful", variants: ["great"], .invariance(tolerance: 0.1), capability: "names"),
    .test("awful", variants: ["x awful"], .invariance(tolerance: 0.1)),
    .test("x", .label(["neutral"])),
  ])
}
