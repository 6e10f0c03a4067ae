import ArgumentParser

@main
struct SentiCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "senti")
}
