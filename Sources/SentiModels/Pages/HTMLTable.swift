/// A table of a page.
struct HTMLTable {
  /// The names of the columns, as HTML.
  let columns: [String]
  /// The cells of the rows, as HTML; the first of each row names it.
  private(set) var rows: [[String]] = []

  /// Starts a table.
  init(_ columns: [String]) { self.columns = columns }

  /// Adds a row.
  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The table; wide ones can be scrolled, also by keyboard.
  ///
  /// - Parameter name: What the table shows, for those who cannot see it.
  /// - Returns: The table as HTML.
  func html(named name: String) -> String {
    """
    <div class="scroll" tabindex="0" role="region" aria-label="\(shown(name))">
    \(html)
    </div>
    """
  }

  /// The table alone.
  var html: String {
    let header = columns.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return """
      <table>
      <thead><tr>\(header)</tr></thead>
      <tbody>
      \(rows.map(Self.row).joined(separator: "\n"))
      </tbody>
      </table>
      """
  }

  private static func row(_ cells: [String]) -> String {
    "<tr><th scope=\"row\" lang=\"\" dir=\"auto\">\(cells[0])</th>"
      + cells.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
  }
}
