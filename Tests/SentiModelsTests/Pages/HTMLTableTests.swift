import Testing

@testable import SentiModels

@Suite("HTML table")
struct HTMLTableTests {
  @Test func columnsAndRowsAreNamed() {
    var table = HTMLTable(["word", "count"])
    table.add(["good", "3"])
    #expect(table.html.contains("<th scope=\"col\">word</th><th scope=\"col\">count</th>"))
    #expect(
      table.html.contains("<th scope=\"row\" lang=\"\" dir=\"auto\">good</th><td>3</td></tr>"))
    #expect(table.rows.count == 1)
  }

  /// A keyboard reaches a table that is wider than the screen.
  @Test func wideTablesCanBeScrolled() {
    let html = HTMLTable(["a"]).html(named: "By \"product\"")
    #expect(html.hasPrefix("<div class=\"scroll\" tabindex=\"0\" role=\"region\" "))
    #expect(html.contains("aria-label=\"By &quot;product&quot;\">"))
  }
}
