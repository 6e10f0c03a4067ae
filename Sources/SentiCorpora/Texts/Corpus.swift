/// All texts of a file or folder, held in memory, and what could not be read.
public struct Corpus: Sendable {
  /// The texts, in the order of the file.
  public let texts: [LabelledText]
  /// What is wrong with the rows that are missing among the texts, in the order of the file.
  public let problems: [CorpusError]

  /// Reads a file or folder to its end.
  ///
  /// - Parameter reader: What to read.
  /// - Throws: The first problem when no text at all can be read, or a ``CorpusError`` that says
  ///   that there is none.
  public init(_ reader: CorpusReader) throws(CorpusError) {
    var texts: [LabelledText] = []
    var problems: [CorpusError] = []
    for text in reader {
      switch text {
      case .success(let text): texts.append(text)
      case .failure(let problem): problems.append(problem)
      }
    }
    if texts.isEmpty { throw problems.first ?? CorpusError(.empty, path: reader.path) }
    self.texts = texts
    self.problems = problems
  }

  /// The labels that occur, in the order of their bytes.
  public var labels: [String] {
    Set(texts.compactMap(\.label)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
