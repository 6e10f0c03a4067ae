internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// A connection of HTTP/1 with a ``ConnectionGuard``.
struct GuardedChannel: ServerChildChannel {
  private let base: HTTP1Channel
  private let limits: ServerOptions
  private let clients: ClosedClients

  init(
    _ limits: ServerOptions, _ clients: ClosedClients,
    responder: @escaping HTTPChannelHandler.Responder
  ) {
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: HTTPLimits.headerByteCount, maxHeaderListSize: HTTPLimits.headerByteCount,
      maxHeaderFieldCount: 100)
    base = HTTP1Channel(
      responder: responder,
      configuration: .init(
        idleTimeout: TimeAmount(limits.idleTimeout), httpDecoderConfiguration: decoder))
    self.limits = limits
    self.clients = clients
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { [limits, clients] value in
      let pipeline = channel.pipeline.syncOperations
      let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      try pipeline.addHandler(ConnectionGuard(limits, clients), position: .before(codec))
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

extension HTTPServerBuilder {
  /// A server of HTTP/1 whose connections keep to limits.
  static func guarded(_ limits: ServerOptions, _ clients: ClosedClients) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in GuardedChannel(limits, clients, responder: responder) }
  }
}
