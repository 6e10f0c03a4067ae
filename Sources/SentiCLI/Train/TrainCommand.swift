import ArgumentParser

/// `senti train`: makes a model.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model: a classifier, a language model, a captioner or a translator.",
    discussion: """
      Examples:
        senti train sentiment aclImdb/train -o model.safetensors
        senti train translator train.en train.de -o en-de.safetensors
      """,
    subcommands: [
      TrainSentimentCommand.self, TrainLanguageModelCommand.self, TrainCaptionerCommand.self,
      TrainTranslatorCommand.self,
    ])
}
