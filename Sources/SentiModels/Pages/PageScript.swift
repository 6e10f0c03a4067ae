/// The one script of a page, which a reader can do without.
///
/// Where scripts run it shows the search box of a page, which hides the list items that lack what is typed.
enum PageScript {
  /// What the Content-Security-Policy calls the script, and nothing else: the SHA-256 of ``source``.
  static let hash = "sha256-5u9VcdP1DtYxsRqU767CLzvAWyxns2blXbRWk8hwjQ8="

  /// The box that is looked for in, and how many items are shown; hidden where no script runs.
  static let box = """
    <p class="search" id="search-box" hidden><label for="search">Search the rows</label> \
    <input type="search" id="search" autocomplete="off"> <span id="found" role="status"></span></p>
    """

  /// The script.
  static let source = """
    "use strict";
    const box = document.getElementById("search");
    const found = document.getElementById("found");
    const rows = Array.from(document.querySelectorAll("ol > li"));
    const texts = rows.map(row => {
      const copy = row.cloneNode(true);
      copy.querySelectorAll(".hidden").forEach(number => number.remove());
      return copy.textContent.toLowerCase();
    });
    document.getElementById("search-box").hidden = false;
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      let count = 0;
      rows.forEach((row, index) => {
        row.hidden = !texts[index].includes(wanted);
        if (!row.hidden) { count += 1; }
      });
      found.textContent = wanted ? count + " of " + rows.length + " rows" : "";
      if (wanted) { document.querySelectorAll("ol").forEach(list => { list.parentElement.open = true; }); }
    });
    """
}
