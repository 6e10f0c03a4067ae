import Testing

@testable import SentiCLI

@Suite("Progress bar")
struct ProgressBarTests {
  @Test(arguments: [20, 30, 40, 60, 80, 200])
  func fitsIntoTheTerminal(columnCount: Int) {
    for fraction in [nil, 0, 0.5, 1] {
      let line = ProgressBar.line(
        fraction, from: "epoch 1/2", to: "500 rows/s", columnCount: columnCount)
      #expect(line.count < columnCount && line.hasPrefix("epoch 1/2 "))
    }
  }

  @Test func isFilledByHowMuchIsDone() {
    #expect(
      ProgressBar.line(0.5, to: "x", columnCount: 80) == "[###############...............] x")
    #expect(ProgressBar.line(2, to: "x", columnCount: 15) == "[##########] x")
    #expect(ProgressBar.line(nil, from: "a", to: "b", columnCount: 80) == "a b")
  }

  @Test func isNotShownWhereThereIsNoTerminal() {
    #expect(!ProgressBar(.auto, printsResults: false).isShown || Terminal.standardError.isTerminal)
    #expect(!ProgressBar(.never, printsResults: false).isShown)
  }
}
