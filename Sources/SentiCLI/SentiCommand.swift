import ArgumentParser
import Glibc

/// The program: finds the verb, runs it, and turns what went wrong into a message and a status.
@main
struct SentiCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "senti",
    abstract: "Sentiment analysis, captions, translation and forecasts by recurrent nets, offline.",
    discussion: """
      Results go to standard output, everything else to standard error.

      Exit status: 0 done; 1 done, but some inputs failed or a limit was missed; 64 wrong usage; \
      65 bad data; 66 no such input; 70 internal error; 74 input or output failed; \
      130 interrupted.

      Examples:
        senti score reviews.csv --text-field review -o scored.csv
        senti evaluate reviews.csv --text-field review --label-field stars --stars
      """,
    version: Version.description,
    subcommands: [
      ClassifyCommand.self, ExplainCommand.self, ScoreCommand.self, VerifyCommand.self,
      EvaluateCommand.self, CheckCommand.self, CompareCommand.self, CalibrateCommand.self,
      SampleCommand.self, ShareCommand.self, ReportCommand.self,
      CaptionCommand.self, TranslateCommand.self, GenerateCommand.self, ForecastCommand.self,
      TrainCommand.self,
      TokenizeCommand.self, VocabCommand.self, ModelCommand.self, LabCommand.self,
    ])

  static func main() async {
    // A closed pipe is then an error of `write`, which ends the program in silence.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that grows beyond its limit, which then is told like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    do {
      let arguments = ProgramArguments.all ?? Array(CommandLine.arguments.dropFirst())
      if let failure = VerbSuggestion.failure(for: arguments, of: Self.self) { throw failure }
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    if error is ClosedPipe { Glibc.exit(ExitStatus.done.rawValue) }
    if let failure = Failure(error) {
      Diagnostics.report(failure)
      Glibc.exit(failure.status.rawValue)
    }
    let code = exitCode(for: error)
    if !code.isSuccess {
      let message = fullMessage(for: error)
      if !message.isEmpty { Diagnostics.note(message) }
      Glibc.exit(code.rawValue)
    }
    exit(withError: error)
  }
}
