internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1

/// Reads bodies within the limits of a server.
struct BodyReader: Sendable {
  private let limits: ServerOptions

  init(_ limits: ServerOptions) {
    self.limits = limits
  }

  /// Reads a body whole.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - byteCount: The size of the largest body.
  /// - Returns: The body.
  /// - Throws: A ``Problem`` for a body that is too large, too slow or cut.
  func bytes(of request: Request, upTo byteCount: Int) async throws -> [UInt8] {
    let declared = try declaredByteCount(of: request, upTo: byteCount)
    let deadline = ContinuousClock.now + limits.bodyTimeout
    var bytes: [UInt8] = []
    do {
      for try await chunk in request.body {
        guard bytes.count + chunk.readableBytes <= byteCount else {
          throw Self.tooLarge(byteCount)
        }
        guard ContinuousClock.now < deadline else { throw RequestTimeout() }
        bytes.append(contentsOf: chunk.readableBytesView)
      }
    } catch {
      throw Self.problem(for: error)
    }
    if let declared, bytes.count < declared {
      throw Problem(
        .malformedRequest, "expected a body of \(declared) bytes, found \(bytes.count)")
    }
    return bytes
  }

  /// The size that a request says its body has.
  ///
  /// - Throws: A ``Problem`` for a body that is too large.
  func declaredByteCount(of request: Request, upTo byteCount: Int) throws(Problem) -> Int? {
    guard let field = request.headers[.contentLength] else { return nil }
    guard let declared = Int(field), declared <= byteCount else {
      throw Self.tooLarge(byteCount)
    }
    return declared
  }

  /// What a client is told of an error of reading its body.
  static func problem(for error: any Error) -> any Error {
    switch error {
    case is RequestTimeout:
      Problem(.requestTimeout, "expected the body to go on, found that nothing came in time")
    case let error as HTTPParserError:
      Problem(.malformedRequest, "expected a body by HTTP/1.1, found \(error)")
    default: error
    }
  }

  static func tooLarge(_ byteCount: Int) -> Problem {
    Problem(.bodyTooLarge, "expected a body of at most \(byteCount) bytes, found more")
  }
}

/// A body did not go on in time.
struct RequestTimeout: Error {}
