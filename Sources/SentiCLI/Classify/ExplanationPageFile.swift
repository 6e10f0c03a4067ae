import SentiCorpora
import SentiIO
import SentiModels

/// The page of a run's explanations, and where it is written.
struct ExplanationPageFile {
  private let path: String
  private let replaces: Bool
  private var page = ExplanationPage(title: "What words contribute")
  private var leftOutCount = 0

  /// More would make a page that no browser scrolls well.
  static let textLimit = 200

  /// Refuses a path at which nothing can be made.
  ///
  /// - Parameters:
  ///   - path: Where the page is written.
  ///   - replaces: Whether a file there is replaced.
  ///   - inputs: The files that are read.
  /// - Throws: A ``Failure``.
  init(_ path: String, replaces: Bool, reading inputs: [String?]) throws {
    try OutputFile.requireFree(path, replacing: replaces, reading: inputs)
    self.path = path
    self.replaces = replaces
  }

  /// Adds a text, unless the page is full.
  mutating func add(_ text: ExplainedText, name: String) {
    guard page.count < Self.textLimit else {
      leftOutCount += 1
      return
    }
    page.add(
      String(decoding: FileName.bytes(of: name), as: UTF8.self), text.explanation, in: text.bytes,
      sentences: text.sentences ?? [])
  }

  /// Writes the page, unless there is nothing on it.
  func finish() throws {
    guard page.count > 0 else { return }
    if leftOutCount > 0 {
      let total = page.count + leftOutCount
      Diagnostics.warn("\(path): shows the first \(page.count) of \(total) texts")
    }
    try AtomicFile.write(Array(page.html.utf8), to: path, overwrite: replaces)
  }
}
