import Testing

@testable import SentiCLI

@Suite("Columns")
struct ColumnsTests {
  @Test(arguments: [
    (0.98765, 4, "0.9877"), (0.00004, 4, "0.0000"), (1, 2, "1.00"), (-0.25, 1, "-0.3"),
    (-0.001, 2, "0.00"), (99.996, 2, "100.00"), (12.5, 0, "13"), (.nan, 2, "nan"),
  ])
  func fixedRoundsToTheDigits(value: Double, digits: Int, expected: String) {
    #expect(Columns.fixed(value, digits: digits) == expected)
  }

  @Test(arguments: [(0.5, "+0.50"), (0, "+0.00"), (-0.001, "+0.00"), (-2.345, "-2.35")])
  func signedSaysTheSign(value: Double, expected: String) {
    #expect(Columns.signed(value, digits: 2) == expected)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func groupedPutsACommaBetweenThousands(value: Int, expected: String) {
    #expect(Columns.grouped(value) == expected)
  }

  @Test func alignedPadsAllButTheLastCell() {
    let text = Columns.aligned([["a", "bb", "c"], ["aaa", "b", "cc"], ["a", "b"]])
    #expect(text == "a    bb  c\naaa  b   cc\na    b\n")
    #expect(Columns.aligned([]).isEmpty)
  }
}
