import ArgumentParser

/// `senti vocab`: the verbs for vocabularies.
struct VocabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Build vocabularies and look into them.",
    discussion: """
      Examples:
        senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
        senti vocab inspect reviews.vocab
      """,
    subcommands: [VocabBuildCommand.self, VocabInspectCommand.self])
}
