internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import Metrics
public import Senti
public import ServiceLifecycle
internal import UnixSignals

/// A server that classifies texts.
///
///     let server = try SentiServer(.bundled(.english), options, logger: logger)
///     try await server.run()
///
/// The layers, lowest first: batching, which knows nothing of HTTP; HTTP, which knows nothing of sentiment;
/// and routes, which bring them together.
public struct SentiServer: Sendable {
  let options: ServerOptions
  let logger: Logger
  let models: ModelStore
  let state = ServerState()
  let clients = ClosedClients()
  let registry = PrometheusRegistry()
  let metrics: ServerMetrics
  let queue: BatchQueue
  /// Lets so many texts be explained or tokenized at a time.
  private let explanations: WorkGate
  /// Lets so many tables be scored at a time.
  private let streams: WorkGate

  /// How many tables wait for others.
  var waitingTableCount: Int { streams.waitingCount }

  /// Loads the model.
  ///
  /// - Parameters:
  ///   - source: Where the model is.
  ///   - options: How the server listens, and what it allows.
  ///   - logger: What is told of starts, reloads and failures.
  /// - Throws: A `ModelError`, where the model cannot be read or is one of another task.
  public init(_ source: ModelSource, _ options: ServerOptions, logger: Logger) throws {
    self.options = options
    self.logger = logger
    models = try ModelStore(source)
    metrics = ServerMetrics(registry)
    queue = BatchQueue(options, metrics)
    explanations = WorkGate("explanations", running: options.workerCount, waiting: 64)
    streams = WorkGate(
      "requests of rows", running: options.streamCount, waiting: options.streamCount)
  }

  /// Serves until `SIGTERM` or `SIGINT`, and then until requests in flight are answered.
  ///
  /// - Throws: What kept the server from listening.
  public func run() async throws {
    let group = ServiceGroup(
      services: [service()], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
  }

  /// The server as a part of a program with other services.
  ///
  /// - Parameter onListening: Told the port when the server listens.
  /// - Returns: A service that ends by a graceful shutdown.
  public func service(
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) -> some Service {
    ServerService(application: application(onListening: onListening), state: state, logger: logger)
  }

  /// The application: all routes, and the services behind them.
  func application(
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    Application(
      router: router, server: .guarded(options, clients),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), backlog: 1_024,
        availableConnectionsDelegate: MaximumAvailableConnections(
          options.connectionCount, logger: logger)),
      services: [
        BatchWorkers(queue: queue, metrics: metrics, count: options.workerCount),
        ReloadService(models: models, metrics: metrics, logger: logger),
      ],
      onServerRunning: { [logger, models] channel in
        let port = channel.localAddress?.port ?? 0
        let model = models.current
        logger.info(
          "listening",
          metadata: [
            "host": .string(options.host), "port": .stringConvertible(port),
            "model": .string(model.name), "fingerprint": .string(model.fingerprint),
          ])
        await onListening(port)
      }, logger: logger)
  }

  private var router: Router<ServerContext> {
    let router = Router(context: ServerContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(
      middleware: RequestMiddleware(
        state: state, token: options.token.map(BearerToken.init), metrics: metrics))
    FileRoutes().add(to: router)
    HealthRoutes(
      state: state, models: models, queue: queue, metrics: metrics, registry: registry
    ).add(to: router)
    ClassifyRoute(
      limits: options,
      classification: TextClassification(models: models, queue: queue, clients: clients),
      rows: RowsRoute(limits: options, models: models, gate: streams)
    ).add(to: router)
    ExplainRoute(limits: options, models: models, gate: explanations).add(to: router)
    TokenizeRoute(limits: options, models: models, gate: explanations).add(to: router)
    return router
  }
}

/// An application that refuses new requests from the moment that it begins to stop.
private struct ServerService<App: ApplicationProtocol>: Service {
  let application: App
  let state: ServerState
  let logger: Logger

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await application.run()
    } onGracefulShutdown: {
      state.stop()
      logger.info("stopping")
    }
  }
}

/// Loads the model anew at each `SIGHUP`.
struct ReloadService: Service {
  let models: ModelStore
  let metrics: ServerMetrics
  let logger: Logger

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() { reload() }
  }

  /// Loads the model; where it cannot be read the old one stays.
  func reload() {
    do {
      let model = try models.reload()
      logger.info(
        "model reloaded",
        metadata: ["model": .string(model.name), "fingerprint": .string(model.fingerprint)])
      metrics.recordReload(isDone: true)
    } catch {
      logger.error("model not reloaded; the old one stays", metadata: ["error": "\(error)"])
      metrics.recordReload(isDone: false)
    }
  }
}
