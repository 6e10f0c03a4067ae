import SentiText
import Testing

@testable import SentiCLI

@Suite("Normalization steps")
struct NormalizationStepsTests {
  @Test(arguments: [
    ("none", Normalization.none), ("reviews", .reviews), ("html,nfkc,fold", .reviews),
    ("nfc", Normalization(form: .nfc)), ("nfd,fold", Normalization(form: .nfd, foldsCase: true)),
  ])
  func areNamesOrListsWithCommas(argument: String, expected: Normalization) {
    #expect(NormalizationSteps(argument: argument)?.normalization == expected)
  }

  @Test(arguments: ["", "shout", "fold,nfc", "nfc,nfd", "nfc,,fold"])
  func areNothingElse(argument: String) {
    #expect(NormalizationSteps(argument: argument) == nil)
  }

  @Test func haveAnArgumentThatStandsForThem() {
    #expect(NormalizationSteps.reviews.defaultValueDescription == "reviews")
    let steps = NormalizationSteps(normalization: Normalization(form: .nfd, foldsCase: true))
    #expect(steps.defaultValueDescription == "nfd,fold")
  }
}
