import SentiCorpora
import SentiModels

/// A report of a suite, for people and in JSON.
struct CheckReporter {
  /// The name of the model.
  let model: String
  /// The paths of the suites; none for the one inside the program.
  let suites: [String]
  let report: CheckReport

  // MARK: Text

  /// The cases that fail, and the pass rates.
  var text: String {
    joined([lines(report.failed.flatMap(\.lines)), Columns.aligned(rateRows)])
  }

  /// The cases that two models differ on, and the pass rates of both.
  func text(comparedWith other: String, _ comparison: CheckComparison) -> String {
    let changes = comparison.changes.flatMap { change in
      let outcome = change.isFixed ? change.first : change.second
      return outcome.lines.map { [change.isFixed ? "fixed" : "broken"] + $0 }
    }
    let test = comparison.mcNemar
    let facts = [
      ["passed by \(model) alone", "\(test.secondCount)"],
      ["passed by \(other) alone", "\(test.firstCount)"],
      ["McNemar's test, exact", Columns.probability(test.exactProbability)],
    ]
    return joined([
      lines(changes), Columns.aligned(rateRows(comparedWith: comparison.first)),
      Columns.aligned(facts),
    ])
  }

  private func lines(_ rows: [[String]]) -> String {
    rows.map { row in
      let cells = row.map { $0.replacing("\t", with: " ").replacing("\n", with: " ") }
      return cells.joined(separator: "\t") + "\n"
    }.joined()
  }

  private func joined(_ parts: [String]) -> String {
    parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var rateRows: [[String]] {
    let header = [["capability", "passed", "cases", "rate", "95 % interval"]]
    let rows = report.capabilities.map { rate in
      [rate.capability] + cells(rate.passRate) + (rate.isCounted ? [] : ["not counted"])
    }
    return header + rows + [["all that count"] + cells(report.passRate)]
  }

  private func rateRows(comparedWith other: CheckReport) -> [[String]] {
    let names = other.capabilities.map { ($0.capability, $0.passRate) }
    let others = Dictionary(names) { first, _ in first }
    let rows = report.capabilities.map { rate in
      [rate.capability] + cells(rate.passRate) + [decimal(others[rate.capability]?.fraction)]
        + (rate.isCounted ? [] : ["not counted"])
    }
    let last = ["all that count"] + cells(report.passRate) + [decimal(other.passRate.fraction)]
    return [["capability", "passed", "cases", "rate", "95 % interval", "other"]] + rows + [last]
  }

  private func cells(_ rate: Proportion) -> [String] {
    let bounds = [rate.interval.lowerBound, rate.interval.upperBound]
    return ["\(rate.count)", "\(rate.total)", decimal(rate.fraction)]
      + [bounds.map { decimal($0) }.joined(separator: " to ")]
  }

  private func decimal(_ value: Double?) -> String {
    value.map { Columns.fixed($0, digits: 4) } ?? "-"
  }

  // MARK: JSON

  /// The pass rates, and the cases that fail.
  var json: JSONValue { .members(members) }

  /// The same, with the cases that two models differ on.
  func json(comparedWith other: String, _ comparison: CheckComparison) -> JSONValue {
    let changes = comparison.changes.map { change in
      let outcome = change.isFixed ? change.first : change.second
      return JSONValue.members(
        JSONValue.Member.list(["change": .string(change.isFixed ? "fixed" : "broken")])
          + outcome.members)
    }
    let comparison = JSONValue.object([
      "model": .name(other), "pass_rate": comparison.first.passRate.json,
      "changes": .array(changes), "mcnemar": .encoding(comparison.mcNemar),
    ])
    return .members(members + JSONValue.Member.list(["compared": comparison]))
  }

  private var members: [JSONValue.Member] {
    let capabilities = report.capabilities.map { rate in
      JSONValue.object([
        "capability": .string(rate.capability), "counted": .boolean(rate.isCounted),
        "pass_rate": rate.passRate.json,
      ])
    }
    return JSONValue.Member.list([
      "model": .name(model), "suites": .array(suites.map { .name($0) }),
      "pass_rate": report.passRate.json, "left_out_count": .integer(report.leftOutCount),
      "capabilities": .array(capabilities),
      "failures": .array(report.failed.map { .members($0.members) }),
    ])
  }
}

extension Proportion {
  fileprivate var json: JSONValue {
    .object([
      "passed": .integer(count), "cases": .integer(total),
      "rate": fraction.map { .number($0) } ?? .null,
      "interval": .array([.number(interval.lowerBound), .number(interval.upperBound)]),
    ])
  }
}

extension CheckOutcome {
  /// A line of cells for each text that is not classified as expected.
  fileprivate var lines: [[String]] {
    failures.map { failure in
      [check.origin.description, check.capability, failure.expected, failure.label]
        + [Columns.fixed(failure.probability, digits: 4), check.texts[failure.textIndex]]
        + (failure.textIndex > 0 ? [check.text] : [])
    }
  }

  fileprivate var members: [JSONValue.Member] {
    JSONValue.Member.list([
      "place": .name(check.origin.description), "capability": .string(check.capability),
      "counted": .boolean(check.isCounted), "text": .string(check.text),
      "failures": .array(
        failures.map { failure in
          .object([
            "text": .string(check.texts[failure.textIndex]), "expected": .string(failure.expected),
            "found": .string(failure.label), "probability": .number(failure.probability),
          ])
        }),
    ])
  }
}
