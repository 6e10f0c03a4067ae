import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// A file of charts: a page, or of one chart an image.
struct PlotFile {
  private let path: String
  private let replaces: Bool

  /// Refuses names that say neither, and files that may not be replaced.
  init(_ path: String, replaces: Bool, reading inputs: [String?] = []) throws {
    guard Self.isPage(path) || path.hasSuffix(".svg") else {
      throw ValidationError("Expected --plot with a name in .html or .svg, found \(path.quoted).")
    }
    try OutputFile.requireFree(path, replacing: replaces, reading: inputs)
    (self.path, self.replaces) = (path, replaces)
  }

  private static func isPage(_ path: String) -> Bool {
    path.hasSuffix(".html") || path.hasSuffix(".htm")
  }

  /// Writes a page, or its first chart.
  func write(_ page: ChartPage, first chart: Chart?) throws {
    let text = Self.isPage(path) ? page.html : chart?.svgFile ?? ""
    try AtomicFile.write(Array(text.utf8), to: path, overwrite: replaces)
  }

  /// Writes charts below each other, or the first of them.
  func write(_ charts: [Chart], title: String) throws {
    var page = ChartPage(title: title)
    for chart in charts { page.add(chart) }
    try write(page, first: charts.first)
  }
}

extension ArgumentHelp {
  /// A file of charts.
  static func plot(_ what: String) -> ArgumentHelp {
    .file("Where \(what) are drawn: a page in .html, or the first chart in .svg.")
  }
}
