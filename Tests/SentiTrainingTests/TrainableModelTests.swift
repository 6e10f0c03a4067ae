import Foundation
import SentiTraining
import Testing

@Suite("Tallies and settings")
struct TrainableModelTests {
  @Test func talliesAreAdded() {
    var tally = EpochMetrics(lossSum: 2, correctCount: 1, exampleCount: 2, tokenCount: 30)
    tally.add(EpochMetrics(lossSum: 1, correctCount: 2, exampleCount: 2, tokenCount: 12))
    #expect(tally == EpochMetrics(lossSum: 3, correctCount: 3, exampleCount: 4, tokenCount: 42))
    #expect(tally.meanLoss == 0.75)
    #expect(tally.accuracy == 0.75)
  }

  @Test func nothingHasNoMean() {
    #expect(EpochMetrics().meanLoss.isNaN)
    #expect(EpochMetrics().accuracy.isNaN)
  }

  @Test func settingsSurviveJSON() throws {
    var settings = TrainingSettings()
    settings.schedule = .step(every: 3, factor: 0.5)
    settings.optimizer = .adamW(weightDecay: 0.25)
    settings.clippingNorm = nil
    settings.clippingValue = 0.5
    settings.groups = [ParameterGroup("embedding.", isFrozen: true)]
    settings.averagingDecay = 0.999
    settings.seed = .max
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
  }

  @Test func defaultsAreThoseOfTheDocumentation() {
    let settings = TrainingSettings()
    #expect(settings.epochCount == 6)
    #expect(settings.tokenBudget == 8192)
    #expect(settings.learningRate == 0.001)
    #expect(settings.schedule == .oneCycle(warmUpShare: 0.05))
    #expect(settings.optimizer == .adam())
    #expect(settings.clippingNorm == 1)
    #expect(settings.clippingValue == nil)
    #expect(settings.groups.isEmpty)
    #expect(!settings.isLazy)
    #expect(settings.averagingDecay == nil)
    #expect(settings.seed == 1)
    #expect(settings.threadCount == 2)
  }
}
