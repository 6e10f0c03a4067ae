import Testing

@testable import SentiCLI

@Suite("Score reporter")
struct ScoreReporterTests {
  /// A quarter of a run.
  private let progress = {
    var progress = ScoreReporter.Progress()
    (progress.rowCount, progress.errorCount, progress.tokenCount) = (1_000, 2, 60_000)
    (progress.seconds, progress.share) = (2, 0.25)
    progress.labelCounts = [("negative", 499), ("positive", 499)]
    return progress
  }()

  @Test func theBarShowsShareRatesAndTimeLeft() {
    #expect(
      ScoreReporter.bar(progress, columnCount: 120)
        == "[#######.......................] 1,000 rows, 2 errors, 500 rows/s, "
        + "30,000 tokens/s, 0:06 left")
  }

  @Test func theBarFitsIntoTheTerminal() {
    for columnCount in [66, 80, 90] {
      let bar = ScoreReporter.bar(progress, columnCount: columnCount)
      #expect(bar.hasPrefix("[") == (columnCount > 66) && bar.count < columnCount)
    }
    #expect(ScoreReporter.bar(progress, columnCount: 40).count == 39)
  }

  @Test func withoutASizeThereIsNoShareAndNoTimeLeft() {
    var progress = progress
    progress.share = nil
    #expect(
      ScoreReporter.bar(progress, columnCount: 120)
        == "1,000 rows, 2 errors, 500 rows/s, 30,000 tokens/s")
    #expect(ScoreReporter.json(progress, isDone: false).contains("\"seconds_left\":null"))
  }

  @Test func theSummarySharesTheRowsOutAmongTheLabels() {
    var progress = progress
    progress.earlierCount = 500
    #expect(
      ScoreReporter.summary(progress)
        == "1,000 rows, 2 errors after 500 of an earlier run; negative 50.0 %, positive 50.0 %; "
        + "2.0 s, 500 rows/s, 30,000 tokens/s")
    (progress.rowCount, progress.errorCount) = (1, 1)
    progress.labelCounts = [("negative", 0)]
    #expect(
      ScoreReporter.summary(progress).hasPrefix("1 row, 1 error after 500 of an earlier run; 2"))
  }

  @Test func jsonHasEveryFigure() {
    #expect(
      ScoreReporter.json(progress, isDone: true) == """
        {"rows":1000,"earlier_rows":0,"errors":2,"labels":{"negative":499,"positive":499},\
        "tokens":60000,"seconds":2.0,"rows_per_second":500.0,"tokens_per_second":30000.0,\
        "seconds_left":6.0,"done":true}

        """)
  }
}
