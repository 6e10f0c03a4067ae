import ArgumentParser
import Glibc
import Logging
import Senti
import SentiServer

/// The program: reads options, serves, and turns what went wrong into a message and a status.
@main
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "senti-server",
    abstract: "Classify texts over HTTP.",
    discussion: """
      Listens on 127.0.0.1 unless --host says otherwise, and then wants --token-file, which holds what \
      clients must send as Authorization: Bearer. / is a page, /openapi.json the interface.

      SIGTERM and SIGINT end it when requests in flight are answered; SIGHUP reads the model file anew. \
      The log is JSON on standard error, without any text of a client.

      Exit status: 0 stopped; 64 wrong usage; 65 bad model; 66 no such file; 74 the address cannot be \
      listened on.

      Examples:
        senti-server --port 8080
        senti-server --model mine.safetensors --host 0.0.0.0 --token-file token
      """,
    version: "senti-server of senti \(SentiVersion.current)")

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(name: .shortAndLong, help: "The port; 0 for any that is free.")
  var port = 8080

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A model file, or small: the fast one of the two English models inside the program (default: the "
        + "accurate one).", valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A file with what clients must send as a bearer token, of 16 bytes or more.",
      valueName: "file"))
  var tokenFile: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions

  @Option(
    help: ArgumentHelp(
      "What is logged: debug logs every request, by route and status.", valueName: "level"))
  var logLevel = LogLevel.info

  /// What is logged.
  enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info, warning, error
  }

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("Expected a --port from 0 to 65535, found \(port).")
    }
    guard ServerOptions.isLoopback(host) || tokenFile != nil else {
      throw ValidationError("Expected --token-file with the address \(host), which others reach.")
    }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let level = Logger.Level(rawValue: logLevel.rawValue) ?? .info
    LoggingSystem.bootstrap { _ in JSONLogHandler(level: level, write: Self.writeToStandardError) }
    var options = limits.options
    (options.host, options.port) = (host, port)
    options.token = try tokenFile.map(Self.token)
    let logger = Logger(label: "senti-server")
    let server: SentiServer
    do { server = try SentiServer(source, options, logger: logger) } catch {
      Self.end("\(error)", model.map { access($0, F_OK) == 0 } ?? true ? 65 : 66)
    }
    do { try await server.run() } catch {
      Self.end("\(options.host):\(options.port): cannot be listened on: \(error)", 74)
    }
  }

  /// Where the model is; a file that is called small comes before the model of that name.
  private var source: ModelSource {
    guard let model else { return .bundled(.english) }
    return model == "small" && access(model, F_OK) != 0 ? .bundled(.englishSmall) : .file(model)
  }

  /// Reads a token, without the white space at its ends.
  private static func token(_ path: String) throws -> String {
    guard let text = try? String(decoding: TextFile.read(path), as: UTF8.self) else {
      end("\(path): cannot be read", 66)
    }
    let token = text.split(whereSeparator: \.isWhitespace)
    guard token.count == 1, token[0].utf8.count >= 16 else {
      end("\(path): expected one word of 16 bytes or more", 65)
    }
    return String(token[0])
  }

  private static func writeToStandardError(_ line: [UInt8]) {
    _ = Glibc.write(STDERR_FILENO, line, line.count)
  }

  private static func end(_ message: String, _ status: Int32) -> Never {
    writeToStandardError(Array("senti-server: \(message)\n".utf8))
    Glibc.exit(status)
  }
}
