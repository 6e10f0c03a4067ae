import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti lab`: seeded experiments with recurrent nets.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Run a seeded experiment that shows an idea of recurrent nets.",
    discussion: """
      Prints a table of what was found; without a name, the list of experiments. Each takes under a \
      minute. The same name and seed give the same numbers, but for seconds. With --html a page is \
      written too, with charts; it needs no network and no script.

      \(LabExperiment.allCases.map { "  \($0.rawValue): \($0.idea)" }.joined(separator: "\n"))

      Examples:
        senti lab gradient-flow
        senti lab adding --seed 7 --html adding.html
      """)

  @Argument(help: "The experiment.")
  var experiment: LabExperiment?

  @Option(help: .number("What all weights and data follow from."))
  var seed: UInt64 = 1

  @Option(help: .file("The page to write."), completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Replace the page if it exists.")
  var force = false

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func validate() throws {
    guard experiment != nil || html == nil else {
      throw ValidationError("Expected an experiment with --html.")
    }
  }

  func run() throws {
    if let html { try OutputFile.requireFree(html, replacing: force) }
    guard let experiment else {
      let rows = LabExperiment.allCases.map { [$0.rawValue, $0.idea] }
      return try format.print(
        Columns.aligned(rows),
        json: .array(
          LabExperiment.allCases.map {
            .object(["name": .string($0.rawValue), "idea": .string($0.idea)])
          }))
    }
    var settings = LabSettings()
    settings.seed = seed
    let report = experiment.run(settings)
    if let html {
      let page = LabPage(experiment, report, seed: seed).html
      try AtomicFile.write(Array(page.utf8), to: html, overwrite: force)
    }
    let tables = report.tables.map { "\(Columns.aligned($0.texts))\n\($0.caption)\n" }
    try format.print(
      "\(experiment.idea)\n\n" + tables.joined(separator: "\n"),
      json: .object([
        "experiment": .string(experiment.rawValue), "idea": .string(experiment.idea),
        "seed": .integer(Int(seed)), "tables": .array(report.tables.map(\.json)),
      ]))
  }
}

extension LabExperiment: ExpressibleByArgument {}

extension LabTable {
  /// The table's header and rows as texts.
  fileprivate var texts: [[String]] { [columns] + rows.map { $0.map(\.text) } }

  fileprivate var json: JSONValue {
    .object([
      "caption": .string(caption), "columns": .array(columns.map { .string($0) }),
      "rows": .array(rows.map { .array($0.map(\.json)) }),
    ])
  }
}

extension LabValue {
  fileprivate var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .number(let number, _), .magnitude(let number): .number(number)
    }
  }
}
