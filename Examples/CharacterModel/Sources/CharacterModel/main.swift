// Learns to write character by character from a text file: swift run -c release CharacterModel FILE
import Foundation
import Senti

guard let path = CommandLine.arguments.dropFirst().first else {
  print("usage: CharacterModel FILE")
  exit(64)
}
let lines = try String(contentsOfFile: path, encoding: .utf8)
  .split(separator: "\n").map(String.init)

var options = LanguageModelTrainingOptions()
options.codec.unit = .characters
options.configuration.embeddingSize = 32
options.configuration.hiddenSize = 256
options.candidateCount = 64
options.settings.epochCount = 10
options.settings.tokenBudget = 4000
options.settings.learningRate = 0.003
options.settings.threadCount = ProcessInfo.processInfo.activeProcessorCount

var training = try LanguageModelTraining(
  lines, validation: Array(lines.suffix(lines.count / 20)), options: options)
while !training.isFinished {
  guard let epoch = try training.runEpoch(report: { _ in true }) else { break }
  print("epoch \(epoch.epoch): loss \(epoch.validationLoss ?? epoch.trainingLoss)")

  var sampling = GenerationOptions.Sampling()
  sampling.temperature = 0.7
  var search = GenerationOptions()
  search.sampling = sampling
  search.maximumLength = 80
  let model = training.model()
  for hypothesis in model.continuations(of: ["The "], options: search)[0] {
    print("  \(model.codec.decode(hypothesis.tokens))")
  }
}
try training.model().write(to: "characters.safetensors", overwriting: true)
