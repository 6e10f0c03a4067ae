import ArgumentParser
import SentiModels

/// `senti lab`: seeded experiments with recurrent nets.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Run a seeded experiment that shows an idea of recurrent nets.",
    discussion: """
      Prints a table of what was found; without a name, the list of experiments. Each takes under a \
      minute. The same name and seed give the same numbers, but for seconds.

      \(LabExperiment.allCases.map { "  \($0.rawValue): \($0.idea)" }.joined(separator: "\n"))

      Examples:
        senti lab gradient-flow
        senti lab adding --seed 7 --format json
      """)

  @Argument(help: "The experiment.")
  var experiment: LabExperiment?

  @Option(help: .number("What all weights and data follow from."))
  var seed: UInt64 = 1

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func run() throws {
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
  fileprivate var text: String {
    switch self {
    case .text(let text): text
    case .number(let number, let digits): Columns.fixed(number, digits: digits)
    case .magnitude(let number): Columns.scientific(number)
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .number(let number, _), .magnitude(let number): .number(number)
    }
  }
}
