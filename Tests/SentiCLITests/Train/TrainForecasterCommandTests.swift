import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti train forecaster")
struct TrainForecasterCommandTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(SeriesFiles.days(80), to: "d.csv")
    return folder
  }

  private func train(_ arguments: String..., in folder: TemporaryFolder) throws -> Senti.Outcome {
    try Senti.run(
      ["train", "forecaster", "d.csv", "--time", "Date", "--target", "Temp", "-o", "m"]
        + SeriesFiles.tiny + arguments, in: folder)
  }

  @Test func makesAModel() throws {
    let folder = try folder()
    let outcome = try train("--holdout", "10", "--seed", "3", in: folder)
    #expect(outcome.output.isEmpty && outcome.status == 0)
    #expect(
      outcome.errors.hasPrefix(
        """
        d.csv: 1 series, times 1 day apart, 55 forecasts to learn from, 7 held out
        reads 8 times, forecasts 7, corrects seasonal-naive, season 7

        """))
    let model = try Forecaster(contentsOf: folder["m"])
    #expect(model.fields == SeriesFields(time: "Date", target: "Temp"))
    #expect(model.heldOutCount == 10 && model.horizon == 7)
    #expect(model.card.command.hasPrefix("senti train forecaster d.csv --time Date"))
    #expect(model.card.recipe["window"] == "8" && model.card.recipe["seed"] == "3")
    #expect(model.card.figures["validation_loss"] != nil)
    let inspected = try Senti.run(["model", "inspect", "m"], in: folder)
    #expect(inspected.status == 0 && inspected.output.contains("forecaster, format version 1"))
    #expect(inspected.output.contains("1 day apart, season 7"))
    let json = try Senti.run(["model", "inspect", "m", "--format", "json"], in: folder)
    #expect(json.output.contains("\"held_out\":10"))
  }

  @Test func readsOtherColumnsAndDrawsNearerTimes() throws {
    let folder = try TemporaryFolder()
    // The last four times are to be forecast.
    let rows = (0..<59).map { "\($0),\($0 < 55 ? "\($0 % 7)" : ""),\($0 % 2),\($0 % 3)" }
    try folder.write("ds,y,sale,rain\n" + rows.joined(separator: "\n") + "\n", to: "d.csv")
    let trained = try Senti.run(
      ["train", "forecaster", "d.csv", "-o", "m", "--known", "sale", "--past", "rain"]
        + SeriesFiles.tiny + ["--horizon", "2", "--members", "2", "--season", "7"], in: folder)
    #expect(trained.status == 0 && trained.errors.contains("season 7, 2 nets"))
    let forecaster = try Forecaster(contentsOf: folder["m"])
    #expect(forecaster.fields.knownCovariates == ["sale"])
    let forecast = try Senti.run(["forecast", "d.csv", "-m", "m", "--horizon", "4"], in: folder)
    #expect(forecast.output.contains("\n55,") && forecast.status == 0)
    let far = try Senti.run(["forecast", "d.csv", "-m", "m", "--horizon", "5"], in: folder)
    #expect(
      far.errors
        == "senti: the series: expected \"sale\" of 59 too, as a row without a number to "
        + "forecast\n")
    #expect(far.status == 65)
    let inspected = try Senti.run(["model", "inspect", "m"], in: folder)
    #expect(inspected.output.contains("rain; sale, known ahead"))
  }

  @Test func columnsAreReadOnce() throws {
    let folder = try folder()
    #expect(try train("--past", "x", "--known", "x", in: folder).status == 64)
    #expect(try train("--known", "Temp", in: folder).status == 64)
    #expect(try train("--members", "0", in: folder).status == 64)
    let missing = try train("--past", "x", in: folder)
    #expect(missing.status == 65 && missing.errors.contains("x"))
  }

  @Test func resamplesTimesAtAnyDistance() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<140).map { "2021-03-\($0 / 14 + 10)T\($0 % 14 + 10):0\($0 % 7),\($0 % 14)" }
    try folder.write("ds,y\n" + rows.joined(separator: "\n") + "\n", to: "d.csv")
    let arguments = ["train", "forecaster", "d.csv", "-o", "m", "--horizon", "1", "--season", "1"]
    #expect(try Senti.run(arguments + SeriesFiles.tiny, in: folder).status == 65)
    let outcome = try Senti.run(
      arguments + ["--resample", "hour", "--aggregate", "sum"] + SeriesFiles.tiny, in: folder)
    #expect(outcome.errors.contains("times 1 hour apart") && outcome.status == 0)
  }

  @Test func interruptedAndResumedIsTheSame() throws {
    let folder = try folder()
    #expect(try train("--checkpoint", "c", in: folder).status == 0)
    let first = try Forecaster(contentsOf: folder["m"])
    let resumed = try train("--checkpoint", "c", "--resume", "--force", in: folder)
    #expect(resumed.status == 0 && resumed.errors.contains("c: going on after 2 epochs"))
    #expect(try Forecaster(contentsOf: folder["m"]).parameters.values == first.parameters.values)
    let other = try train("--checkpoint", "c", "--resume", "--force", "--season", "2", in: folder)
    #expect(other.status == 65)
  }

  @Test(
    arguments: [
      ["--horizon", "0"], ["--window", "0"], ["--horizon", "99999999999999"], ["--outputs", "0"],
      ["--validation-share", "1"], ["--holdout=-1"], ["--base", "best"],
    ])
  func optionsThatMakeNoSenseAreRefused(_ arguments: [String]) throws {
    let folder = try folder()
    let command = ["train", "forecaster", "d.csv", "-o", "m"] + SeriesFiles.tiny + arguments
    #expect(try Senti.run(command, in: folder).status == 64)
  }

  @Test func mistakesInTheDataAreNamed() throws {
    let folder = try folder()
    try folder.write("ds,y\n1,1\n2,x\n", to: "x.csv")
    try folder.write(
      "unique_id,ds,y\na,1,1\na,2,2\n" + SeriesFiles.two(40).dropFirst(15), to: "s.csv")
    func errors(_ file: String, _ status: Int32) throws -> String {
      let outcome = try Senti.run(
        ["train", "forecaster", file, "-o", "n"] + SeriesFiles.tiny, in: folder)
      #expect(outcome.status == status)
      return outcome.errors
    }
    #expect(
      try errors("d.csv", 65)
        == "senti: d.csv:1: expected a field named \"ds\", found \"Date\", \"Temp\"\n")
    #expect(try errors("x.csv", 65).hasPrefix("senti: x.csv:3: expected a finite number"))
    #expect(try errors("none.csv", 66).contains("none.csv"))
    #expect(try errors("s.csv", 65).contains("s.csv:4: expected a time after 2"))
    try folder.write(
      "unique_id,ds,y\nz,1,1\nz,2,2\n" + SeriesFiles.two(40).dropFirst(15), to: "t.csv")
    #expect(
      try errors("t.csv", 0).contains(
        "warning: t.csv: series z: expected at least 10 times, found 2; left out"))
  }
}
