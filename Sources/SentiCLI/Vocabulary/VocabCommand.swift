import ArgumentParser

/// `senti vocab`: the verbs for vocabularies.
struct VocabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Build, inspect and convert vocabularies.",
    discussion: """
      Examples:
        senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
        senti vocab coverage reviews.vocab held-out/
      """,
    subcommands: [
      VocabBuildCommand.self, VocabInspectCommand.self, VocabCoverageCommand.self,
      VocabConvertCommand.self,
    ])
}
