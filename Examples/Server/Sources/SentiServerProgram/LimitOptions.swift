import ArgumentParser
import Glibc
import SentiServer

/// What a server allows.
struct LimitOptions: ParsableArguments {
  private static let standard = ServerOptions()

  @Option(help: ArgumentHelp("Threads that compute (default: one a core).", valueName: "count"))
  var workers: Int?

  @Option(help: ArgumentHelp("The most tokens that a worker takes at once.", valueName: "count"))
  var batchTokens = standard.batchTokenCount

  @Option(
    help: ArgumentHelp("The most tokens that wait; others get status 429.", valueName: "count"))
  var queueTokens = standard.queueTokenCount

  @Option(help: ArgumentHelp("The largest body of JSON or plain text.", valueName: "bytes"))
  var maxBodyBytes = standard.bodyByteCount

  @Option(help: ArgumentHelp("The most texts in one request.", valueName: "count"))
  var maxTexts = standard.textCount

  @Option(help: ArgumentHelp("The largest body of rows.", valueName: "bytes"))
  var maxStreamBytes = standard.streamByteCount

  @Option(help: ArgumentHelp("The largest row.", valueName: "bytes"))
  var maxRowBytes = standard.rowByteCount

  @Option(
    help: ArgumentHelp(
      "Requests of rows at a time; as many again wait.", valueName: "count"))
  var maxStreams = standard.streamCount

  @Option(
    help: ArgumentHelp("The longest time between two parts of a body.", valueName: "seconds"))
  var requestTimeout = 10

  @Option(
    help: ArgumentHelp(
      "The longest time without a request, or of not reading an answer.", valueName: "seconds"))
  var idleTimeout = 60

  @Option(help: ArgumentHelp("The most connections at a time.", valueName: "count"))
  var maxConnections = standard.connectionCount

  func validate() throws {
    let values = [
      ("--workers", workers ?? 1), ("--batch-tokens", batchTokens), ("--queue-tokens", queueTokens),
      ("--max-body-bytes", maxBodyBytes), ("--max-texts", maxTexts),
      ("--max-stream-bytes", maxStreamBytes), ("--max-row-bytes", maxRowBytes),
      ("--max-streams", maxStreams), ("--request-timeout", requestTimeout),
      ("--idle-timeout", idleTimeout), ("--max-connections", maxConnections),
    ]
    for (name, value) in values where value < 1 {
      throw ValidationError("Expected \(name) of 1 or more, found \(value).")
    }
  }

  /// The options as the server takes them.
  var options: ServerOptions {
    var options = ServerOptions()
    options.workerCount = workers ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    (options.batchTokenCount, options.queueTokenCount) = (batchTokens, queueTokens)
    (options.bodyByteCount, options.textCount) = (maxBodyBytes, maxTexts)
    (options.streamByteCount, options.rowByteCount) = (maxStreamBytes, maxRowBytes)
    options.streamCount = maxStreams
    options.requestTimeout = .seconds(requestTimeout)
    options.idleTimeout = .seconds(idleTimeout)
    options.connectionCount = maxConnections
    return options
  }
}
