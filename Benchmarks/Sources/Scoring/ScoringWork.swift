internal import Foundation
internal import Measurement
internal import SentiCorpora
internal import SentiModels
internal import SentiRNN
internal import SentiTensor
internal import SentiText

/// The same texts as a table for `senti score`, and as tokens for the bare net.
final class ScoringWork {
  let classifier: SentimentClassifier
  let tokens: [[Int32]]
  private let senti: String
  private let model: String?
  private let folder: URL

  init(
    corpus: String, textField: String, model: String?, senti: String, maxTexts: Int?
  ) throws {
    let fields = CorpusFields(text: textField, label: nil)
    let read = try Corpus(CorpusReader(corpus, fields: fields))
    if let problem = read.problems.first { throw problem }
    let texts = read.texts.prefix(maxTexts ?? read.texts.count).map(\.text)
    classifier =
      if let model { try SentimentClassifier(contentsOf: model) } else { try .bundledEnglish() }
    let pipeline = classifier.pipeline
    tokens = texts.map { pipeline.encode($0).map { Int32($0.rawValue) } }
    self.senti = senti
    self.model = model
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scoring-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var table = "id,text\n"
    for (index, text) in texts.enumerated() {
      table += "\(index),\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"\n"
    }
    try Data(table.utf8).write(to: input)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private var input: URL { folder.appendingPathComponent("reviews.csv") }
  private var output: URL { folder.appendingPathComponent("scored.csv") }

  var tokenCount: Int { tokens.reduce(0) { $0 + $1.count } }

  var conditions: String {
    let net = classifier.network.configuration
    return """
      processor    \(Machine.processorName), \(InstructionSet.best.rawValue)
      texts        \(tokens.count), \(tokenCount) tokens
      net          embedding \(net.embeddingSize), \(net.cell.name) \(net.hiddenSize), \
      \(classifier.precision.rawValue)
      """
  }

  /// The time of the net alone, in seconds.
  func netSeconds(threads: Int) -> Double {
    let stopwatch = Stopwatch()
    let logits = classifier.logits(forTokens: tokens, threadCount: threads)
    let seconds = stopwatch.elapsed.seconds
    precondition(logits.count == tokens.count, "\(logits.count) logits")
    return seconds
  }

  /// The time of the whole program, in seconds; fails where it loses a row.
  func wholeSeconds(threads: Int) throws -> Double {
    try? FileManager.default.removeItem(at: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: senti)
    process.arguments =
      ["score", input.path, "-o", output.path, "--quiet", "--threads", "\(threads)"]
      + (model.map { ["--model", $0] } ?? [])
    let stopwatch = Stopwatch()
    try process.run()
    process.waitUntilExit()
    let seconds = stopwatch.elapsed.seconds
    // An empty text is a row with an error, and the status is then 1.
    guard process.terminationStatus <= 1 else {
      throw ScoringFailure.status(process.terminationStatus)
    }
    let rows = try RowReader(ByteSource(path: output.path), format: .csv)
    let count = rows.reduce(0) { count, _ in count + 1 }
    guard count == tokens.count else { throw ScoringFailure.rows(count, expected: tokens.count) }
    return seconds
  }
}

/// What went wrong with the program.
enum ScoringFailure: Error, CustomStringConvertible {
  case status(Int32)
  case rows(Int, expected: Int)

  var description: String {
    switch self {
    case .status(let status): "senti score ended with status \(status)"
    case .rows(let found, let expected): "senti score wrote \(found) rows, expected \(expected)"
    }
  }
}

/// The best times at one number of threads.
struct ScoringResult {
  let threads: Int
  private let tokenCount: Int
  private let textCount: Int
  private(set) var netSeconds = Double.infinity
  private(set) var wholeSeconds = Double.infinity

  init(threads: Int, work: ScoringWork) {
    self.threads = threads
    tokenCount = work.tokenCount
    textCount = work.tokens.count
  }

  mutating func addRound(of work: ScoringWork) throws {
    netSeconds = min(netSeconds, work.netSeconds(threads: threads))
    wholeSeconds = min(wholeSeconds, try work.wholeSeconds(threads: threads))
  }

  /// The program's speed as a share of the bare net's.
  var share: Double { netSeconds / wholeSeconds }

  static let heading = "threads  net tokens/s  whole tokens/s  rows/s  whole/net"

  var row: String {
    Report.column(Double(threads), width: 7)
      + Report.column(Double(tokenCount) / netSeconds, width: 14)
      + Report.column(Double(tokenCount) / wholeSeconds, width: 16)
      + Report.column(Double(textCount) / wholeSeconds, width: 8)
      + Report.column(share, width: 11, decimals: 3)
  }

  var figures: [Figure] {
    [
      Figure(
        "scoring-net", threads: threads, value: Double(tokenCount) / netSeconds, unit: "tokens/s"),
      Figure(
        "scoring-rows", threads: threads, value: Double(textCount) / wholeSeconds, unit: "rows/s"),
    ]
  }
}
