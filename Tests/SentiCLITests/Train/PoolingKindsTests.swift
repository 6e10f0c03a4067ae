import SentiRNN
import Testing

@testable import SentiCLI

@Suite("Pooling kinds")
struct PoolingKindsTests {
  @Test(arguments: [("last", [Pooling.last]), ("max,mean", [.max, .mean])])
  func areNamesWithCommas(argument: String, expected: [Pooling]) {
    #expect(PoolingKinds(argument: argument)?.kinds == expected)
    #expect(PoolingKinds(expected).defaultValueDescription == argument)
  }

  @Test(arguments: ["", "last,", "last,last", "attention", "last max"])
  func areNothingElse(argument: String) {
    #expect(PoolingKinds(argument: argument) == nil)
  }
}
