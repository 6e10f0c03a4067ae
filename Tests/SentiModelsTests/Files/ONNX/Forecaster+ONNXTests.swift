import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("ONNX of a forecaster")
struct ForecasterONNXTests {
  struct Case: Sendable {
    var cell = CellConfiguration.gru
    var layerCount = 1
    var embeddingSize = 0
    var memberCount = 1
    var lagCount = 2
    var covariates: [Covariate] = []

    var configuration: ForecasterConfiguration {
      var shape = SeriesProblem.configuration()
      (shape.cell, shape.layerCount, shape.memberCount) = (cell, layerCount, memberCount)
      (shape.seriesCount, shape.embeddingSize) = (embeddingSize > 0 ? 2 : 0, embeddingSize)
      (shape.lagCount, shape.covariates) = (lagCount, covariates)
      return shape
    }
  }

  @Test(arguments: [
    Case(), Case(cell: .lstm, layerCount: 2, lagCount: 0),
    Case(embeddingSize: 2, memberCount: 3, covariates: ForecasterPassTests.covariates),
  ])
  func itsNumbersAreThoseOfTheNets(_ test: Case) throws {
    let shape = test.configuration
    let network = ForecasterNetwork(shape)
    var generator = SeededGenerator(seed: 2)
    let parameters: Parameters<Float> = generator.parameters(network.layout, deviation: 0.5)
    let forecaster = Forecaster(
      network, parameters: parameters, step: .months(1),
      seriesIDs: shape.embedsSeries ? ["a", "b"] : [],
      correction: ConformalCorrection(horizon: shape.horizon, levels: shape.levels))
    // The vector of the second series, and of one that has none.
    let prepared = zip(ForecasterPassTests.series, [1, nil] as [Int32?]).map {
      PreparedSeries($0, shape, embeddingIndex: shape.embedsSeries ? $1 : nil)
    }
    let examples = [(0, 9), (1, 12), (0, 27)].map {
      ForecasterExample(series: $0, origin: $1, outputCount: 1, end: 30)
    }
    let batch = ForecasterBatch<Float>(shape, examples, of: prepared)
    let window = batch.features.rowCount / 3
    // Windows of equal length are packed step by step.
    let features = (0..<3).flatMap { row in
      (0..<window).flatMap { batch.features.row($0 * 3 + row).map(Double.init) }
    }
    var inputs = ["features": ONNXTensor([3, window, shape.featureCount], features)]
    if shape.directCount > 0 {
      inputs["direct"] = ONNXTensor(
        [3, shape.directCount], batch.direct.elements.map(Double.init))
    }
    if shape.embedsSeries {
      inputs["series"] = ONNXTensor(
        examples.map { prepared[$0.series].embeddingIndex.map(Int.init) ?? 2 })
    }
    let found = try #require(
      ONNXEvaluator.run(ONNXFile(forecaster.onnx()), inputs)["distances"])
    #expect(found.shape == [3, shape.horizon, shape.levels.count])
    let expected = batch.quantiles(of: outputs(of: network, parameters, batch))
    // The order of equally long windows is that of the examples.
    let sorted = (0..<3 * shape.horizon).flatMap { step in
      found.values[step * shape.levels.count..<(step + 1) * shape.levels.count].sorted()
    }
    let distances = expected.flatMap { $0.steps.flatMap(\.distances) }
    #expect(mismatch(sorted, distances.map { Float($0) }, absolute: 1e-5) == nil)
  }

  private func outputs(
    of network: ForecasterNetwork, _ parameters: Parameters<Float>, _ batch: ForecasterBatch<Float>
  ) -> Matrix<Float> {
    var workspace = StackWorkspace<Float>(network.members[0].encoder)
    let weights = network.weights(parameters, isForTraining: false)
    let outputs = zip(network.members, weights).map { member, weights in
      ForecasterPass(member, over: batch, parameters: parameters)
        .forward(weights, mode: .inference, &workspace).elements
    }
    let sums = outputs[0].indices.map { index in outputs.reduce(0) { $0 + $1[index] } }
    return Matrix(
      rowCount: 3, columnCount: network.configuration.outputSize,
      elements: sums.map { $0 / Float(outputs.count) })
  }

  @Test func theFileHoldsWhatAForecastNeeds() throws {
    let file = try ONNXFile(SeriesProblem.drawn(SeriesProblem.configuration()).onnx())
    #expect(file.metadata["senti.architecture"]?.contains("windowSize") == true)
    #expect(file.metadata["senti.series"]?.contains("correction") == true)
  }
}
