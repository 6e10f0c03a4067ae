import Testing

@testable import SentiModels

@Suite("Learning curves")
struct ChartLearningCurvesTests {
  private static func record(
    _ epoch: Int, loss: Double, accuracy: Double = 0.5, validation: Double? = nil,
    bleu: Double? = nil
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, trainingLoss: loss, trainingAccuracy: accuracy, validationLoss: validation,
      validationAccuracy: validation.map { 1 - $0 }, validationBLEU: bleu, tokens: 1, seconds: 1)
  }

  @Test func lossAndAccuracyAreDrawn() {
    let charts = Chart.learningCurves([
      Self.record(1, loss: 0.7, validation: 0.6), Self.record(2, loss: 0.5),
    ])
    #expect(charts.map(\.title) == ["Loss", "Accuracy"])
    #expect(charts[0].series.map(\.name) == ["training", "validation"])
    #expect(charts[0].series[0].points.map(\.y) == [0.7, 0.5])
    #expect(charts[0].series[1].points.map(\.y.isFinite) == [true, false])
    #expect(charts[0].alternative.hasPrefix("training from 0.7000 to 0.5000, validation from"))
    #expect(charts[0].x.label == "epoch" && charts[0].y.label == "mean loss, in nats")
  }

  @Test func whatIsNotMeasuredIsNotDrawn() {
    let charts = Chart.learningCurves([Self.record(1, loss: 2, accuracy: 0, bleu: 12)])
    #expect(charts.map(\.title) == ["Loss", "BLEU"] && charts[0].series.count == 1)
    #expect(Chart.learningCurves([]).isEmpty)
  }
}
