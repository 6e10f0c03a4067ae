import ArgumentParser
import Glibc
import SentiCorpora
import SentiModels
import SentiTensor

/// `senti verify`: whether texts have the same bits in whatever way they are scored.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that scores are the same bits, however texts are batched.",
    discussion: """
      Takes a sample of the rows and scores each text alone; then all of them together, in reverse \
      order, in pieces with carried states, sentence by sentence and as a stream, with one to \
      --threads threads, through the library and through senti score. Prints one line a way with \
      the number of texts whose scores differ in any bit; the exit status is 70 where one does.

      Texts of a mebibyte or more, and rows that cannot be scored, are not taken.

      Examples:
        senti verify reviews.csv --text-field review
        senti verify --rows 2000 --threads 8 reviews/
      """)

  @OptionGroup var input: RowInputOptions

  @Option(help: .count("The number of rows in the sample."))
  var rows = 200

  @Option(help: .number("The seed of the sample."))
  var seed: UInt64 = 1

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if rows < 1 { throw ValidationError("Expected at least 1 row, found \(rows).") }
  }

  func run() async throws {
    let inputs = try input.rowInputs()
    let classifier = try model.classifier()
    let texts = try await sample(of: inputs)
    guard !texts.isEmpty else {
      throw Failure("\(inputs[0].name): expected texts, found none", .badData)
    }
    let threadCounts = 1...max(2, model.threadCount)
    var verification = try await ScoreVerification(
      of: texts, by: classifier, threadCounts: threadCounts)
    guard verification.reference.allSatisfy(\.isFinite) else {
      throw Failure("\(inputs[0].name): \(Failure.undefinedAnswer)", .badData)
    }
    let program = ScoreProgram(texts, model: model.model, labels: classifier.labels)
    for threadCount in threadCounts {
      let threads = threadCount == 1 ? "1 thread" : "\(threadCount) threads"
      verification.add(
        "senti score, \(threads)", probabilities: try program.probabilities(threadCount))
    }
    try write(verification)
    guard verification.isPassed else {
      throw Failure("\(inputs[0].name): texts have other scores in other ways", .internalError)
    }
  }

  private func write(_ verification: ScoreVerification) throws {
    var output = Output()
    let header = [["way", "texts", "different"]]
    let count = "\(verification.reference.count)"
    try output.write(
      Columns.aligned(
        header + verification.ways.map { [$0.name, count, "\($0.differenceCount)"] }))
    try output.flush()
  }

  /// Draws rows by lot, each with the same chance, in the order of the inputs.
  private func sample(of inputs: [RowInput]) async throws -> [String] {
    var generator = SeededGenerator(seed: seed)
    var (drawn, seenCount) = ([(index: Int, text: String)](), 0)
    for try await row in InputRows(inputs: inputs, writtenCount: 0) {
      let text = row.text
      guard !text.isEmpty, text.byteCount < TextLimits.sampleByteCount else { continue }
      seenCount += 1
      let place =
        drawn.count < rows ? drawn.count : Int.random(in: 0..<seenCount, using: &generator)
      guard place < rows else { continue }
      let element = (seenCount, String(decoding: text.bytes, as: UTF8.self))
      if place == drawn.count { drawn.append(element) } else { drawn[place] = element }
    }
    return drawn.sorted { $0.index < $1.index }.map(\.text)
  }

  private enum TextLimits {
    /// Texts of this length and above would fill memory.
    static let sampleByteCount = 1 << 20
  }
}

/// This very program, which scores texts in a process of its own.
private struct ScoreProgram {
  private let model: String?
  private let labels: [String]
  private let input: [UInt8]

  init(_ texts: [String], model: String?, labels: [String]) {
    self.model = model
    self.labels = labels
    var lines: [UInt8] = []
    for text in texts {
      JSONValue.object(["text": .string(text)]).append(to: &lines)
      lines.append(UInt8(ascii: "\n"))
    }
    input = lines
  }

  /// The probabilities that `senti score` writes for each text; none where it says something else.
  func probabilities(_ threadCount: Int) throws -> [[Double]] {
    guard let file = tmpfile() else {
      throw Failure("a temporary file: \(String(cString: strerror(errno)))", .inputOutput)
    }
    defer { fclose(file) }
    guard fwrite(input, 1, input.count, file) == input.count, fflush(file) == 0 else {
      throw Failure("a temporary file: \(String(cString: strerror(errno)))", .inputOutput)
    }
    rewind(file)
    var command = [
      "/proc/self/exe", "score", "-", "--input-format", "jsonl", "--scores", "--quiet",
    ]
    command += ["--threads", "\(threadCount)"] + (model.map { ["--model", $0] } ?? [])
    do {
      let (program, output) = try FilterProgram.reading(from: fileno(file), command)
      defer { close(output) }
      let bytes = try TextFile.read(descriptor: output, name: "senti score")
      try program.finish()
      return try rows(of: bytes)
    } catch let error as FilterFailure {
      throw Failure("senti score: \(error.reason)", .internalError)
    }
  }

  private func rows(of bytes: [UInt8]) throws -> [[Double]] {
    let reader = try RowReader(ByteSource(bytes: bytes, name: "senti score"), format: .jsonl)
    return try reader.map { row in
      let row = try row.get()
      return try labels.map { try row.label(of: $0).flatMap(Double.init) ?? .nan }
    }
  }
}
