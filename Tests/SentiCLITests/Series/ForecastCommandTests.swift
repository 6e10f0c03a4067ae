import Foundation
import SentiModels
import SentiTestSupport
import Testing

@testable import SentiCLI

@Suite("senti forecast")
struct ForecastCommandTests {
  /// A folder with two series and a model of them.
  static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(SeriesFiles.two(40), to: "s.csv")
    let trained = try Senti.run(
      ["train", "forecaster", "s.csv", "-o", "m", "--horizon", "3"] + SeriesFiles.tiny, in: folder)
    #expect(trained.status == 0)
    return folder
  }

  @Test func writesARowForEachSeriesAndTime() throws {
    let folder = try Self.folder()
    let outcome = try Senti.run(
      [
        "forecast", "s.csv", "-m", "m", "--horizon", "5", "--interval", "0.8", "--interval", "0.95",
      ],
      in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0] == "unique_id,ds,forecast,lo-80,hi-80,lo-95,hi-95")
    #expect(lines.count == 11 && lines[1].hasPrefix("a,40,") && lines[10].hasPrefix("b,44,"))
    for line in lines.dropFirst() {
      let numbers = line.split(separator: ",").dropFirst(2).compactMap { Double($0) }
      #expect(numbers.count == 5 && numbers[3] <= numbers[1] && numbers[1] <= numbers[0])
      #expect(numbers[0] <= numbers[2] && numbers[2] <= numbers[4])
    }
  }

  @Test func drawsAChart() throws {
    let folder = try Self.folder()
    let arguments = ["forecast", "s.csv", "-m", "m", "--plot", "p.svg"]
    let outcome = try Senti.run(arguments, in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let chart = try String(decoding: folder.bytes("p.svg"), as: UTF8.self)
    #expect(chart.hasPrefix("<?xml") && chart.contains("Forecast of y of a: 3 forecasts"))
    // 40 known points and 3 forecasts.
    #expect(chart.components(separatedBy: "<circle").count == 44)
    #expect(try Senti.run(arguments, in: folder).status == 74)
    #expect(try Senti.run(arguments + ["--force"], in: folder).status == 0)
  }

  @Test func writesJSONLines() throws {
    let folder = try Self.folder()
    let outcome = try Senti.run(
      ["forecast", "-", "-m", "m", "--format", "jsonl"], input: SeriesFiles.two(20), in: folder)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 6 && lines[0].hasPrefix("{\"unique_id\":\"a\",\"ds\":20,\"forecast\":"))
  }

  @Test func aModelOfManySeriesForecastsOneWithoutAName() throws {
    let folder = try Self.folder()
    let rows = (0..<20).map { "\($0),\($0 % 4)\n" }.joined()
    let outcome = try Senti.run(
      ["forecast", "-", "-m", "m"], input: "ds,y\n" + rows, in: folder)
    #expect(outcome.output.hasPrefix("ds,forecast,lo-80,hi-80\n20,"))
    let named = try Senti.run(
      ["forecast", "-", "-m", "m", "--series", "id"], input: "ds,y\n" + rows, in: folder)
    #expect(named.status == 65 && named.errors.contains("expected a field named \"id\""))
  }

  @Test func textIsATableWithADrawing() throws {
    let folder = try Self.folder()
    let outcome = try Senti.run(["forecast", "s.csv", "-m", "m", "--format", "text"], in: folder)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("a  ") && lines[0].contains("|"))
    #expect(lines[1].split(separator: " ") == ["ds", "forecast", "lo-80", "hi-80"])
    #expect(lines.count == 10 && lines[5].hasPrefix("b  "))
  }

  @Test(
    arguments: [
      (["--horizon", "0"], 64, "horizon"),
      (["--interval", "0.7"], 64, "expected one of 0.95, 0.9, 0.8"),
      (
        ["--time", "day"], 65, "expected a field named \"day\", found \"unique_id\", \"ds\", \"y\""
      ),
    ] as [([String], Int32, String)])
  func mistakesAreNamed(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let outcome = try Senti.run(["forecast", "s.csv", "-m", "m"] + arguments, in: Self.folder())
    #expect(outcome.status == status && outcome.errors.contains(message))
  }

  @Test func otherModelsAndTimesAreRefused() throws {
    let folder = try Self.folder()
    try TinyModel.classifier().write(to: folder["c"])
    let other = try Senti.run(["forecast", "s.csv", "-m", "c"], in: folder)
    #expect(other.status == 65 && other.errors.contains("expected a forecaster model"))
    let rows = (1...9).map { "a,2021-01-0\($0),\($0 % 3)\n" }.joined()
    try folder.write("unique_id,ds,y\n" + rows, to: "d.csv")
    let days = try Senti.run(["forecast", "d.csv", "-m", "m"], in: folder)
    #expect(days.status == 65)
    #expect(days.errors == "senti: series a: expected times 1 apart, found 1 day apart\n")
    try folder.write("unique_id,ds,y\na,1,3\na,2,4\n", to: "short.csv")
    let short = try Senti.run(["forecast", "short.csv", "-m", "m"], in: folder)
    #expect(short.status == 65)
    #expect(short.errors == "senti: series a: expected at least 8 times, found 2\n")
  }
}
