import ArgumentParser
import Foundation
import SentiTestSupport
import Testing

@testable import SentiCLI

/// The help that a verb must print, word for word: `Fixtures/Help/train-sentiment.txt` is that of
/// `senti train sentiment`.
struct Help: CustomTestStringConvertible {
  let verb: [String]

  var testDescription: String { (["senti"] + verb).joined(separator: " ") }

  /// All verbs of the program, the program itself first.
  static let all = verbs(of: SentiCommand.self, path: [])

  private var file: URL {
    let name = verb.isEmpty ? "senti" : verb.joined(separator: "-")
    return Repository.folder.appending(path: "Tests/SentiCLITests/Fixtures/Help/\(name).txt")
  }

  /// The text of the fixture.
  func expected() throws -> String { try String(contentsOf: file, encoding: .utf8) }

  /// Makes a text the fixture.
  func write(_ text: String) throws { try Data(text.utf8).write(to: file) }

  private static func verbs(of command: any ParsableCommand.Type, path: [String]) -> [Help] {
    [Help(verb: path)]
      + command.configuration.subcommands.flatMap { verb in
        verbs(of: verb, path: path + [verb.configuration.commandName ?? "\(verb)"])
      }
  }
}
