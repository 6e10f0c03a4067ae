import ArgumentParser

/// `senti train`: makes a model of labelled texts.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on labelled texts.",
    discussion: """
      Examples:
        senti train sentiment aclImdb/train -o model.safetensors
        senti train sentiment reviews.csv --label-field stars -o stars.safetensors
      """,
    subcommands: [TrainSentimentCommand.self])
}
