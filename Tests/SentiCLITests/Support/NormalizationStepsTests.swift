import SentiText
import Testing

@testable import SentiCLI

@Suite("Normalization steps")
struct NormalizationStepsTests {
  @Test(arguments: [
    ("none", Normalization.none), ("reviews", .reviews), ("html,nfkc,fold", .reviews1),
    ("reviews-1", .reviews1), ("v2,markup,nfkc,fold", steps(.markup)),
    ("typography,nfkc,emoticons,fold", steps([.typography, .emoticons])),
    ("nfc", Normalization(form: .nfc)), ("nfd,fold", Normalization(form: .nfd, foldsCase: true)),
  ])
  func areNamesOrListsWithCommas(argument: String, expected: Normalization) {
    #expect(NormalizationSteps(argument: argument)?.normalization == expected)
  }

  @Test(arguments: ["", "shout", "fold,nfc", "nfc,nfd", "nfc,,fold", "v2", "v2,nfc", "v3,markup"])
  func areNothingElse(argument: String) {
    #expect(NormalizationSteps(argument: argument) == nil)
  }

  private static func steps(_ steps: ReviewSteps) -> Normalization {
    var normalization = Normalization(form: .nfkc, foldsCase: true)
    normalization.reviewSteps = steps
    return normalization
  }

  @Test func haveAnArgumentThatStandsForThem() {
    #expect(NormalizationSteps.reviews.defaultValueDescription == "reviews")
    let steps = NormalizationSteps(normalization: Normalization(form: .nfd, foldsCase: true))
    #expect(steps.defaultValueDescription == "nfd,fold")
    #expect(NormalizationSteps(normalization: .reviews1).defaultValueDescription == "reviews-1")
  }
}
