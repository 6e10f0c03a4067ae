import SentiTestSupport
import Testing

@Suite("senti evaluate forecaster")
struct EvaluateForecasterCommandTests {
  private func evaluate(_ arguments: String..., holdout: String? = "8") throws -> Senti.Outcome {
    let folder = try TemporaryFolder()
    try folder.write(SeriesFiles.two(60), to: "s.csv")
    let held = holdout.map { ["--holdout", $0] } ?? []
    let trained = try Senti.run(
      ["train", "forecaster", "s.csv", "-o", "m", "--horizon", "2"] + SeriesFiles.tiny + held,
      in: folder)
    #expect(trained.status == 0)
    return try Senti.run(["evaluate", "forecaster", "s.csv", "-m", "m"] + arguments, in: folder)
  }

  @Test func putsTheNetBesideAllBaselines() throws {
    let outcome = try evaluate()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(
      lines[0...7].map { $0[0] }
        == ["method", "net", "naive", "seasonal-naive", "drift", "ses", "theta", "ar"])
    #expect(lines[2].count == 7 && lines[1].count == 6)
    // An autoregression knows the wave exactly.
    #expect(lines[7][1] == "0.0000")
    #expect(outcome.output.contains("14 origins, 2 times from each; within the interval of 95 %: "))
    #expect(outcome.output.contains("the net does not beat every baseline: an MAE of "))
    #expect(outcome.output.contains(" beside the 0.0000 of ar, "))
  }

  @Test func figuresAreJSONToo() throws {
    let outcome = try evaluate("--format", "json", "--horizon", "3", "--stride", "2")
    #expect(outcome.output.hasPrefix("{\"horizon\":3,\"holdout\":8,\"stride\":2,\"origins\":6,"))
    #expect(outcome.output.contains("\"method\":\"seasonal-naive\",\"mae\":"))
    #expect(outcome.output.contains("{\"interval\":0.95,\"coverage\":"))
  }

  @Test func whatTheTrainingSawIsWarnedOf() throws {
    let outcome = try evaluate(holdout: nil)
    #expect(outcome.status == 0 && outcome.errors.contains("warning: the training left no times"))
    #expect(outcome.output.contains("10 origins"))
  }

  @Test func aHorizonBeyondTheHoldoutIsRefused() throws {
    let outcome = try evaluate("--horizon", "9")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("at most the 8 times of the holdout, found 9"))
    #expect(try evaluate("--holdout", "60", "--horizon", "1").status == 65)
  }
}
