import Foundation
import Glibc
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti score: interruption", .timeLimit(.minutes(5)))
struct ScoreCommandResumeTests {
  /// A table with everything that makes rows hard to tell apart, and the whole run's output.
  static func workplace(rowCount: Int, format: String = "csv") throws -> Workplace {
    let place = try Workplace()
    var rows = "id,text\n"
    for index in 0..<rowCount {
      switch index % 9 {
      case 3: rows += "\(index),\"good\n\n\"\"film\"\"\r\nbad, but\"\r\n"
      case 5: rows += "\(index)\n\n"
      case 7: rows += "\(index),\"never closed\n"
      default: rows += "\(index),a good film but the awful \(index)\n"
      }
    }
    try place.folder.write(rows, to: "a.csv")
    _ = try place.score("a.csv", "-q", "-o", "whole.\(format)")
    return place
  }

  /// Kills the program again and again, at moments that chance chooses, until it gets through.
  @Test(arguments: ["csv", "jsonl"], [1, 2] as [UInt64])
  func aRunThatIsKilledAndResumedWritesTheSameBytes(format: String, seed: UInt64) throws {
    let place = try Self.workplace(rowCount: 9_000, format: format)
    var generator = SeededGenerator(seed: seed)
    let arguments = ["score", "--model", "tiny.safetensors", "a.csv", "-q", "-o", "out.\(format)"]
    var killCount = 0
    for attempt in 0..<200 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Senti.path)
      process.currentDirectoryURL = URL(fileURLWithPath: place.folder.path)
      process.arguments = arguments + (attempt == 0 ? [] : ["--resume"])
      try process.run()
      let delay = UInt32.random(
        in: 5_000...(killCount < 6 ? 80_000 : 4_000_000), using: &generator)
      for _ in 0..<delay / 1_000 where process.isRunning { usleep(1_000) }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        killCount += 1
      }
      process.waitUntilExit()
      if process.terminationReason == .exit { break }
    }
    #expect(killCount >= 3)
    #expect(try place.folder.bytes("out.\(format)") == place.folder.bytes("whole.\(format)"))
    #expect(try !place.folder.names().contains("out.\(format).partial"))
  }

  /// The beginning of the output, cut at any byte, is continued.
  @Test func whereverTheOutputIsCutItIsContinued() throws {
    let place = try Self.workplace(rowCount: 40)
    let whole = try place.folder.bytes("whole.csv")
    for length in stride(from: 0, to: whole.count, by: 67) {
      try place.folder.write(whole.prefix(length), to: "out.csv.partial")
      let outcome = try place.score("a.csv", "-q", "-o", "out.csv", "--resume", "--force")
      #expect(outcome.errors.isEmpty && [0, 1].contains(outcome.status))
      #expect(try place.folder.bytes("out.csv") == whole)
    }
  }

  @Test func controlCKeepsWholeRowsAndExitsWith130() throws {
    let place = try Self.workplace(rowCount: 20_000)
    let outcome = try Senti.interrupt(
      ["score", "--model", "tiny.safetensors", "a.csv", "-o", "out.csv"], in: place.folder,
      whenThereIs: "out.csv.partial")
    #expect(outcome.errors.hasSuffix("senti: interrupted; --resume goes on from here\n"))
    #expect(outcome.status == 130 && outcome.output.isEmpty)
    let part = try place.folder.bytes("out.csv.partial")
    #expect(try place.folder.bytes("whole.csv").starts(with: part))
    #expect(part.isEmpty || part.last == UInt8(ascii: "\n"))
    let resumed = try place.score("a.csv", "-o", "out.csv", "--resume")
    #expect(resumed.status == 1)
    #expect(try place.folder.bytes("out.csv") == place.folder.bytes("whole.csv"))
  }

  @Test func controlCIsHeededWhileThereIsNothingToRead() throws {
    let outcome = try Senti.shell(
      """
      mkfifo in; exec 3<> in; printf 'text\\ngood\\n' >&3
      '\(Senti.path)' score --model tiny.safetensors - < in > out 2> errors &
      until grep -q positive out; do sleep 0.05; done
      kill -INT $!; wait $!; echo $?; tail -1 errors; cat out
      """, in: Workplace().folder)
    #expect(
      outcome.output == """
        130
        senti: interrupted
        text,label,probability,score,error
        good,\(try ScoreCommandTests.values("good")),

        """)
  }

  @Test func whatAnInterruptedRunLeftIsNotOverwritten() throws {
    let place = try Self.workplace(rowCount: 20)
    try place.folder.write("id,text,label", to: "out.csv.partial")
    let outcome = try place.score("a.csv", "-q", "-o", "out.csv")
    let message = """
      senti: out.csv.partial: an interrupted run has left this; --resume continues it, \
      --force starts anew

      """
    #expect(outcome == .init(errors: message, status: 74))
    _ = try place.score("a.csv", "-q", "-o", "out.csv", "--force")
    #expect(try place.folder.bytes("out.csv") == place.folder.bytes("whole.csv"))
  }

  @Test func anotherRunsBeginningIsNotContinued() throws {
    let place = try Self.workplace(rowCount: 20)
    let whole = try place.folder.bytes("whole.csv")
    try place.folder.write(whole.prefix(600), to: "out.csv.partial")
    let outcome = try place.score("a.csv", "-q", "-o", "out.csv", "--resume", "--scores")
    let message = """
      senti: out.csv.partial: its last row is not what this run writes; --resume takes the same \
      inputs, model and options, --force starts anew

      """
    #expect(outcome == .init(errors: message, status: 65))
    #expect(try !place.folder.names().contains("out.csv"))
  }

  @Test func aFileThatIsWholeIsNotResumed() throws {
    let place = try Self.workplace(rowCount: 20)
    let outcome = try place.score("a.csv", "-o", "whole.csv", "--resume")
    let message = "senti: whole.csv: exists already; --force replaces it\n"
    #expect(outcome == .init(errors: message, status: 74))
  }

  @Test func theSummaryTellsHowManyRowsWereThere() throws {
    let place = try Self.workplace(rowCount: 9)
    let lines = try place.folder.bytes("whole.csv").prefix(200)
    try place.folder.write(lines, to: "out.csv.partial")
    let outcome = try place.score("a.csv", "-o", "out.csv", "--resume")
    #expect(outcome.errors.contains(" of an earlier run; "))
  }
}
