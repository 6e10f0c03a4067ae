internal import Dispatch
internal import Hummingbird
internal import NIOCore
internal import Senti

/// The rows of a request's body, whole in memory or while they come.
struct RequestTable: Sendable {
  /// How a body is read as a table.
  struct Format: Sendable {
    let format: CorpusFormat
    let textField: String
    let rowByteCount: Int
  }

  /// The rows, which end with an error where they cannot be read on.
  struct Rows: AsyncSequence, Sendable {
    fileprivate let rows: AsyncTextRows

    func makeAsyncIterator() -> Iterator { Iterator(rows: rows.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
      fileprivate var rows: AsyncTextRows.Iterator

      mutating func next(
        isolation actor: isolated (any Actor)? = #isolation
      ) async throws -> TextRow? {
        try await rows.next(isolation: actor)?.get()
      }
    }
  }

  /// The names of the fields.
  let layout: RowLayout
  /// The rows, which can be read once.
  let rows: Rows
  private let upload: BodyUpload?

  /// What messages call the body.
  private static let name = "body"
  private static let queue = DispatchQueue(label: "senti.server.tables", attributes: .concurrent)

  /// Reads a table that is there.
  ///
  /// - Throws: A ``Problem``, where the body is no table or lacks the field.
  init(bytes: [UInt8], _ format: Format) async throws {
    try BodyUpload.requirePlain(bytes)
    (rows, layout) = try await Self.open(format) {
      ByteSource(text: bytes, name: Self.name, encoding: .utf8)
    }
    upload = nil
  }

  /// Reads a table while it comes.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - byteCount: The size of the largest body.
  ///   - format: How it is read.
  /// - Throws: A ``Problem``, where its beginning is no table or lacks the field.
  init(body: RequestBody, upTo byteCount: Int, _ format: Format) async throws {
    let upload = try BodyUpload(body, upTo: byteCount)
    do {
      (rows, layout) = try await Self.open(format) {
        ByteSource(descriptor: upload.descriptor, name: Self.name, encoding: .utf8)
      }
      try upload.requireNoFailure()
    } catch {
      // What went wrong with the body comes before what its beginning looks like.
      try await upload.cancel()
      throw error
    }
    self.upload = upload
  }

  /// Waits for the end of the body.
  ///
  /// - Throws: A ``Problem``, where the body was cut, too large or too slow.
  func finish() async throws {
    try await upload?.finish()
  }

  /// Reads the header, for which it may have to wait.
  private static func open(
    _ format: Format, _ source: @escaping @Sendable () -> sending ByteSource
  ) async throws -> (Rows, RowLayout) {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Result { try rows(source(), format) })
      }
    }
  }

  private static func rows(
    _ source: sending ByteSource, _ format: Format
  ) throws -> (Rows, RowLayout) {
    do {
      let reader = try RowReader(
        source, format: format.format, textField: format.textField,
        limits: RowLimits(
          maximumByteCount: format.rowByteCount, maximumQuotedByteCount: format.rowByteCount))
      let rows = try TextRows(reader, textField: format.textField)
      let layout = rows.layout
      return (Rows(rows: AsyncTextRows(rows)), layout)
    } catch {
      throw Problem(.invalidRequest, "\(error)")
    }
  }
}
