import ArgumentParser
import SentiCorpora
import SentiModels

/// The fields of scored files, and how the files are encoded.
struct AnswerFieldOptions: ParsableArguments {
  @Option(
    help: .name(
      "The field that holds the answer (default: senti_label where there is one, else label)."))
  var answerField: String?

  @Option(
    help: .name(
      "The field that holds the score (default: senti_score where there is one, else score)."))
  var scoreField: String?

  @Option(help: .name("The field of A that holds the true label of a row."))
  var labelField: String?

  @OptionGroup var labels: LabelOptions

  @Option(help: .name("A field that must be the same in both files, row by row."))
  var idField: String?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto
}

/// The rows of a file that `senti score` wrote, one after the other.
struct AnswerRows: Sequence, IteratorProtocol {
  /// What a row holds; the answer is nil where the row could not be scored.
  struct Row {
    let line: Int
    let answer: Comparison.Answer?
    let trueLabel: String?
    let id: String?
  }

  /// What messages call the file.
  var name: String { rows.path }
  private let rows: RowReader
  private let fields: AnswerFieldOptions
  private let hasTruth: Bool

  /// Whether every row must have a true label.
  var needsTruth: Bool { hasTruth && fields.labelField != nil }

  /// Opens a file of any format with fields.
  ///
  /// - Parameters:
  ///   - path: The file's path; `-` is standard input.
  ///   - fields: The names of the fields.
  ///   - hasTruth: Whether this file is the one that holds the true labels.
  /// - Throws: A ``Failure``, or a `CorpusError`, where the file or its header will not do.
  init(_ path: String, _ fields: AnswerFieldOptions, hasTruth: Bool) throws {
    rows = try RowReader(
      .argument(path, encoding: fields.encoding), format: CorpusFormat(extensionOf: path),
      textField: fields.answerField ?? "label")
    guard ![.lines, .nul].contains(rows.layout.format) else {
      throw Failure("\(rows.path): expected scored rows: CSV, TSV or JSON Lines", .badData)
    }
    self.fields = fields
    self.hasTruth = hasTruth
    // A header that lacks a field is one mistake, not one a row.
    if let header = rows.layout.header { _ = try scored(header) }
  }

  /// Gives the next row or what is wrong with it, or nil at the end.
  mutating func next() -> Result<Row, CorpusError>? {
    while let row = rows.next() {
      if case .success(let row) = row, row.kind == .blank { continue }
      return row.flatMap { row in
        Result { () throws(CorpusError) in try scored(row) }
      }
    }
    return nil
  }

  private func scored(_ row: SentiCorpora.Row) throws(CorpusError) -> Row {
    let answerField = fields.answerField ?? row.ownField("label")
    let label = try row.trimmedLabel(of: answerField)
    let scoreField = fields.scoreField ?? row.ownField("score")
    let isThere = fields.scoreField != nil || row.names.contains(scoreField)
    let score = isThere ? try row.label(of: scoreField).flatMap(Double.init) : nil
    guard score?.isFinite ?? true else {
      throw CorpusError(
        .unexpectedValue(field: scoreField, expected: "a number", found: "\(score ?? 0)"),
        path: row.path, line: row.line)
    }
    var truth: String?
    if hasTruth, let field = fields.labelField {
      guard field != answerField else {
        throw CorpusError(
          .unexpectedValue(field: field, expected: "true labels", found: "the answers"),
          path: row.path, line: row.line)
      }
      truth = try row.trimmedLabel(of: field)
    }
    return Row(
      line: row.line, answer: label.map { Comparison.Answer(label: $0, score: score) },
      trueLabel: truth, id: try fields.idField.flatMap(row.label))
  }
}

extension SentiCorpora.Row {
  /// The label in a field without white space around it; nil where there is nothing else.
  fileprivate func trimmedLabel(of name: String) throws(CorpusError) -> String? {
    try label(of: name).map(SentimentLabels.trimmed).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The name of a field that was added: with a prefix where the row had a field of that name.
  fileprivate func ownField(_ name: String) -> String {
    names.contains("senti_\(name)") ? "senti_\(name)" : name
  }
}
