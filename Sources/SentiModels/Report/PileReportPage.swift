internal import SentiText

/// A page for a browser that shows what a pile of scored rows says.
///
/// It is one file of HTML that needs no script and loads nothing, which its Content-Security-Policy holds
/// it to; it follows the reader's choice of dark or light. Texts of any content are shown as texts. Where
/// scripts run, its rows can be searched.
public struct PileReportPage: Sendable {
  private let report: PileReport
  private let title: String
  private let facts: [(name: String, value: String)]

  /// The number of terms for each side.
  static let termLimit = 60
  /// The most reasons for errors that are shown.
  private static let reasonLimit = 20

  /// Prepares the page.
  ///
  /// - Parameters:
  ///   - report: What the page shows.
  ///   - title: The heading.
  ///   - facts: What else a reader should know, such as the name of the file.
  public init(
    _ report: PileReport, title: String, facts: [(name: String, value: String)] = []
  ) {
    self.report = report
    self.title = title
    self.facts = facts
  }

  /// The page.
  public var html: String {
    HTMLPage(
      title: title, lead: lead,
      sections: [shares, distribution] + report.groups.map(groups)
        + [dates, report.shift.flatMap { WordShiftSection($0).html }, terms, rows, errors]
        .compactMap(\.self), hasSearch: rows != nil
    ).html
  }

  private var lead: String {
    let scored = report.rowCount - report.errorCount
    let counts = [
      ("rows", grouped(report.rowCount)), ("scored", grouped(scored)),
      ("not scored", grouped(report.errorCount)),
      ("mean score", ChartScale.number(report.all.mean, digits: 3)),
    ]
    let items = (facts.map { ($0.name, $0.value) } + counts).map { name, value in
      "<dt>\(shown(name))</dt><dd lang=\"\" dir=\"auto\">\(shown(value))</dd>"
    }
    return """
      <dl>\(items.joined())</dl>
      <p>Scores run from \u{2212}1 for the least favourable label to 1 for the most. Intervals hold \
      in 95 of 100 piles of the same kind; they say nothing of the classifier's own errors, for which \
      senti share asks for some labelled rows.</p>
      """
  }

  // MARK: Shares and scores

  private var shares: String {
    let shares = report.labels.map { (name: $0.name, share: report.all.share(of: $0.number)) }
    var table = HTMLTable(["label", "rows", "share", "95 % interval"])
    for (name, share) in shares {
      table.add([
        shown(name.excerpt), grouped(share.count), percent(share.fraction ?? 0),
        interval(share.interval),
      ])
    }
    let words = shares.map { "\($0.name.excerpt) \(percent($0.share.fraction ?? 0))" }
    let chart = Chart(
      "Shares of the labels", x: .init("label", categories: shares.map(\.name)),
      y: .init("rows, in percent", range: 0...100),
      series: [
        .init(
          "rows", .bars,
          shares.enumerated().map { index, entry in
            .init(
              Double(index), 100 * (entry.share.fraction ?? 0),
              interval: 100 * entry.share.interval.lowerBound...100
                * entry.share.interval.upperBound
            )
          })
      ], alternative: words.joined(separator: ", "))
    return section("Shares", HTMLPage.figure(chart) + "\n" + table.html(named: "Shares"))
  }

  private var distribution: String {
    let width = 2 / Double(PileReport.binCount)
    let points = report.histogram.enumerated().map { bin, count in
      Chart.Point(-1 + (Double(bin) + 0.5) * width, Double(count))
    }
    let fullest = report.histogram.indices.max { report.histogram[$0] < report.histogram[$1] } ?? 0
    let low = ChartScale.number(-1 + Double(fullest) * width, digits: 2)
    let high = ChartScale.number(-1 + Double(fullest + 1) * width, digits: 2)
    let chart = Chart(
      "Distribution of the scores", x: .init("score, from \u{2212}1 to 1", range: -1...1),
      y: .init("rows"), series: [.init("rows", .bars, points)],
      alternative: "most rows, \(grouped(report.histogram[fullest])), have scores from \(low) to "
        + "\(high)")
    return section("Scores", HTMLPage.figure(chart))
  }

  // MARK: Groups and dates

  private func groups(_ tally: GroupTally) -> String {
    let labels = report.labels
    var table = HTMLTable(
      [shown(tally.field.excerpt), "rows", "mean score", "95 % interval"]
        + labels.map { shown($0.name.excerpt) } + ["difference from the rest"])
    func add(_ name: String, _ rows: ScoreTally, _ probability: String) {
      let mean = [
        ChartScale.number(rows.mean, digits: 3),
        rows.interval.map {
          "\(ChartScale.number($0.lowerBound, digits: 3)) to "
            + ChartScale.number($0.upperBound, digits: 3)
        } ?? "\u{2013}",
      ]
      let shares = labels.map { percent(rows.share(of: $0.number).fraction ?? 0) }
      table.add([name, grouped(rows.count)] + mean + shares + [probability])
    }
    let (ranked, others) = tally.ranked
    for group in ranked {
      let name = group.name.isEmpty ? "(none)" : shown(group.name.excerpt)
      add(name, group.tally, group.probability.map(significance) ?? "too few rows")
    }
    if others.tally.count > 0 {
      let count = tally.isFull ? "more than \(grouped(others.count))" : grouped(others.count)
      add("(\(count) others)", others.tally, "\u{2013}")
    }
    return section(
      "By \(shown(tally.field.excerpt))",
      table.html(named: "By \(tally.field.excerpt)")
        + "<p>The last column is the probability of so great a difference of the mean scores where there "
        + "is none, after Holm's correction for the number of groups.</p>")
  }

  private var dates: String? {
    guard report.hasDates else { return nil }
    let periods = report.dates.periods
    var parts: [String] = []
    if !periods.isEmpty { parts.append(HTMLPage.figure(chart(of: periods))) }
    if report.dates.unreadableCount > 0 {
      let example = report.dates.unreadable.map { ", such as \(shown($0.excerpt))" } ?? ""
      parts.append(
        "<p>\(grouped(report.dates.unreadableCount)) rows have dates that could not be read"
          + "\(example); expected were dates such as 2024-05-31.</p>")
    }
    return section("Over time", parts.joined(separator: "\n"))
  }

  private func chart(of periods: [(name: String, tally: ScoreTally)]) -> Chart {
    let series = report.labels.prefix(5).map { label in
      Chart.Series(
        label.name, .line,
        periods.enumerated().map { index, period in
          let share = period.tally.share(of: label.number)
          return .init(
            Double(index), share.fraction.map { 100 * $0 } ?? .nan,
            interval: share.total == 0
              ? nil : 100 * share.interval.lowerBound...100 * share.interval.upperBound)
        })
    }
    let ends = [periods.first, periods.last].compactMap(\.self).map { period in
      "in \(period.name) "
        + report.labels.prefix(5).map {
          "\($0.name.excerpt) \(percent(period.tally.share(of: $0.number).fraction ?? 0))"
        }.joined(separator: ", ")
    }
    let unit = report.dates.period.rawValue
    return Chart(
      "Shares of the labels over time", x: .init(unit, categories: periods.map(\.name)),
      y: .init("rows, in percent", range: 0...100), series: series,
      alternative: ends.joined(separator: "; "))
  }

  // MARK: Words and rows

  private var terms: String? {
    let (first, second) = report.terms(Self.termLimit)
    guard !first.isEmpty || !second.isEmpty else { return nil }
    func table(_ name: String, _ terms: [TermContrast.Term]) -> String {
      var table = HTMLTable(["word or pair", "rows below 0", "rows above 0", "deviations"])
      for term in terms {
        table.add([
          shown(term.text), grouped(term.counts.first), grouped(term.counts.second),
          ChartScale.number(term.zScore, digits: 1),
        ])
      }
      return "<h3>\(name)</h3>\n" + table.html(named: name)
    }
    return section(
      "Words",
      """
      <p>Words and pairs of words that stand in rows of one side more often than chance: the difference of \
      the log-odds in standard deviations, with a prior of all rows' words.</p>
      \(table("With low scores", first))
      \(table("With high scores", second))
      """)
  }

  private var rows: String? {
    let tops = [
      ("Highest scores", report.highest), ("Lowest scores", report.lowest),
      ("Least sure", report.leastSure), ("Most mixed", report.mixed),
      ("At random", report.sample),
    ].filter { !$0.1.entries.isEmpty }
    guard !tops.isEmpty else { return nil }
    let parts = tops.map { name, top in
      let rows = top.entries.map { entry in
        let answer =
          "<strong>\(shown(entry.answer.label.excerpt))</strong>, probability "
          + "\(decimal(entry.answer.probability)), score "
          + ChartScale.number(entry.answer.score, digits: 4)
        let text = entry.text.map {
          "<div class=\"text\" lang=\"\" dir=\"auto\">\($0.html)</div>"
        }
        return "<li><p>\(answer), <span class=\"sum\">\(shown(entry.place.excerpt))</span></p>"
          + "\(text ?? "")</li>"
      }
      return """
        <details><summary>\(name)</summary>
        <ol>
        \(rows.joined(separator: "\n"))
        </ol>
        </details>
        """
    }
    let label = [report.highest, report.lowest].lazy.flatMap(\.entries).first { entry in
      entry.text.map { !$0.marks.isEmpty } ?? false
    }
    let legend =
      label == nil
      ? ""
      : """
      <p>A word with a <mark class="f3">solid line</mark> speaks for the label that is explained, one with \
      a <mark class="a3">dashed line</mark> against it; the darker, the more.</p>

      """
    return section("Rows", legend + PageScript.box + "\n" + parts.joined(separator: "\n"))
  }

  private var errors: String? {
    guard report.errorCount > 0 else { return nil }
    var table = HTMLTable(["reason", "rows"])
    let ranked = report.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (reason, count) in ranked.prefix(Self.reasonLimit) {
      table.add([reason.isEmpty ? "(none)" : shown(reason.excerpt), grouped(count)])
    }
    return section("Rows that could not be scored", table.html(named: "Reasons"))
  }

  // MARK: Elements

  private func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(title)</h2>\n\(content)\n</section>"
  }

  private func percent(_ fraction: Double) -> String { decimal(100 * fraction, digits: 1) + " %" }

  private func interval(_ interval: ClosedRange<Double>) -> String {
    "\(percent(interval.lowerBound)) to \(percent(interval.upperBound))"
  }

  private func significance(_ probability: Double) -> String {
    probability < 0.0001 ? "p &lt; 0.0001" : "p = \(decimal(probability))"
  }
}
