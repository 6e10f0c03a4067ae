internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Senti

/// `/health/live`, `/health/ready` and `/metrics`, for whoever watches the server.
struct HealthRoutes: Sendable {
  let state: ServerState
  let models: ModelStore
  let queue: BatchQueue
  let metrics: ServerMetrics
  let registry: PrometheusRegistry

  func add(to router: Router<ServerContext>) {
    router.get("/health/live") { _, _ in
      Response(json: .object([("status", .string("live"))]))
    }
    router.get("/health/ready") { _, _ in
      if state.isStopping { throw Problem(.shuttingDown, "the server takes no more requests") }
      let model = models.current
      return Response(
        json: .object([
          ("status", .string("ready")), ("model", .string(model.name)),
          ("fingerprint", .string(model.fingerprint)),
          ("labels", .array(model.classifier.labels.map { .string($0) })),
        ]))
    }
    router.get("/metrics") { _, _ in
      metrics.record(queue.load)
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text)))
    }
  }
}

extension Response {
  /// An answer in JSON.
  init(json: JSONText) {
    self.init(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }
}
