import SentiCorpora

/// The lines of files, one after the other, in constant memory.
struct InputLines: Sequence, IteratorProtocol {
  /// A line, or what is wrong with it.
  struct Line {
    /// What the file is called.
    let file: InputSource
    /// The number of the line from 1; 0 where the file as a whole cannot be read.
    let number: Int
    /// The text.
    let text: Result<String, CorpusError>

    /// What messages call the line.
    var name: String { "\(file.name):\(number)" }

    /// How much memory it takes.
    var byteCount: Int { (try? text.get().utf8.count) ?? 0 }

    /// What objects of JSON Lines call it.
    var members: [JSONValue.Member] {
      JSONValue.Member.list(["file": .string(file.path), "line": .integer(number)])
    }
  }

  private let encoding: TextEncoding
  private var files: ArraySlice<InputSource>
  private var current: (file: InputSource, rows: RowReader)?

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - paths: The files; `-` or none is standard input.
  ///   - encoding: How all of them are encoded.
  init(_ paths: [String], encoding: TextEncoding = .auto) {
    self.encoding = encoding
    let sources = paths.map { $0 == "-" ? InputSource.standardInput : .file($0) }
    files = (sources.isEmpty ? [.standardInput] : sources)[...]
  }

  /// Reads the next line; nil at the end.
  mutating func next() -> Line? {
    while true {
      if let current {
        if let row = current.rows.next() {
          let number = (try? row.get().line) ?? 0
          let text = Result { () throws(CorpusError) in try row.get().text(of: "text") }
          return Line(file: current.file, number: number, text: text)
        }
        self.current = nil
      }
      guard let file = files.popFirst() else { return nil }
      do {
        current = (file, try RowReader(.argument(file.path, encoding: encoding), format: .lines))
      } catch {
        // A file without a byte has no lines, and nothing is wrong with that.
        if error.problem != .empty { return Line(file: file, number: 0, text: .failure(error)) }
      }
    }
  }
}
