import ArgumentParser
import SentiCorpora
import SentiModels

/// What a row is written for.
enum ScoreUnit: String, ExpressibleByArgument, CaseIterable {
  /// Each row that is read.
  case row
  /// Each sentence of its text.
  case sentence
}

/// Writes a row for each sentence of a row's text, in order.
///
/// The columns of the row are repeated, so that its id and all else that it is grouped by is at hand; in
/// place of the text stands the sentence. A row that has no sentence is one row as it is.
struct SentenceRows {
  /// What is added.
  let columns: ScoreColumns
  /// The field of the text; for rows of plain texts it is called `text`.
  let textField: String

  /// The bytes of all rows that are written for one.
  ///
  /// - Parameters:
  ///   - scored: The row, with the predictions of its sentences.
  ///   - number: The number of the row among all that count, from 1.
  ///   - formatter: What writes rows of the input.
  ///   - layout: The layout of the input.
  ///   - error: Why the row cannot be scored.
  /// - Returns: The bytes, in pieces.
  func pieces(
    of scored: ScoredRow<InputRow>, number: Int, by formatter: RowFormatter, layout: RowLayout,
    error: String?
  ) -> [ArraySlice<UInt8>] {
    let row = scored.row.row.row
    let sentences = error == nil ? scored.sentences ?? [] : []
    guard !sentences.isEmpty else {
      let values = columns.values(nil, at: (number, 0), text: [], error: error)
      return formatter.pieces(of: row, adding: values)
    }
    let text = Array(scored.row.text.bytes)
    return sentences.enumerated().flatMap { index, sentence in
      let words = Self.trimmed(text[sentence.byteRange])
      let values = columns.values(sentence, at: (number, index + 1), text: words, error: nil)
      return formatter.pieces(of: self.row(row, with: words, layout), adding: values)
    }
  }

  private func row(
    _ row: SentiCorpora.Row, with text: ArraySlice<UInt8>, _ layout: RowLayout
  ) -> SentiCorpora.Row {
    let isPlain = layout.format == .lines || layout.format == .nul
    guard layout.format != .folder else { return row }
    // The text was read from this very field, so that it is there, once.
    return (try? row.replacing(isPlain ? "text" : textField, with: text, in: layout)) ?? row
  }

  /// A sentence without the white space around it.
  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
    let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return text[start..<end]
  }
}
