import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti calibrate")
struct CalibrateCommandTests {
  /// Three of four texts that say good are favourable, and one of four that say bad.
  private static let rows =
    "text,label\n"
    + (0..<80).map { index in
      let isFavourable = (index % 2 == 0) == (index % 8 < 6)
      return "\(index % 2 == 0 ? "good" : "bad") film,\(isFavourable ? "pos" : "neg")\n"
    }.joined()

  private func calibrate(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try place.folder.write(Self.rows, to: "a.csv")
    let command = ["calibrate", "a.csv", "--model", "tiny.safetensors"]
    return try Senti.run(command + arguments, in: place.folder)
  }

  @Test(arguments: ["temperature", "bias-corrected", "vector"])
  func probabilitiesBecomeThoseOfTheTexts(method: String) throws {
    let place = try Workplace()
    let outcome = try calibrate("-o", "fitted", "--method", method, in: place)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let fitted = try SentimentClassifier(contentsOf: place.folder["fitted"])
    let (good, bad) = (fitted.prediction(for: "good film"), fitted.prediction(for: "bad film"))
    #expect(abs((good.probabilities["positive"] ?? 0) - 0.75) < 0.02)
    #expect(abs((bad.probabilities["negative"] ?? 0) - 0.75) < 0.02)
    #expect(fitted.card.recipe["calibration"] == "\(method), 80 texts")
    // Those by which an abstention chooses its threshold.
    let quantiles = try #require(fitted.card.confidenceQuantiles)
    #expect(quantiles.allSatisfy { abs($0 - 0.75) < 0.02 })
  }

  @Test func tellsTheFiguresBeforeAndAfter() throws {
    let outcome = try calibrate("-o", "fitted", in: Workplace())
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(
      lines.map { $0.first } == [
        "temperature", "offset", "offset", "before", "accuracy", "macro", "log", "expected",
      ])
    #expect(lines[4] == ["accuracy", "0.7500", "0.7500", "0.0000"])
    let error = lines[7].suffix(3).compactMap { Double($0) }
    #expect(error.count == 3 && error[1] < error[0] && error[1] < 0.05)
  }

  @Test func reliabilityIsDrawn() throws {
    let place = try Workplace()
    #expect(try calibrate("-o", "a", "--plot", "a.html", in: place).status == 0)
    let html = String(decoding: try place.folder.bytes("a.html"), as: UTF8.self)
    #expect(html.contains("<h2>Reliability</h2>") && html.contains(">before</text>"))
    #expect(try calibrate("-o", "b", "--plot", "a.svg", in: place).status == 0)
    let image = String(decoding: try place.folder.bytes("a.svg"), as: UTF8.self)
    #expect(image.hasPrefix("<?xml ") && image.contains(">after</text>"))
    let wrong = try calibrate("-o", "c", "--plot", "a.png", in: place)
    #expect(wrong.errors.contains("Expected --plot with a name in .html or .svg"))
    #expect(wrong.status == 64)
    #expect(try calibrate("-o", "c", "--plot", "a.svg", in: place).status == 74)
  }

  @Test func slopesAreToldWhereThereAreSome() throws {
    let outcome = try calibrate(
      "-o", "a", "--method", "vector", "--format", "json", in: Workplace())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((value["slopes"] as? [String: Double])?.keys.sorted() == ["negative", "positive"])
  }

  @Test func writesJSON() throws {
    let outcome = try calibrate("-o", "fitted", "--format", "json", in: Workplace())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["method"] as? String == "bias-corrected")
    #expect((value["offsets"] as? [String: Double])?.keys.sorted() == ["negative", "positive"])
    #expect((value["before"] as? [String: Any])?["accuracy"] as? Double == 0.75)
    #expect((value["after"] as? [String: Any])?["example_count"] as? Int == 80)
  }

  @Test(arguments: [
    ("text,label\ngood,pos\nbad,neg\n", "expected at least 50 texts, found 2"),
    (
      "text,label\n" + String(repeating: "good,pos\n", count: 60),
      "expected texts of at least two classes, found positive alone"
    ),
    ("text,label\n", "expected texts, found none"),
  ])
  func dataThatCannotBeFittedAreRefused(_ content: String, _ message: String) throws {
    let place = try Workplace()
    try place.folder.write(content, to: "b.csv")
    let outcome = try place.run(
      "calibrate", "b.csv", "--model", "tiny.safetensors", "-o", "fitted")
    #expect(outcome == .init(errors: "senti: b.csv: \(message)\n", status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["fitted"]))
  }

  @Test func aFileThatExistsIsKeptUnlessForced() throws {
    let place = try Workplace()
    try place.folder.write("mine", to: "fitted")
    let refused = try calibrate("-o", "fitted", in: place)
    #expect(refused.errors.hasPrefix("senti: fitted: ") && refused.status == 74)
    #expect(try place.folder.bytes("fitted") == Data("mine".utf8))
    #expect(try calibrate("-o", "fitted", "--force", in: place).status == 0)
  }
}
