internal import NIOCore
internal import Synchronization

/// Which clients have closed their side of their connection.
///
/// A text that waits is not worth classifying when its client has hung up. Connections are known by the
/// identity of their channels, and forgotten when they end.
final class ClosedClients: Sendable {
  private let closed = Mutex<Set<ObjectIdentifier>>([])

  /// How many connections have a client that sends no more.
  var count: Int { closed.withLock { $0.count } }

  /// Notes that a client sends no more.
  func insert(_ client: Client) {
    closed.withLock { _ = $0.insert(client.id) }
  }

  /// Forgets a connection.
  func remove(_ client: Client) {
    closed.withLock { _ = $0.remove(client.id) }
  }

  /// Whether a client has hung up.
  func contains(_ client: Client) -> Bool {
    closed.withLock { $0.contains(client.id) }
  }
}

/// A client, by its connection.
struct Client: Hashable, Sendable {
  fileprivate let id: ObjectIdentifier

  init(_ channel: any Channel) {
    id = ObjectIdentifier(channel)
  }
}
