import Foundation
import SentiModels
import Testing

@testable import SentiCLI
@testable import SentiTraining

@Suite("Training reporter")
struct TrainingReporterTests {
  private let progress = TrainingProgress(
    epoch: 1, epochCount: 6, batch: 30, batchCount: 120,
    tally: EpochMetrics(lossSum: 45.5, correctCount: 75, exampleCount: 100, tokenCount: 20_000),
    learningRate: 0.001, gradientNorm: 2.5, isClipped: false, clippedCount: 3,
    tokensPerSecond: 81_234.6, secondsLeft: 3725.2)

  @Test func aLineSaysWhereTheTrainingStands() {
    #expect(
      TrainingReporter.line(progress)
        == "epoch 2/6, batch 30/120: loss 0.4550, accuracy 75.00 %, 81,234 tokens/s, 1:02:05 left")
  }

  @Test func aClippedGradientIsTold() {
    var clipped = progress
    (clipped.gradientNorm, clipped.isClipped) = (31.4159, true)
    #expect(
      TrainingReporter.line(clipped)
        == "epoch 2/6, batch 30/120: loss 0.4550, accuracy 75.00 %, "
        + "gradient of norm 31.42 clipped, 81,234 tokens/s, 1:02:05 left")
    #expect(TrainingReporter.json(clipped).contains(#""gradient_norm":31.4159,"clipped":true"#))
  }

  @Test func anEpochTellsHowManyGradientsWereClipped() throws {
    func line(_ share: String) throws -> String {
      let text =
        #"{"epoch":2,"training_loss":0.5,"training_accuracy":1,\#(share)"tokens":300,"seconds":2}"#
      return TrainingReporter.line(
        try JSONDecoder().decode(EpochRecord.self, from: Data(text.utf8)))
    }
    let rest = ", 2.0 s, 150 tokens/s"
    #expect(
      try line(#""clipped_share":0.256,"#)
        == "epoch 2: loss 0.5000, 26 % of gradients clipped" + rest)
    #expect(try line(#""clipped_share":0,"#) == "epoch 2: loss 0.5000" + rest)
    #expect(try line("") == "epoch 2: loss 0.5000" + rest)
  }

  @Test func theBarFillsTheTerminalUpToThirtyColumns() {
    let end = "loss 0.4550, 81,234 tokens/s, 1:02:05 left"
    #expect(
      TrainingReporter.bar(progress, columnCount: 80)
        == "epoch 2/6 [######..................] " + end)
    #expect(TrainingReporter.bar(progress, columnCount: 80).count == 79)
    #expect(
      TrainingReporter.bar(progress, columnCount: 200)
        == "epoch 2/6 [#######.......................] " + end)
    #expect(TrainingReporter.bar(progress, columnCount: 57) == "epoch 2/6 " + end)
    #expect(TrainingReporter.bar(progress, columnCount: 20) == "epoch 2/6 loss 0.45")
    #expect(TrainingReporter.bar(progress, columnCount: 0).isEmpty)
  }

  @Test func jsonHoldsEveryFigure() {
    #expect(
      TrainingReporter.json(progress) == """
        {"epoch":2,"epochs":6,"batch":30,"batches":120,"loss":0.455,"accuracy":0.75,\
        "learning_rate":0.001,"gradient_norm":2.5,"clipped":false,"tokens_per_second":81234.6,\
        "seconds_left":3725.2}

        """)
  }

  @Test(arguments: [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3600, "1:00:00")])
  func timesAreMinutesAndSeconds(seconds: Double, expected: String) {
    #expect(TrainingReporter.time(seconds) == expected)
  }
}
