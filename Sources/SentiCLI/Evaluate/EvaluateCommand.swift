import ArgumentParser

/// `senti evaluate`: how well a model does.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate a model on labelled texts, human references, texts or series.",
    discussion: """
      Without a subcommand, the model is a sentiment classifier.

      Examples:
        senti evaluate aclImdb/test --min-accuracy 0.88
        senti evaluate translator val.en val.de -m en-de.safetensors
      """,
    subcommands: [
      EvaluateSentimentCommand.self, EvaluateCaptionerCommand.self, EvaluateTranslatorCommand.self,
      EvaluateLanguageModelCommand.self, EvaluateForecasterCommand.self,
    ],
    defaultSubcommand: EvaluateSentimentCommand.self)
}
