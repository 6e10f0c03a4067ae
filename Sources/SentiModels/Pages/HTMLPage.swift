/// The frame of every page: one file that needs no script and loads nothing.
///
/// Its Content-Security-Policy holds it to that: nothing but ``PageStyle/sheet`` is allowed, and on a page with
/// a search box ``PageScript/source``.
struct HTMLPage {
  /// The heading, as plain text.
  let title: String
  /// What stands below the heading, as HTML.
  let lead: String
  /// The parts of the page, as HTML.
  let sections: [String]

  /// Whether the page has the search box of ``PageScript``.
  var hasSearch = false

  /// The page.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src '\(PageStyle.hash)'; \
    \(hasSearch ? "script-src '\(PageScript.hash)'; " : "")base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(shown(title))</title>
    <style>\(PageStyle.sheet)</style>
    </head>
    <body>
    <main>
    <h1>\(shown(title))</h1>
    \(lead)
    \(sections.joined(separator: "\n"))
    </main>\(hasSearch ? "\n<script>\(PageScript.source)</script>" : "")
    </body>
    </html>

    """
  }
}
