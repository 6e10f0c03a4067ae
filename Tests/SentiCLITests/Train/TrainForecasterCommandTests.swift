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
