import ArgumentParser

/// `senti train`: makes a model.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier, a language model, a captioner, a translator or a forecaster.",
    discussion: """
      Examples:
        senti train sentiment aclImdb/train -o model.safetensors
        senti train translator train.en train.de -o en-de.safetensors
      """,
    subcommands: [
      TrainSentimentCommand.self, TrainLanguageModelCommand.self, TrainCaptionerCommand.self,
      TrainTranslatorCommand.self, TrainForecasterCommand.self,
    ])
}
