import ArgumentParser

/// `senti model`: the verbs for models.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Look into models.",
    discussion: """
      Examples:
        senti model inspect
        senti model inspect my.safetensors --format json | jq .card
      """,
    subcommands: [ModelInspectCommand.self])
}
