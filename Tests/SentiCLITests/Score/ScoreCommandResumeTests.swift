import Foundation
import Glibc
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti score: interruption", .timeLimit(.minutes(60)))
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

  /// Kills the program again and again, when its output has a length that chance chooses.
  ///
  /// Each run gets more of the input than that takes, and then waits for the rest.
  @Test(arguments: ["csv", "jsonl"], [1, 2] as [UInt64])
  func aRunThatIsKilledAndResumedWritesTheSameBytes(format: String, seed: UInt64) throws {
    let (killCount, rowCount) = (5, 9_000)
    let place = try Self.workplace(rowCount: rowCount, format: format)
    let lineCount = try place.folder.bytes("a.csv").count { $0 == UInt8(ascii: "\n") }
    let byteCount = try place.folder.bytes("whole.\(format)").count
    let output = "out.\(format)"
    var generator = SeededGenerator(seed: seed)
    for attempt in 1...killCount {
      let fraction = Double(attempt) / Double(killCount)
      let enough = fraction * Double(byteCount) * Double.random(in: 0.4...0.9, using: &generator)
      let outcome = try Senti.shell(
        """
        mkfifo in; exec 3<> in
        '\(Senti.path)' score --model tiny.safetensors -q in -o \(output) \
          \(attempt == 1 ? "" : "--resume") 3>&- & job=$!
        head -n \(Int(fraction * Double(lineCount))) a.csv >&3
        until [ $(stat -c %s \(output).partial || echo 0) -gt \(Int(enough)) ]; do sleep 0.01; done
        kill -KILL $job; wait $job; echo $?; rm in
        """, in: place.folder)
      try #require(outcome.output == "137\n")
    }
    #expect(try place.score("a.csv", "-q", "-o", output, "--resume").status == 1)
    #expect(try place.folder.bytes(output) == place.folder.bytes("whole.\(format)"))
    #expect(try !place.folder.names().contains("out.\(format).partial"))
  }

  /// Leaves a run behind that was interrupted when it had written some rows of `a.csv`.
  ///
  /// Its input is a pipe that goes no further, so it cannot be done before.
  private static func interrupt(_ place: Workplace) throws {
    let outcome = try Senti.shell(
      """
      mkfifo in; exec 3<> in; head -n 400 a.csv >&3
      '\(Senti.path)' score --model tiny.safetensors -q in -o out.csv 3>&- & job=$!
      until [ $(stat -c %s out.csv.partial || echo 0) -gt 5000 ]; do sleep 0.05; done
      kill -TERM $job; wait $job; echo $?; rm in
      """, in: place.folder)
    try #require(outcome.output == "130\n")
  }

  /// The beginning of the output, cut at any byte, is continued, whatever the journal is ahead of it.
  @Test func whereverTheOutputIsCutItIsContinued() throws {
    let place = try Self.workplace(rowCount: 600)
    try Self.interrupt(place)
    let whole = try place.folder.bytes("whole.csv")
    let journal = try place.folder.bytes("out.csv.partial.journal")
    let partial = try place.folder.bytes("out.csv.partial")
    for length in [partial.count, partial.count / 2, partial.count / 3, 100, 5, 0] {
      for journalLength in [journal.count, journal.count - 7, journal.count / 2] {
        try place.folder.write(partial.prefix(length), to: "out.csv.partial")
        try place.folder.write(journal.prefix(journalLength), to: "out.csv.partial.journal")
        let outcome = try place.score("a.csv", "-q", "-o", "out.csv", "--resume", "--force")
        // A journal whose first line is torn does not tell whose the output is.
        if length > 0 && !journal.prefix(journalLength).contains(UInt8(ascii: "\n")) {
          #expect(outcome.errors.contains("nothing tells which run") && outcome.status == 65)
          continue
        }
        #expect(outcome.errors.isEmpty && outcome.status == 1)
        #expect(try place.folder.bytes("out.csv") == whole)
        #expect(try !place.folder.names().contains { $0.hasPrefix("out.csv.") })
      }
    }
  }

  /// Work in the background ignores Ctrl-C, unless the shell is told to make jobs of it.
  @Test func controlCKeepsWholeRowsAndExitsWith130() throws {
    let place = try Self.workplace(rowCount: 600)
    let outcome = try Senti.shell(
      """
      set -m; mkfifo in; exec 3<> in; head -n 400 a.csv >&3
      '\(Senti.path)' score --model tiny.safetensors in -o out.csv 3>&- 2> errors & job=$!
      until [ $(stat -c %s out.csv.partial || echo 0) -gt 5000 ]; do sleep 0.05; done
      kill -INT $job; wait $job; echo $?; tail -n 1 errors; rm in
      """, in: place.folder)
    #expect(outcome.output == "130\nsenti: interrupted; --resume goes on from here\n")
    let part = try place.folder.bytes("out.csv.partial")
    #expect(try place.folder.names().contains("out.csv.partial.journal"))
    #expect(try place.folder.bytes("whole.csv").starts(with: part))
    #expect(part.isEmpty || part.last == UInt8(ascii: "\n"))
    let resumed = try place.score("a.csv", "-o", "out.csv", "--resume")
    #expect(resumed.status == 1)
    #expect(try place.folder.bytes("out.csv") == place.folder.bytes("whole.csv"))
  }

  @Test func aSignalIsHeededWhileThereIsNothingToRead() throws {
    let outcome = try Senti.shell(
      """
      mkfifo in; exec 3<> in; printf 'text\\ngood\\n' >&3
      '\(Senti.path)' score --model tiny.safetensors - < in > out 2> errors &
      until grep -q positive out; do sleep 0.05; done
      kill -TERM $!; wait $!; echo $?; tail -1 errors; cat out
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

  /// What differs is named in one line, and nothing is written.
  @Test func anotherRunsBeginningIsNotContinued() throws {
    let place = try Self.workplace(rowCount: 600)
    try TinyModel.fragileClassifier().write(to: place.folder["other.safetensors"])
    let rows = String(decoding: try place.folder.bytes("a.csv"), as: UTF8.self)
    // One byte of the first row, which has the same scores.
    let other = rows.replacing("\n0,a good", with: "\n9,a good", maxReplacements: 1)
    try place.folder.write(other, to: "b.csv")
    try place.folder.write(String(rows.prefix(40)), to: "short.csv")
    try place.folder.write(rows.replacing("id,", with: "ID,", maxReplacements: 1), to: "c.csv")
    try Self.interrupt(place)
    let differences = [
      (["a.csv", "--scores"], "the header was "), (["a.csv", "--timeline"], "the header was "),
      (["a.csv", "--format", "tsv"], "the format was csv, is tsv"),
      (["a.csv", "--encoding", "utf-8"], "--encoding was auto, is utf-8"),
      (["a.csv", "--delimiter", ","], "--delimiter was by the header, is ,"),
      (["b.csv"], "the rows of the input are not those that were scored"),
      (["short.csv"], "the rows of the input are not those that were scored"),
      (["c.csv"], "the header was id,text,"),
      (["a.csv", "--model", "other.safetensors"], "the model was "),
    ]
    for (arguments, difference) in differences {
      let outcome = try place.score(arguments + ["-q", "-o", "out.csv", "--resume"])
      #expect(outcome.errors.hasPrefix("senti: out.csv.partial: \(difference)"))
      let advice = "--resume takes the same inputs, model and options, --force starts anew\n"
      #expect(outcome.errors.hasSuffix("; \(advice)") && outcome.errors.utf8.count < 400)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(try !place.folder.names().contains("out.csv"))
    }
    // It can still be continued by the run that it belongs to.
    #expect(try place.score("a.csv", "-q", "-o", "out.csv", "--resume").status == 1)
    #expect(try place.folder.bytes("out.csv") == place.folder.bytes("whole.csv"))
  }

  @Test func anOutputThatWasChangedIsNotContinued() throws {
    let place = try Self.workplace(rowCount: 600)
    try Self.interrupt(place)
    try place.folder.change("out.csv.partial") { Data("X".utf8) + $0.dropFirst() }
    let outcome = try place.score("a.csv", "-q", "-o", "out.csv", "--resume")
    #expect(outcome.errors.hasPrefix("senti: out.csv.partial: it has been changed; "))
    #expect(outcome.status == 65)
  }

  @Test func anOutputWithoutAJournalIsNotContinued() throws {
    let place = try Self.workplace(rowCount: 20)
    try place.folder.write(place.folder.bytes("whole.csv").prefix(600), to: "out.csv.partial")
    let outcome = try place.score("a.csv", "-q", "-o", "out.csv", "--resume")
    #expect(
      outcome.errors.hasPrefix("senti: out.csv.partial: nothing tells which run has left this; "))
    #expect(outcome.status == 65)
  }

  /// The rows before the cut that could not be scored count for the exit status.
  @Test func failuresBeforeTheCutCount() throws {
    let place = try Workplace()
    let good = String(repeating: "9,a good film\n", count: 600)
    try place.folder.write("id,text\nbroken\n\(good)", to: "a.csv")
    try Self.interrupt(place)
    let partial = try place.folder.bytes("out.csv.partial")
    try #require(partial.count > 100)
    #expect(try place.score("a.csv", "-q", "-o", "out.csv", "--resume").status == 1)
  }

  @Test func aSecondRunOnTheSameOutputIsRefused() throws {
    let place = try Self.workplace(rowCount: 20)
    let outcome = try Senti.shell(
      """
      mkfifo in
      senti score --model tiny.safetensors -q in -o out.csv & first=$!
      exec 3> in; printf 'id,text\\n1,good\\n' >&3
      until [ -s out.csv.partial ]; do sleep 0.05; done
      for options in "" --force --resume; do
        senti score --model tiny.safetensors -q a.csv -o out.csv $options; echo $?
      done
      exec 3>&-; wait $first; echo $?; grep -c positive out.csv; ls out.csv*
      """, in: place.folder)
    #expect(outcome.output == "74\n74\n74\n0\n1\nout.csv\n")
    let message = "senti: out.csv.partial: another run is writing it\n"
    #expect(outcome.errors == message + message + message)
  }

  /// A packed output cannot be resumed, but is one run's as any other; what it leaves is nothing.
  @Test func aSecondRunOnTheSamePackedOutputIsRefused() throws {
    let place = try Self.workplace(rowCount: 20)
    let outcome = try Senti.shell(
      """
      mkfifo in
      senti score --model tiny.safetensors -q in -o out.csv.gz & first=$!
      exec 3> in; printf 'id,text\\n1,good\\n' >&3
      until [ -e out.csv.gz.partial ]; do sleep 0.05; done
      for options in "" --force; do
        senti score --model tiny.safetensors -q a.csv -o out.csv.gz $options; echo $?
      done
      exec 3>&-; wait $first; echo $?; gzip -dc out.csv.gz | grep -c positive; ls out.csv*
      """, in: place.folder)
    #expect(outcome.output == "74\n74\n0\n1\nout.csv.gz\n")
    let message = "senti: out.csv.gz.partial: another run is writing it\n"
    #expect(outcome.errors == message + message)
  }

  /// What a run that was killed has left of a packed output is replaced by those who say so.
  @Test func whatAKilledRunLeftOfAPackedOutputIsNotOverwrittenUnlessForced() throws {
    let place = try Self.workplace(rowCount: 20)
    try place.folder.write("left", to: "out.csv.gz.partial")
    let outcome = try place.score("a.csv", "-q", "-o", "out.csv.gz")
    let message = "senti: out.csv.gz.partial: exists already; --force replaces it\n"
    #expect(outcome == .init(errors: message, status: 74))
    #expect(try place.score("a.csv", "-q", "-o", "out.csv.gz", "--force").status == 1)
    #expect(try !place.folder.names().contains("out.csv.gz.partial"))
  }

  @Test func aFileThatIsWholeIsNotResumed() throws {
    let place = try Self.workplace(rowCount: 20)
    let outcome = try place.score("a.csv", "-o", "whole.csv", "--resume")
    let message = "senti: whole.csv: exists already; --force replaces it\n"
    #expect(outcome == .init(errors: message, status: 74))
  }

  @Test func theSummaryTellsHowManyRowsWereThere() throws {
    let place = try Self.workplace(rowCount: 600)
    try Self.interrupt(place)
    let outcome = try place.score("a.csv", "-o", "out.csv", "--resume")
    #expect(outcome.errors.contains(" of an earlier run; "))
  }
}
