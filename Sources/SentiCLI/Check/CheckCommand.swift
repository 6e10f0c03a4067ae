import ArgumentParser
import SentiModels

/// `senti check`: which of the things that people do with language a classifier can read.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a classifier's behaviour: negation, contrast, ratings, typing errors ...",
    discussion: """
      Runs a suite of small cases, grouped by capability. There are three kinds: a text that has a \
      certain label; variants of a text, such as another name, capitals or markup, that keep its \
      label and nearly its probability; and variants that may move a probability in one direction \
      only. Prints the cases that fail, one a line (place, capability, what was expected, what was \
      found, its probability, the text, and the text that it is a variant of), and then the pass \
      rate of each capability with its 95 % interval (Wilson's).

      The suite that comes with senti is English and lies in the program. With --suite, yours is \
      run instead: JSON Lines with text, expect, variants, kind (label, invariance, direction), \
      tolerance, capability and counted; a line without a text sets what the lines below it have in \
      common. A malformed case is named with its line, and exits with 65. Cases for labels \
      that the model does not have are left out.

      With --compare, the cases come first that one of the two models passes and the other does not. \
      Where --min-pass is missed, the exit status is 1.

      Examples:
        senti check --min-pass 0.85
        senti check --model my.safetensors --compare english --suite checks/
      """)

  @Option(
    name: .customLong("suite"),
    help: ArgumentHelp(
      "A file of JSON Lines, or a folder of them; may be given many times (default: the suite "
        + "inside the program).", valueName: "path"),
    completion: .file())
  var suites: [String] = []

  @Option(
    help: .file("Another model, which the checked one is compared with: a file, english or small."),
    completion: .file(extensions: ["safetensors"]))
  var compare: String?

  @Option(help: .fraction("Exit with 1 below this pass rate of the cases that count."))
  var minPass: Double?

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  @OptionGroup var model: ModelOptions

  func validate() throws {
    if let minPass, !(0...1).contains(minPass) {
      throw ValidationError("Expected --min-pass from 0 to 1, found \(minPass).")
    }
  }

  func run() throws {
    let suite = try suites.isEmpty ? CheckSuite.bundled() : CheckSuite(contentsOf: suites)
    let report = try report(of: suite, model.source)
    let reporter = CheckReporter(model: model.source.name, suites: suites, report: report)
    if let compare {
      let source = ModelSource(argument: compare)
      let comparison = CheckComparison(try self.report(of: suite, source), report)
      try format.print(
        reporter.text(comparedWith: source.name, comparison),
        json: reporter.json(comparedWith: source.name, comparison))
    } else {
      try format.print(reporter.text, json: reporter.json)
    }
    try requirePass(report.passRate)
  }

  private func report(of suite: CheckSuite, _ source: ModelSource) throws -> CheckReport {
    let report = suite.report(
      on: try SentimentClassifier(source), threadCount: model.threadCount)
    guard report.isFinite else {
      throw Failure("\(source.name): \(Failure.undefinedAnswer)", .badData)
    }
    guard report.leftOutCount < suite.cases.count else {
      throw Failure("\(source.name): expected labels of the suite's cases, found none", .badData)
    }
    if report.leftOutCount > 0 {
      Diagnostics.note(
        "\(source.name): \(report.leftOutCount) of \(suite.cases.count) cases left out, for the "
          + "model has no label for them")
    }
    return report
  }

  private func requirePass(_ rate: Proportion) throws {
    guard let minPass else { return }
    guard let fraction = rate.fraction else {
      throw Failure("\(model.source.name): expected cases that count, found none", .badData)
    }
    guard fraction < minPass else { return }
    let found = Columns.fixed(fraction, digits: 4)
    throw Failure(
      "\(model.source.name): expected a pass rate of \(minPass) or more, found \(found)", .partial)
  }
}
