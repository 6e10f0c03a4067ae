/// A page for a browser that shows what an experiment found.
///
/// It is one file that needs no script and loads nothing, for dark and light screens.
package struct LabPage {
  private let experiment: LabExperiment
  private let report: LabReport
  private let seed: UInt64

  /// Prepares the page.
  ///
  /// - Parameters:
  ///   - experiment: The experiment.
  ///   - report: What it found.
  ///   - seed: The seed that it was run with.
  package init(_ experiment: LabExperiment, _ report: LabReport, seed: UInt64) {
    self.experiment = experiment
    self.report = report
    self.seed = seed
  }

  /// The page.
  package var html: String {
    let lead = """
      <p>\(shown(experiment.idea))</p>
      <p>senti lab \(experiment.rawValue) --seed \(seed)</p>
      """
    return HTMLPage(
      title: "senti lab \(experiment.rawValue)", lead: lead,
      sections: report.tables.map(section(of:)) + report.charts.map(section(of:))
    ).html
  }

  private func section(of table: LabTable) -> String {
    var rows = HTMLTable(table.columns.map(shown))
    for row in table.rows { rows.add(row.map { shown($0.text) }) }
    return """
      <section>
      <h2>Table</h2>
      \(rows.html(named: table.caption))
      <p>\(shown(table.caption))</p>
      </section>
      """
  }

  private func section(of chart: Chart) -> String {
    HTMLPage.section(chart.title, HTMLPage.figure(chart))
  }
}
