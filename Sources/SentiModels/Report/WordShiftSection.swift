internal import SentiText

/// The part of a report's page that shows the difference of two groups, word by word.
struct WordShiftSection {
  private let shift: WordShift

  /// The most words of the table, and those that have bars.
  private static let (wordLimit, barLimit) = (100, 30)

  init(_ shift: WordShift) { self.shift = shift }

  /// The part of the page; nil where no row has an explanation.
  var html: String? {
    guard let label = shift.label else { return nil }
    let names = (shown(shift.names.first.excerpt), shown(shift.names.second.excerpt))
    guard let result = shift.result(Self.wordLimit) else {
      return HTMLPage.section(
        "Word shift", "<p>No rows with explanations are of both \(names.0) and \(names.1).</p>")
    }
    return HTMLPage.section(
      "Word shift",
      """
      <p>The mean log-odds of \(shown(label.excerpt)) are \(signed(result.means.first)) in \
      \(grouped(result.rowCounts.first)) rows of \(names.0) and \(signed(result.means.second)) in \
      \(grouped(result.rowCounts.second)) rows of \(names.1). The difference, \
      \(signed(result.means.second - result.means.first)), is the sum of what each word gives to it: by \
      being used more or less often, and by contributing something else where it is used.</p>
      \(HTMLPage.figure(bars(result).svg, named: "Word shift"))
      \(table(result))
      """)
  }

  private func bars(_ result: WordShift.Result) -> RankedBars {
    let bars = result.words.prefix(Self.barLimit).map { word in
      RankedBars.Bar(name: word.text, parts: [word.byUse, word.byContribution])
    }
    let words = result.words.prefix(3).map { "\($0.text.excerpt) \(signed($0.change))" }
    return RankedBars(
      title: "Word shift from \(shift.names.first.excerpt) to \(shift.names.second.excerpt)",
      label: "change of the mean log-odds, in logits", partNames: ["by use", "by contribution"],
      bars: Array(bars), alternative: "most come from " + words.joined(separator: ", "))
  }

  private func table(_ result: WordShift.Result) -> String {
    var table = HTMLTable([
      "word", "change", "by use", "by contribution", "uses in 1,000 rows", "contribution a use",
    ])
    func pair(_ values: (first: Double, second: Double), digits: Int) -> String {
      "\(ChartScale.number(values.first, digits: digits)) to "
        + ChartScale.number(values.second, digits: digits)
    }
    for word in result.words {
      let uses = (first: 1000 * word.uses.first, second: 1000 * word.uses.second)
      table.add([
        shown(word.text.excerpt), signed(word.change), signed(word.byUse),
        signed(word.byContribution), pair(uses, digits: 1), pair(word.contributions, digits: 2),
      ])
    }
    let rest = [
      ("(\(grouped(result.others.count)) other words)", result.others.change),
      ("(baseline: length of the texts)", result.baseline), ("(gap)", result.gap),
      ("sum", result.means.second - result.means.first),
    ]
    for (name, change) in rest { table.add([name, signed(change), "", "", "", ""]) }
    return table.html(named: "Word shift")
  }

  private func signed(_ value: Double) -> String { MarkedText.signed(value, digits: 4) }
}
