import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import Senti
import Synchronization
import Testing

@testable import SentiServer

@Suite("JSON log")
struct JSONLogHandlerTests {
  /// Lines that were logged.
  private final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func append(_ line: [UInt8]) { bytes.withLock { $0 += line } }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
  }

  @Test func writesAnObjectALine() throws {
    let lines = Lines()
    var logger = Logger(label: "test") { _ in JSONLogHandler(level: .info, write: lines.append) }
    logger[metadataKey: "id"] = "7"
    logger.info("two\nlines", metadata: ["count": .stringConvertible(3), "time": "x"])
    logger.debug("not this")
    let line = try #require(lines.text.split(separator: "\n").first)
    #expect(lines.text.split(separator: "\n").count == 1)
    let time = #/^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",/#
    #expect(line.contains(time))
    #expect(line.hasSuffix(#""level":"info","message":"two\u000alines","count":3,"id":"7"}"#))
  }

  @Test func noTextOfAClientIsLogged() async throws {
    let lines = Lines()
    let logger = Logger(label: "test") { _ in JSONLogHandler(level: .trace, write: lines.append) }
    var options = ServerOptions()
    options.workerCount = 1
    let server = try SentiServer(
      .memory(try TestServer.modelBytes(), name: "test"), options, logger: logger)
    try await server.ask(.post, "/v1/classify", #"{"text":"my secret"}"#)
    try await server.ask(.post, "/v1/classify", #"{"secret":1}"#)
    try await server.ask(.post, "/v1/classify?secret=1", "text\nsecret\n", type: "text/csv")
    try await server.ask(.get, "/secret")
    #expect(lines.text.contains(#""route":"/v1/classify""#))
    #expect(!lines.text.contains("secret"))
  }
}
