/// How a server listens, and what it allows.
public struct ServerOptions: Sendable {
  /// The address to listen on.
  public var host = "127.0.0.1"
  /// The port; 0 for any that is free.
  public var port = 8080
  /// What clients must send as a bearer token; nil: nothing.
  public var token: String?
  /// The number of threads that compute.
  public var workerCount = 1
  /// The most tokens that a worker takes at once; a text that has more is taken alone.
  public var batchTokenCount = 16_384
  /// The most tokens that wait; what comes beyond them is refused.
  public var queueTokenCount = 1 << 20
  /// The size of the largest body that is read whole: JSON or plain text.
  public var bodyByteCount = 1 << 20
  /// The size of the longest text that is explained, which takes some ten passes, and one a sentence.
  public var explainByteCount = 16 << 10
  /// The size of the longest text whose tokens are listed.
  public var tokenizeByteCount = 256 << 10
  /// The most texts in one request.
  public var textCount = 1_024
  /// The size of the largest body of rows.
  public var streamByteCount = 1 << 30
  /// Rows of at most this size, whose length is declared, are read whole before the answer begins.
  public var wholeStreamByteCount = 16 << 20
  /// The size of the largest row.
  public var rowByteCount = 1 << 20
  /// The most requests of rows that are answered at a time.
  public var streamCount = 4
  /// The longest time between two parts of a body.
  public var requestTimeout = Duration.seconds(10)
  /// The longest time that a connection may stay without a request, or not read its answer.
  public var idleTimeout = Duration.seconds(60)
  /// The most connections at a time.
  public var connectionCount = 2_048

  /// The defaults.
  public init() {}

  /// The longest time for a body that is read whole.
  var bodyTimeout: Duration { requestTimeout * 3 }

  /// Whether only programs of the same machine reach an address.
  ///
  /// - Parameter host: A name or an address.
  /// - Returns: Whether nothing beyond the machine reaches it.
  public static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host == "[::1]"
      || (host.hasPrefix("127.") && host.split(separator: ".").count == 4
        && host.split(separator: ".").allSatisfy { UInt8($0) != nil })
  }
}
