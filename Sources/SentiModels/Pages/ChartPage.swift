/// A page of charts, each with its text alternative, and of tables.
///
/// It is one file that needs no script and loads nothing, for dark and light screens.
public struct ChartPage: Sendable {
  /// The heading.
  public let title: String
  private var sections: [String] = []

  /// Starts a page.
  ///
  /// - Parameter title: The heading.
  public init(title: String) { self.title = title }

  /// Adds a chart, and what it shows in words.
  ///
  /// - Parameter chart: The chart.
  public mutating func add(_ chart: Chart) {
    sections.append(
      HTMLPage.section(chart.title, HTMLPage.figure(chart) + "\n<p>\(shown(chart.alternative))</p>")
    )
  }

  /// Adds a table.
  ///
  /// - Parameters:
  ///   - name: The table's heading.
  ///   - columns: The names of the columns.
  ///   - rows: The cells of each row; the first of each names it.
  public mutating func add(_ name: String, columns: [String], rows: [[String]]) {
    var table = HTMLTable(columns.map(shown))
    for row in rows { table.add(row.map { shown($0) }) }
    sections.append(HTMLPage.section(name, table.html(named: name)))
  }

  /// The page.
  public var html: String { HTMLPage(title: title, lead: "", sections: sections).html }
}

extension HTMLPage {
  /// A part of a page.
  ///
  /// - Parameters:
  ///   - title: Its heading, as plain text.
  ///   - content: What it holds, as HTML.
  /// - Returns: The part as HTML.
  static func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(shown(title))</h2>\n\(content)\n</section>"
  }

  /// A chart that can be scrolled where the screen is narrow, also by keyboard.
  static func figure(_ chart: Chart) -> String { figure(chart.svg, named: chart.title) }

  /// A drawing that can be scrolled where the screen is narrow, also by keyboard.
  static func figure(_ svg: String, named name: String) -> String {
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(shown(name))\">\n\(svg)\n</div>"
  }
}
