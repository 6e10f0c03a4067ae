internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Whether a server takes requests.
final class ServerState: Sendable {
  private let stopping = Atomic<Bool>(false)

  /// Whether the server stops: what is under way is answered, and nothing new is taken.
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// Begins to stop.
  func stop() { stopping.store(true, ordering: .releasing) }
}

/// What all requests have in common: who may ask, what errors look like, and what is counted and logged.
struct RequestMiddleware: RouterMiddleware {
  typealias Context = ServerContext

  let state: ServerState
  let token: BearerToken?
  let metrics: ServerMetrics

  /// The methods of each route.
  static let methods: [String: String] = [
    "/": "GET, HEAD", "/page.js": "GET, HEAD", "/page.css": "GET, HEAD",
    "/openapi.json": "GET, HEAD", "/metrics": "GET, HEAD", "/health/live": "GET, HEAD",
    "/health/ready": "GET, HEAD", "/v1/classify": "POST", "/v1/explain": "POST",
    "/v1/tokenize": "POST",
  ]

  func handle(
    _ request: Request, context: ServerContext,
    next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      try require(request)
      response = try await next(request, context)
    } catch {
      let problem = problem(for: error, request, context)
      response = problem.response(from: request, context: context)
    }
    response.headers[.xContentTypeOptions] = "nosniff"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    record(response, request, context, ContinuousClock.now - start)
    return response
  }

  /// Refuses who may not ask, and everything new while the server stops.
  private func require(_ request: Request) throws(Problem) {
    let path = request.uri.path
    guard path.hasPrefix("/v1/") || path == "/metrics" else { return }
    try token?.require(in: request)
    if path != "/metrics" && state.isStopping {
      throw Problem(.shuttingDown, "the server takes no more requests")
    }
  }

  /// What a client is told of an error.
  private func problem(
    for error: any Error, _ request: Request, _ context: ServerContext
  ) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as HTTPError where error.status == .notFound:
      guard let methods = Self.methods[request.uri.path] else {
        return Problem(.notFound, "expected a route that GET /openapi.json lists, found another")
      }
      return Problem(
        .methodNotAllowed, "expected \(methods), found \(request.method.rawValue.prefix(32))",
        headers: [.allow: methods])
    case is CancellationError: return Problem(.shuttingDown, "the request was dropped")
    default:
      context.logger.error(
        "request failed", metadata: ["route": .string(route(context)), "error": "\(error)"])
      return Problem(.internalError, "the log of the server has the reason")
    }
  }

  private func record(
    _ response: Response, _ request: Request, _ context: ServerContext, _ duration: Duration
  ) {
    let status = response.status.code
    metrics.recordRequest(route: route(context), status: status, duration: duration)
    context.logger.debug(
      "request",
      metadata: [
        "method": .string(request.method.rawValue), "route": .string(route(context)),
        "status": .stringConvertible(status),
        "seconds": .stringConvertible(duration / .seconds(1)),
      ])
  }

  /// The route that answered; never the path, which a client may fill with a text.
  private func route(_ context: ServerContext) -> String {
    context.endpointPath.flatMap { Self.methods[$0] == nil ? nil : $0 } ?? "other"
  }
}
