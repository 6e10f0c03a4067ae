import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Forecaster: files")
struct ForecasterFileTests {
  let folder: TemporaryFolder
  let forecaster: Forecaster

  init() throws {
    folder = try TemporaryFolder()
    let series = ["a", "b"].map {
      SeriesProblem.withCovariates(SeriesProblem.monthly(60, seed: UInt64($0.count), id: $0))
    }
    var options = SeriesProblem.options(epochs: 1)
    options.embeddingSize = 2
    options.memberCount = 2
    options.pastCovariates = ["past"]
    options.knownCovariates = ["known"]
    var forecaster = try SeriesProblem.trained(series, options).forecaster()
    forecaster.card.name = "months"
    forecaster.fields = SeriesFields(series: "s", time: "t", target: "x")
    forecaster.fields.knownCovariates = ["known"]
    forecaster.heldOutCount = 7
    self.forecaster = forecaster
    try forecaster.write(to: folder["m"])
  }

  @Test func aFileHoldsTheWholeModel() throws {
    let read = try Forecaster(contentsOf: folder["m"])
    #expect(read.parameters.values == forecaster.parameters.values)
    #expect(read.network.configuration == forecaster.network.configuration)
    #expect(read.card == forecaster.card && read.fields == forecaster.fields)
    #expect(read.heldOutCount == 7 && read.seriesIDs == ["a", "b"] && read.step == .months(1))
    let series = ["b", "unknown"].map {
      SeriesProblem.withCovariates(SeriesProblem.monthly(60, seed: 8, id: $0), ahead: 7)
    }
    let forecasts = try read.forecasts(of: series, horizon: 7)
    #expect(try forecaster.forecasts(of: series, horizon: 7) == forecasts)
    // The series have vectors, one that the training did not have has none.
    #expect(forecasts[0].points != forecasts[1].points)
    #expect(throws: ModelError.self) { try forecaster.write(to: folder["m"]) }
  }

  /// Writes the file anew with another version, or other metadata.
  func rewrite(version: Int = 1, _ changes: [String: String] = [:]) throws {
    let archive = try SafetensorsArchive(contentsOf: folder["m"])
    var metadata = archive.metadata
    for key in [SafetensorsArchive.formatVersionKey, SafetensorsArchive.checksumKey] {
      metadata[key] = nil
    }
    for (key, value) in changes { metadata[key] = value }
    var writer = SafetensorsWriter(formatVersion: version, metadata: metadata)
    for tensor in archive.tensors {
      let values: [Float] = try archive.values(named: tensor.name)
      writer.append(values, named: tensor.name, shape: tensor.shape)
    }
    try writer.write(to: folder["m"], overwriting: true)
  }

  func complaint() -> String { folder.complaint { _ = try Forecaster(contentsOf: folder["m"]) } }

  @Test func newerVersionsAndOtherKindsAreRefused() throws {
    try rewrite()
    #expect(complaint().isEmpty)
    try rewrite(version: 2)
    #expect(complaint() == "m: format version 2 is newer than 1, the newest known here")
    try rewrite(["senti.kind": "sentiment"])
    #expect(complaint() == "m: expected a forecaster model, found a sentiment model")
    try rewrite(["senti.kind": "forecaster"])
    #expect(throws: ModelError.self) { try SentimentClassifier(contentsOf: folder["m"]) }
  }

  @Test func partsThatDoNotFitAreRefused() throws {
    let archive = try SafetensorsArchive(contentsOf: folder["m"])
    let shape = try #require(archive.metadata["senti.architecture"])
    let series = try #require(archive.metadata["senti.series"])
    for (old, new) in [
      ("\"horizon\":3", "\"horizon\":0"), ("\"horizon\":3", "\"horizon\":4"),
      ("[0.1,0.5,0.9]", "[0.9,0.5,0.1]"), ("\"lagCount\":2", "\"lagCount\":9"),
      ("\"hiddenSize\":8", "\"hiddenSize\":9"), ("\"seriesCount\":2", "\"seriesCount\":3"),
      ("\"windowSize\":8", "\"windowSize\":-1"),
    ] {
      #expect(shape.contains(old))
      try rewrite(["senti.architecture": shape.replacing(old, with: new)])
      #expect(complaint().hasPrefix("m: "), "\(new)")
    }
    try rewrite([
      "senti.architecture": shape,
      "senti.series": series.replacing("\"a\",", with: ""),
    ])
    #expect(complaint() == "m: number of series: expected 2, found 1")
  }
}
