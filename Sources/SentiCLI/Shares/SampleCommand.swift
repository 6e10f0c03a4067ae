import ArgumentParser
import SentiCorpora
import SentiModels
import SentiTensor

/// `senti sample`: the rows of a scored file that are worth labelling.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Pick rows of a scored file to label, for senti share.",
    discussion: """
      Writes rows as they are, in order, with an empty column true_label to fill in. As many are picked \
      from each stratum of scores, and strata are narrow where the model is in doubt, so that the \
      labels tell most. The same file, --rows and --seed pick the same rows.

      A row that could not be scored is never picked. Do not leave out rows that are hard to label, \
      and do not look at the model's label first.

      Examples:
        senti sample scored.csv --rows 100 -o sample.csv
        senti share scored.csv --labelled sample.csv
      """)

  /// The column to fill in.
  static let truthField = "true_label"

  @OptionGroup var file: ScoredFileOptions

  @Option(help: .count("The number of rows."))
  var rows = 100

  @Option(
    name: .shortAndLong, help: .file("Where to write (default: standard output)."),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The format that is written (default: by the output's name, else the input's).",
      valueName: "format"))
  var format: RowFormat?

  @Option(help: .number("The seed by which rows are picked."))
  var seed: UInt64 = 1

  @Flag(help: "Replace the output if it exists.")
  var force = false

  func validate() throws {
    guard rows > 0 else { throw ValidationError("Expected --rows above 0, found \(rows).") }
    if file.scored == "-" {
      throw ValidationError("Expected a file, which is read twice, found standard input.")
    }
  }

  func run() throws {
    if let output { try OutputFile.requireFree(output, replacing: force, reading: [file.scored]) }
    var tally = InputTally()
    var (pile, places) = ([(score: Double, probability: Double)](), [Int]())
    for (place, record) in try file.rows().enumerated() {
      switch record {
      case .success(let record):
        guard let answer = record.answer else { continue }
        tally.succeed()
        pile.append((answer.score, answer.probability))
        places.append(place)
      case .failure(let error): tally.fail(Failure(error))
      }
    }
    guard !pile.isEmpty else { return try tally.finishWithoutInput([file.scored]) }
    var generator = SeededGenerator(seed: seed)
    let strata = ShareStrata(of: pile, labelledCount: rows)
    let picked = strata.sample(rows, of: pile.map(\.score), using: &generator)
    try write(Set(picked.map { places[$0] }))
    if picked.count < rows {
      Diagnostics.warn("\(file.scored): has but \(Columns.grouped(picked.count)) scored rows")
    }
    try tally.finish()
  }

  private func write(_ places: Set<Int>) throws {
    let rows = try file.rows()
    let formatter = RowFormatter(rows.layout, format: outputFormat, adding: [Self.truthField])
    var bytes = formatter.header
    for (place, record) in rows.enumerated() where places.contains(place) {
      bytes += formatter.pieces(of: try record.get().row, adding: [.missing]).joined()
    }
    guard let output, output != "-" else {
      var standardOutput = Output()
      try standardOutput.write(String(decoding: bytes, as: UTF8.self))
      return try standardOutput.flush()
    }
    try AtomicFile.write(bytes, to: output, overwrite: force)
  }

  private var outputFormat: CorpusFormat? {
    if let format { return format.format }
    return output.flatMap { CorpusFormat(extensionOf: $0) }.flatMap { named in
      RowFormat.allCases.contains { $0.format == named } ? named : nil
    }
  }
}
