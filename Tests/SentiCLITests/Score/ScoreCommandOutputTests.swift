import Foundation
import SentiTestSupport
import Testing

/// Where `senti score` writes, and what ends it.
@Suite("senti score: output and signals", .timeLimit(.minutes(60)))
struct ScoreCommandOutputTests {
  private static let score = "senti score --model tiny.safetensors"

  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    return place
  }

  private static func output() throws -> String {
    "text,label,probability,score,error\ngood,\(try ScoreCommandTests.values("good")),\n"
  }

  // MARK: Files that are replaced

  @Test func permissionsAndLinksStay() throws {
    let place = try workplace()
    let outcome = try Senti.shell(
      """
      umask 022; mkdir there; echo old > there/out.csv; chmod 640 there/out.csv
      ln -s there/out.csv link.csv
      \(Self.score) -q a.csv -o link.csv --force; readlink link.csv; stat -c %a there/out.csv
      cat there/out.csv
      \(Self.score) -q a.csv -o new.csv; stat -c %a new.csv; ls there
      """, in: place.folder)
    #expect(outcome == .init(output: "there/out.csv\n640\n\(try Self.output())644\nout.csv\n"))
  }

  @Test func whatIsUnfinishedIsNobodyElses() throws {
    let outcome = try Senti.shell(
      """
      umask 0; mkfifo in; \(Self.score) -q in -o out.csv & exec 3> in; printf 'text\\ngood\\n' >&3
      until [ -s out.csv.partial ]; do sleep 0.05; done
      stat -c %a out.csv.partial out.csv.partial.journal
      exec 3>&-; wait; stat -c %a out.csv
      """, in: workplace().folder)
    #expect(outcome == .init(output: "600\n600\n666\n"))
  }

  @Test func theOutputIsSeenToBeTheInputThroughDescriptors() throws {
    let place = try workplace()
    let outcome = try Senti.shell(
      """
      \(Self.score) - < a.csv >> a.csv; echo $?
      \(Self.score) - < a.csv -o a.csv --force; echo $?
      \(Self.score) --files-from - < a.csv >> a.csv; echo $?
      senti train sentiment - < a.csv -o a.csv --force; echo $?
      cat a.csv
      """, in: place.folder)
    #expect(outcome.output == "64\n64\n64\n64\ntext\ngood\n")
    let problem = "is read and cannot be written at the same time\n"
    #expect(outcome.errors.components(separatedBy: problem).count == 5)
  }

  /// Devices are outputs like others; one that is read may be written too.
  @Test func devicesAreWrittenTo() throws {
    let place = try workplace()
    let outcome = try Senti.shell(
      """
      \(Self.score) -q a.csv -o /dev/null; echo $?
      \(Self.score) -q a.csv -o /dev/stdout | tail -1 | cut -c1-5; ls -l /dev/null | cut -c1
      mkfifo pipe; cat pipe & \(Self.score) -q a.csv -o pipe; wait
      """, in: place.folder)
    #expect(outcome == .init(output: "0\ngood,\nc\n\(try Self.output())"))
  }

  @Test func aFolderAsOutputExitsWith74() throws {
    let place = try workplace()
    try FileManager.default.createDirectory(
      atPath: place.folder["folder"], withIntermediateDirectories: false)
    let message = "senti: folder: cannot be written: Is a directory\n"
    let outcome = Senti.Outcome(errors: message, status: 74)
    #expect(try place.score("a.csv", "-o", "folder", "--force") == outcome)
    #expect(try place.run("train", "sentiment", "a.csv", "-o", "folder", "--force") == outcome)
    #expect(try place.run("vocab", "build", "a.csv", "-o", "folder", "--force") == outcome)
  }

  // MARK: Signals

  /// Neither the opening of a pipe nor the first byte is waited for when a signal comes.
  @Test(arguments: ["in", "- <&3", "in -o pipe"], ["INT", "TERM"])
  func aSignalEndsARunThatHasNotBegun(input: String, signal: String) throws {
    // Work in the background ignores SIGINT, unless the shell is told to make jobs of it.
    let reader = input.contains("pipe") ? "exec 4<> in; printf 'text\\ngood\\n' >&4" : ""
    let outcome = try Senti.shell(
      """
      set -m; mkfifo in pipe; mkfifo held; exec 3<> held; \(reader)
      '\(Senti.path)' score --model tiny.safetensors -q \(input) & job=$!
      for i in $(seq 20); do kill -0 $job && sleep 0.02; done
      kill -\(signal) $job; wait $job; echo $((($? & 127) > 0))
      """, in: workplace().folder)
    #expect(outcome.output == "1\n")
  }

  @Test func aSignalThatTheParentIgnoresStaysIgnored() throws {
    let outcome = try Senti.shell(
      """
      mkfifo in; exec 3<> in; printf 'text\\ngood\\n' >&3
      (trap '' INT; exec '\(Senti.path)' score --model tiny.safetensors -q - < in > out) & job=$!
      until grep -q positive out; do sleep 0.05; done
      kill -INT $job; printf 'bad\\n' >&3
      until grep -q negative out; do sleep 0.05; done
      kill -TERM $job; wait $job; echo $?
      """, in: workplace().folder)
    #expect(outcome.output == "130\n")
  }

  @Test(arguments: [
    "score --model tiny.safetensors -q long.csv -o out.csv",
    "score --model tiny.safetensors -q long.csv -o out.csv.gz",
    "tokenize long.csv", "vocab build long.csv -o out.vocab --min-count 1",
  ])
  func aLimitOfFileSizesIsToldLikeAFullDisk(arguments: String) throws {
    let place = try Workplace()
    let rows = (0..<9_000).map { "word\($0) good\n" }.joined()
    try place.folder.write("text\n\(rows)", to: "long.csv")
    let outcome = try Senti.shell(
      "ulimit -f 8; senti \(arguments) > output 2> errors; echo $?; cat errors", in: place.folder)
    #expect(outcome.output.hasPrefix("74\n") && outcome.output.contains("File too large"))
  }
}
