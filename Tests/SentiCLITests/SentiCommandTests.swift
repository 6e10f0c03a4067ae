import Foundation
import SentiModels
import SentiTestSupport
import SentiText
import Testing

@Suite("senti")
struct SentiCommandTests {
  @Test func theVersionNamesFormatsICUAndUnicode() throws {
    let outcome = try Senti.run(["--version"], in: TemporaryFolder())
    let version = """
      senti \(SentiVersion.current)
      model format \(SentimentClassifier.formatVersion)
      vocabulary format \(VocabularyHeader.formatVersion)
      ICU \(ICUVersion.linked.icu), Unicode \(ICUVersion.linked.unicode)

      """
    #expect(outcome == .init(output: version))
  }

  /// The program holds the bundled model whole, and runs where nothing else of the build is.
  @Test func theProgramIsOneFile() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Senti.path, toPath: folder["senti"])
    try ModelSource.bundled(.english).write(to: folder["model"])
    let (program, model) = (try folder.bytes("senti"), try folder.bytes("model"))
    let isInside = program.withUnsafeBytes { program in
      model.withUnsafeBytes { model in
        stride(from: 0, through: program.count - model.count, by: 64).contains { offset in
          program.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == model.loadUnaligned(as: UInt64.self)
            && program[offset..<offset + model.count].elementsEqual(model)
        }
      }
    }
    #expect(isInside)
    let script = "echo 'A wonderful, moving film. I loved it.' | ./senti classify"
    let outcome = try Senti.shell(script, in: folder)
    #expect(outcome.output.hasPrefix("positive\t"))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func withoutAVerbThereIsHelp() throws {
    let outcome = try Senti.run([], in: TemporaryFolder())
    #expect(try outcome == .init(output: Help(verb: []).expected()))
  }

  /// `SENTI_WRITE_HELP=1` makes what the program prints the fixtures.
  @Test(arguments: Help.all)
  func everyVerbHasThisHelp(help: Help) throws {
    let outcome = try Senti.run(help.verb + ["--help"], in: TemporaryFolder())
    if ProcessInfo.processInfo.environment["SENTI_WRITE_HELP"] != nil {
      try help.write(outcome.output)
    }
    #expect(try outcome == .init(output: help.expected()))
  }

  @Test(arguments: Help.all)
  func everyVerbHasTwoExamples(help: Help) throws {
    let text = try help.expected()
    let start = try #require(text.range(of: "\nExamples:\n"))
    let end = try #require(text.range(of: "\n\nUSAGE:"))
    let examples = text[start.upperBound..<end.lowerBound].split(separator: "\n")
    #expect(examples.count { $0.contains("senti ") } == 2)
  }

  @Test(arguments: [
    (["guess"], "expected a verb, found \"guess\"; senti --help lists all"),
    (["clasify", "a.txt"], "expected a verb, found \"clasify\"; did you mean senti classify?"),
    (["socre"], "expected a verb, found \"socre\"; did you mean senti score?"),
    (
      ["train", "sentimet", "x"],
      "expected a verb, found \"sentimet\"; did you mean senti train sentiment?"
    ),
    (["vocab", "x"], "expected a verb, found \"x\"; senti vocab --help lists all"),
    (
      ["I love it"],
      "expected a verb, found a text; senti classify --text \"I love it\" classifies it"
    ),
  ])
  func anUnknownVerbExitsWith64(arguments: [String], message: String) throws {
    let outcome = try Senti.run(arguments, in: TemporaryFolder())
    #expect(outcome == .init(errors: "senti: \(message)\n", status: 64))
  }

  /// A terminal would obey what stands in the command line, too.
  @Test func controlCharactersOfArgumentsAreEscaped() throws {
    let outcome = try Senti.run(["score", "--\u{1B}[31m"], in: TemporaryFolder())
    #expect(outcome.errors.contains(#"\u{1B}[31m"#) && !outcome.errors.contains("\u{1B}"))
    #expect(outcome.status == 64)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func thereAreCompletionScripts(shell: String) throws {
    let outcome = try Senti.run(["--generate-completion-script", shell], in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("classify") && outcome.output.contains("recursive"))
  }

  @Test func bashUnderstandsItsCompletionScript() throws {
    let outcome = try Senti.shell(
      "senti --generate-completion-script bash > script && bash -n script",
      in: TemporaryFolder())
    #expect(outcome == .init())
  }
}
