internal import Dispatch
internal import Glibc
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// A body on its way to a reader that takes bytes from a descriptor and may wait for them.
///
/// The way is a pair of sockets, so a slow reader holds the client back.
final class BodyUpload: Sendable {
  /// Where the reader takes the bytes.
  let descriptor: Int32
  private let pump: Task<Void, any Error>
  private let failure: Failure

  /// What went wrong with the body; it is known before the reader sees the end.
  private final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }

  /// Begins to pass a body on.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - byteCount: The size of the largest body.
  /// - Throws: A ``Problem``, where the system has no more sockets.
  init(_ body: RequestBody, upTo byteCount: Int) throws {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw Problem(.overloaded, "the system has no more sockets")
    }
    descriptor = ends[0]
    let entrance = ends[1]
    let failure = Failure()
    self.failure = failure
    pump = Task {
      defer { close(entrance) }
      do {
        try await Self.pass(body, upTo: byteCount, to: entrance)
      } catch {
        let error = BodyReader.problem(for: error)
        failure.error.withLock { $0 = error }
        throw error
      }
    }
  }

  deinit {
    pump.cancel()
    close(descriptor)
  }

  /// Throws what went wrong with the body so far.
  func requireNoFailure() throws {
    if let error = failure.error.withLock({ $0 }) { throw error }
  }

  /// Waits until all of the body was passed on.
  ///
  /// - Throws: A ``Problem`` or another error, where not all of it was.
  func finish() async throws {
    try await pump.value
  }

  /// Gives the body up.
  ///
  /// - Throws: What went wrong with it before.
  func cancel() async throws {
    shutdown(descriptor, Int32(SHUT_RDWR))
    pump.cancel()
    if case .failure(let error as Problem) = await pump.result { throw error }
  }

  private static let queue = DispatchQueue(label: "senti.server.uploads", attributes: .concurrent)

  private static func pass(
    _ body: RequestBody, upTo byteCount: Int, to entrance: Int32
  ) async throws {
    var (total, head, isIdentified) = (0, [UInt8](), false)
    for try await chunk in body {
      total += chunk.readableBytes
      guard total <= byteCount else { throw BodyReader.tooLarge(byteCount) }
      var bytes = Array(chunk.readableBytesView)
      if !isIdentified {
        head += bytes
        guard head.count >= 4 else { continue }
        try requirePlain(head)
        (bytes, isIdentified) = (head, true)
      }
      guard try await write(bytes, to: entrance) else { return }
    }
    if !isIdentified { _ = try await write(head, to: entrance) }
  }

  /// Refuses what a reader would unpack by a program of the system.
  static func requirePlain(_ head: [UInt8]) throws(Problem) {
    guard head.starts(with: [0x1F, 0x8B]) || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) else {
      return
    }
    throw Problem(.unsupportedMediaType, "expected rows, found a packed file; unpack it")
  }

  /// Writes bytes, and waits for the reader where it is slow.
  ///
  /// - Returns: Whether the reader is still there.
  private static func write(_ bytes: [UInt8], to entrance: Int32) async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = Array(rest.prefix(256 << 10))
          let count = send(entrance, piece, piece.count, Int32(MSG_NOSIGNAL))
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return continuation.resume(returning: false) }
          rest = rest.dropFirst(count)
        }
        continuation.resume(returning: true)
      }
    }
  }
}
