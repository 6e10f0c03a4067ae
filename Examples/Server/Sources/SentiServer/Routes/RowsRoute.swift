internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Senti

/// `/v1/classify` for rows of CSV, TSV or newline-delimited JSON: one row in, one row out.
struct RowsRoute: Sendable {
  let limits: ServerOptions
  let models: ModelStore
  let gate: WorkGate

  /// What a client asks for by parameters.
  struct Parameters {
    var textField = "text"
    var hasScores = false
    var prefix = ""

    init(_ uri: URI) throws(Problem) {
      for (name, value) in uri.queryParameters {
        switch name {
        case "text-field": textField = String(value)
        case "prefix": prefix = String(value)
        case "scores":
          guard let flag = Bool(String(value)) else {
            throw Problem(
              .invalidRequest, "expected scores of true or false, found \"\(value.prefix(64))\"")
          }
          hasScores = flag
        default:
          throw Problem(
            .invalidRequest,
            "expected parameters among text-field, scores, prefix, found \"\(name.prefix(64))\"")
        }
      }
    }
  }

  /// Answers with the rows as they were, and what is said of them.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - format: The format of its rows.
  ///   - type: The media type of rows and answer.
  ///   - parameters: What else the client asks for.
  /// - Returns: An answer whose body is written while rows are scored.
  /// - Throws: A ``Problem``, where not even the header can be read.
  func respond(
    to request: Request, format: CorpusFormat, _ type: MediaType, _ parameters: Parameters
  ) async throws -> Response {
    let reader = BodyReader(limits)
    let declared = try reader.declaredByteCount(of: request, upTo: limits.streamByteCount)
    let turn = try await gate.turn()
    let table = RequestTable.Format(
      format: format, textField: parameters.textField, rowByteCount: limits.rowByteCount)
    let rows: RequestTable
    if let declared, declared <= limits.wholeStreamByteCount {
      rows = try await RequestTable(bytes: reader.bytes(of: request, upTo: declared), table)
    } else {
      rows = try await RequestTable(body: request.body, upTo: limits.streamByteCount, table)
    }
    let scorer = SentimentScorer(models.current.classifier, threadCount: limits.workerCount)
    let columns = ScoredColumns(
      labels: parameters.hasScores ? scorer.classifier.labels : [], prefix: parameters.prefix)
    return Response(
      status: .ok, headers: [.contentType: type.rawValue],
      body: ResponseBody { writer in
        defer { withExtendedLifetime(turn) {} }
        try await Self.write(rows, by: scorer, columns, to: &writer)
        try await writer.finish(nil)
      })
  }

  /// How many bytes are written at a time while more rows are at hand.
  private static let writtenByteCount = 64 << 10

  private static func write(
    _ table: RequestTable, by scorer: SentimentScorer, _ columns: ScoredColumns,
    to writer: inout any ResponseBodyWriter
  ) async throws {
    let formatter = RowFormatter(table.layout, adding: columns.names)
    var rows = scorer.scores(
      of: table.rows, byteCount: { $0.row.bytes.count },
      text: { if case .text(let text) = $0.content { text } else { .empty } }
    ).makeAsyncIterator()
    var buffer = ByteBuffer(bytes: formatter.header)
    while let scored = try await rows.next() {
      for piece in formatter.pieces(of: scored.row.row, adding: columns.values(scored)) {
        buffer.writeBytes(piece)
      }
      guard buffer.readableBytes >= writtenByteCount || !rows.isReady else { continue }
      try await writer.write(buffer)
      buffer.clear()
    }
    if buffer.readableBytes > 0 { try await writer.write(buffer) }
    // An upload that was cut looks like one that has ended.
    try await table.finish()
  }
}

extension MediaType {
  /// The format of rows; nil for what is no table.
  var rowFormat: CorpusFormat? {
    switch self {
    case .csv: .csv
    case .tsv: .tsv
    case .ndjson: .jsonl
    case .json, .text: nil
    }
  }
}

/// What is added to a row, as `senti score` adds it.
struct ScoredColumns: Sendable {
  /// The labels whose probabilities are added.
  let labels: [String]
  /// What stands before each name.
  let prefix: String

  /// The names of the added values, in order.
  var names: [String] {
    (["label", "probability", "score"] + labels + ["error"]).map { prefix + $0 }
  }

  /// The added values of a row; all but the error are missing where there is one.
  func values(_ scored: ScoredRow<TextRow>) -> [AddedValue] {
    if let error = error(scored) {
      return Array(repeating: .missing, count: names.count - 1) + [.text(error)]
    }
    let prediction = scored.prediction
    let values: [AddedValue] = [
      .text(prediction.label), .number(prediction.probability), .number(prediction.score),
    ]
    return values + (labels.isEmpty ? [] : prediction.probabilities.map { .number($0) })
      + [.missing]
  }

  /// Why a row could not be scored; nil where it was.
  private func error(_ scored: ScoredRow<TextRow>) -> String? {
    switch scored.row.content {
    case .problem(let error): "\(error.problem)"
    case .text(let text) where text.isEmpty || scored.prediction.tokenCount == 0:
      TextClassification.emptyText(Array(text.bytes)).detail
    case .text where !scored.isFinite: TextClassification.undefinedAnswer.detail
    case .text, .blank: nil
    }
  }
}
