internal import ArgumentParser
internal import Foundation
internal import Measurement
internal import SentiCorpora
internal import SentiModels

/// The program: measures `senti score` from file to file beside the bare net on the same tokens.
@main
struct ScoringCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scoring",
    abstract: "Measures senti score, from file to file, beside the bare net on the same tokens.",
    discussion: """
      The bare net has all tokens in memory before its clock starts, and sorts all texts by length. \
      senti score starts as a process, loads the model, reads and parses the table, tokenizes, \
      scores and writes; its clock is wall-clock time around the process. Both are run in turn, and \
      the best round of each counts.

      Exits with 1 where a limit is missed.

      Examples:
        scoring aclImdb/train --senti .build/release/senti
        scoring reviews.csv --text-field review --senti senti --rounds 5
      """)

  @Argument(help: "A folder of labelled subfolders, or a file of JSON Lines, CSV or TSV.")
  var corpus: String

  @Option(help: "The program, built for release.")
  var senti: String

  @Option(help: "The field that holds the text.")
  var textField = "text"

  @Option(help: "A model file (default: the English model that comes with senti).")
  var model: String?

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "How often each is run.")
  var rounds = 3

  @Option(help: "Score the first texts only.")
  var maxTexts: Int?

  @Option(help: "The least share of the bare net's speed.")
  var shareAtLeast = 0.8

  @Option(help: "The least speed-up of the last number of threads over the first.")
  var speedUpAtLeast = 1.85

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  func validate() throws {
    guard threads.allSatisfy({ $0 > 0 }) && !threads.isEmpty && rounds > 0 else {
      throw ValidationError("--threads and --rounds take numbers from 1")
    }
  }

  func run() throws {
    let work = try ScoringWork(
      corpus: corpus, textField: textField, model: model, senti: senti, maxTexts: maxTexts)
    print(work.conditions, terminator: "\n\n")
    var results = threads.map { ScoringResult(threads: $0, work: work) }
    for _ in 0..<rounds {
      for index in results.indices { try results[index].addRound(of: work) }
    }
    print(ScoringResult.heading)
    for result in results { print(result.row) }
    if let json { try Report.write(lines: results.flatMap(\.figures), to: json) }
    let misses = misses(results)
    for miss in misses { print("MISSED: \(miss)") }
    if !misses.isEmpty { throw ExitCode.failure }
  }

  private func misses(_ results: [ScoringResult]) -> [String] {
    var misses = results.filter { $0.share < shareAtLeast }.map {
      "\($0.threads) threads at \($0.share) of the bare net's speed, expected \(shareAtLeast)"
    }
    if let first = results.first, let last = results.last, results.count > 1 {
      let speedUp = first.wholeSeconds / last.wholeSeconds
      print(
        "\nspeed-up of \(last.threads) threads: \(Report.column(speedUp, width: 0, decimals: 2))")
      if speedUp < speedUpAtLeast {
        misses.append("a speed-up of \(speedUp), expected \(speedUpAtLeast)")
      }
    }
    return misses
  }
}
