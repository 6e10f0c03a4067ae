/// Pointers that all threads of a pass use: each works on its own part of what is written, while the
/// arrays that the pointers belong to wait for all of them.
struct Shared<Pointers>: @unchecked Sendable {
  let pointers: Pointers

  init(_ pointers: Pointers) { self.pointers = pointers }
}

extension Kernels {
  /// Cuts rows or columns into pieces and works on them by several threads; in one piece by one.
  ///
  /// - Parameters:
  ///   - count: The number of rows or columns.
  ///   - size: How many a piece has, but for the last; nil: as many as make one piece a thread.
  ///   - threadCount: The number of threads.
  ///   - body: Works on a piece; may be called by several threads at once.
  static func inPieces(
    _ count: Int, of size: Int?, threadCount: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard threadCount > 1 else { return body(0..<count) }
    let size = size ?? max(1, (count + threadCount - 1) / threadCount)
    concurrently((count + size - 1) / size, threadCount: threadCount) { piece in
      body(piece * size..<min(count, (piece + 1) * size))
    }
  }

  /// The rows of a piece: enough to make waking a thread worth it.
  static var rowsOfPiece: Int { 128 }
}
