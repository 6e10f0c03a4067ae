import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Async text rows")
struct AsyncTextRowsTests {
  private func rows(_ text: String) throws -> AsyncTextRows {
    let reader = try RowReader(ByteSource(bytes: Array(text.utf8), name: "file"), format: .lines)
    return AsyncTextRows(try TextRows(reader))
  }

  @Test func giveTheRowsInOrder() async throws {
    let text = (0..<1_000).map { "line \($0)\n" }.joined()
    var lines: [Int] = []
    for await row in try rows(text) { lines.append(try row.get().row.line) }
    #expect(lines == Array(1...1_000))
  }

  @Test func giveARowThatIsWholeBeforeTheNextHasCome() async throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("one\ntw".utf8))
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let reader = try RowReader(
      ByteSource(descriptor: descriptor, name: "pipe"), format: .lines)
    var rows = AsyncTextRows(try TextRows(reader)).makeAsyncIterator()
    #expect(try await rows.next()?.get().row.bytes == Array("one\n".utf8))
    try pipe.fileHandleForWriting.write(contentsOf: Data("o\n".utf8))
    try pipe.fileHandleForWriting.close()
    #expect(try await rows.next()?.get().row.bytes == Array("two\n".utf8))
    #expect(await rows.next() == nil)
  }

  @Test func endWhenTheTaskIsCancelled() async throws {
    let rows = try rows("a\nb\n")
    let task = Task {
      try? await Task.sleep(for: .seconds(60))
      var iterator = rows.makeAsyncIterator()
      return await iterator.next() == nil
    }
    task.cancel()
    #expect(await task.value)
  }

  /// The reader waits for a row that is not there yet, while the task that writes it goes on.
  ///
  /// The first row is there before the reader is opened: to open it takes a read, which holds a thread.
  @Test func letTheReaderWaitForAPipe() async throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("one\n".utf8))
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let reader = try RowReader(
      ByteSource(descriptor: descriptor, name: "pipe"), format: .lines)
    let rows = AsyncTextRows(try TextRows(reader))
    let count = Task {
      var count = 0
      for await _ in rows { count += 1 }
      return count
    }
    await Task.yield()
    try pipe.fileHandleForWriting.write(contentsOf: Data("two\n".utf8))
    try pipe.fileHandleForWriting.close()
    #expect(await count.value == 2)
  }
}
