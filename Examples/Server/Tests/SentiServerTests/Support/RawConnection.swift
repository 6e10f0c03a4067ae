import NIOCore
import NIOPosix
import Synchronization

/// A connection on which a test sends any bytes.
struct RawConnection: Sendable {
  /// What the server sends, which may be read in several steps.
  let inbound: AsyncThrowingStream<String, any Error>
  let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

  /// Connects, does something, and hangs up.
  static func with<Value: Sendable>(
    port: Int, _ body: @escaping @Sendable (RawConnection) async throws -> Value
  ) async throws -> Value {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let values = Mutex<[Value]>([])
    do {
      try await use(channel) { connection in
        let value = try await body(connection)
        values.withLock { $0 = [value] }
      }
    } catch {
      // A connection that the server has ended cannot be ended once more.
      guard let value = values.withLock({ $0.first }) else { throw error }
      return value
    }
    guard let value = values.withLock({ $0.first }) else { throw ChannelError.eof }
    return value
  }

  private static func use(
    _ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
    _ body: @escaping @Sendable (RawConnection) async throws -> Void
  ) async throws {
    try await channel.executeThenClose { inbound, outbound in
      let (stream, continuation) = AsyncThrowingStream.makeStream(of: String.self)
      let reader = Task {
        do {
          for try await buffer in inbound { continuation.yield(String(buffer: buffer)) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      defer { reader.cancel() }
      try await body(RawConnection(inbound: stream, outbound: outbound))
    }
  }

  /// Sends text, lines ended as HTTP ends them, and reads until the server ends the connection.
  static func exchange(port: Int, _ pieces: String...) async throws -> String {
    try await with(port: port) { connection in
      for piece in pieces { try await connection.send(piece) }
      return try await connection.readToEnd()
    }
  }

  func send(_ text: String) async throws {
    try await outbound.write(ByteBuffer(string: text.replacing("\n", with: "\r\n")))
  }

  /// Reads until the server ends the connection.
  func readToEnd() async throws -> String {
    var text = ""
    for try await piece in inbound { text += piece }
    return text
  }

  /// Reads until there is a piece of text.
  func read(until end: String) async throws -> String {
    var text = ""
    for try await piece in inbound {
      text += piece
      if text.contains(end) { break }
    }
    return text
  }
}
