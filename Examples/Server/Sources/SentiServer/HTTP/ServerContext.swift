internal import Hummingbird

/// What is known of a request beside the request.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Who asks.
  let client: Client

  init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
    client = Client(source.channel)
  }
}
