internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Keeps a connection within what HTTP/1 asks for and the server allows.
///
/// It answers `Expect: 100-continue`, ends the connection of a client of HTTP/1.0, gives up a body that
/// does not go on and a client that does not read, answers what breaks HTTP with a problem, notes clients
/// that hang up, and ends a connection in such a way that the last answer arrives.
///
/// It stands between the parser and the rest of the pipeline, and is used from its event loop only.
final class ConnectionGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// For how long a connection that ends is still read from, so that the client gets the last answer.
  private static let lingerTime = TimeAmount.seconds(2)

  private let limits: ServerOptions
  private let clients: ClosedClients
  /// The number of requests whose answers are not written yet.
  private var pendingCount = 0
  private var isReadingBody = false
  private var isHTTP10 = false
  private var endsAfterAnswer = false
  private var isEnding = false
  private var bodyTimeout: Scheduled<Void>?
  private var writeTimeout: Scheduled<Void>?

  init(_ limits: ServerOptions, _ clients: ClosedClients) {
    self.limits = limits
    self.clients = clients
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    cancelBodyTimeout()
    switch unwrapInboundIn(data) {
    case .head(var head):
      pendingCount += 1
      isReadingBody = true
      isHTTP10 = head.version != .http1_1
      if isHTTP10 && !head.isKeepAlive {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      }
      if pendingCount == 1 { agree(to: head, context) }
      context.fireChannelRead(wrapInboundOut(.head(head)))
    case .body:
      context.fireChannelRead(data)
    case .end:
      isReadingBody = false
      context.fireChannelRead(data)
    }
  }

  /// Waits for more of a body; while nobody asks for it, its time does not run.
  func read(context: ChannelHandlerContext) {
    context.read()
    guard isReadingBody, bodyTimeout == nil else { return }
    bodyTimeout = schedule(in: TimeAmount(limits.requestTimeout), context) { guardian, context in
      guard guardian.isReadingBody else { return }
      guardian.isReadingBody = false
      context.fireErrorCaught(RequestTimeout())
    }
  }

  private func cancelBodyTimeout() {
    bodyTimeout?.cancel()
    bodyTimeout = nil
  }

  /// Tells a client that waits with its body to send it, unless it will be refused.
  private func agree(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let expectations = head.headers[canonicalForm: "expect"]
    guard expectations.contains(where: { $0.lowercased() == "100-continue" }) else { return }
    let byteCount = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard byteCount <= limits.streamByteCount else { return }
    let head = HTTPResponseHead(version: .http1_1, status: .continue)
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      clients.insert(Client(context.channel))
      // Nothing more will come of a request that was cut.
      cancelBodyTimeout()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    clients.remove(Client(context.channel))
    cancelBodyTimeout()
    writeTimeout?.cancel()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isEnding else { return }
    guard let error = error as? HTTPParserError, pendingCount == 0 else {
      return context.fireErrorCaught(error)
    }
    let isTooLong = error == .headerOverflow
    write(
      isTooLong
        ? Problem(
          .headersTooLarge, "expected a header of at most \(HTTPLimits.headerByteCount) bytes")
        : Problem(.malformedRequest, "expected a request by HTTP/1.1, found \(error)"), context)
  }

  /// Answers what is no request, and ends the connection.
  private func write(_ problem: Problem, _ context: ChannelHandlerContext) {
    let body = ByteBuffer(bytes: problem.json.bytes)
    var headers = HTTPHeaders([("content-length", String(body.readableBytes))])
    for field in problem.headerFields { headers.add(name: field.name.rawName, value: field.value) }
    let status = HTTPResponseStatus(statusCode: problem.status.code)
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    end(context)
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      endsAfterAnswer = !head.isKeepAlive && !head.status.isInformational
      // Without chunks, which a client of HTTP/1.0 does not know.
      if isHTTP10 { head.version = .http1_0 }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      pendingCount -= 1
      context.writeAndFlush(data, promise: promise)
      if endsAfterAnswer { end(context) }
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    writeTimeout?.cancel()
    writeTimeout = nil
    if !context.channel.isWritable {
      writeTimeout = schedule(in: TimeAmount(limits.idleTimeout), context) { _, context in
        context.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Ending

  /// Ends the connection: no more is written, and what still comes is thrown away for a while.
  ///
  /// A connection that is closed with unread bytes is reset, and the client may lose the answer.
  private func end(_ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    isEnding = true
    cancelBodyTimeout()
    context.close(mode: .output, promise: nil)
    _ = schedule(in: Self.lingerTime, context) { _, context in context.close(promise: nil) }
  }

  private func schedule(
    in time: TimeAmount, _ context: ChannelHandlerContext,
    _ action: @escaping (ConnectionGuard, ChannelHandlerContext) -> Void
  ) -> Scheduled<Void> {
    let values = NIOLoopBound((self, context, action), eventLoop: context.eventLoop)
    return context.eventLoop.scheduleTask(in: time) {
      let (guardian, context, action) = values.value
      action(guardian, context)
    }
  }
}

/// What a server allows of a request's header.
enum HTTPLimits {
  static let headerByteCount = 16 << 10
}

extension HTTPResponseHead {
  /// Whether the connection goes on behind the answer.
  fileprivate var isKeepAlive: Bool {
    !headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
  }
}

extension HTTPResponseStatus {
  fileprivate var isInformational: Bool { (100..<200).contains(code) }
}
