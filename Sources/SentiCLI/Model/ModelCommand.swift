import ArgumentParser

/// `senti model`: the verbs for models.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Inspect, quantize and export models.",
    discussion: """
      Examples:
        senti model inspect
        senti model quantize aclImdb/test -o small.safetensors
      """,
    subcommands: [ModelInspectCommand.self, ModelQuantizeCommand.self, ModelExportCommand.self])
}
