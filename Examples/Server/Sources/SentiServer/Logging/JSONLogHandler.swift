internal import FoundationEssentials
public import Logging

/// Writes a log as JSON, one object a line.
///
/// What is logged is metadata that the server chooses; no text of a client is among it.
public struct JSONLogHandler: LogHandler {
  /// What is logged; what matters less is left out.
  public var logLevel: Logger.Level
  /// What is told with every event.
  public var metadata: Logger.Metadata = [:]
  /// What adds metadata that depends on the task.
  public var metadataProvider: Logger.MetadataProvider?
  private let write: @Sendable ([UInt8]) -> Void

  /// Makes a handler.
  ///
  /// - Parameters:
  ///   - level: What is logged.
  ///   - write: Writes a line, which ends with a line feed, in one go.
  public init(level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
    logLevel = level
    self.write = write
  }

  /// A value that is told with every event.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes an event.
  public func log(event: LogEvent) {
    var members: [(name: String, value: JSONText)] = [
      ("time", .string(Date.now.ISO8601Format(.iso8601(includingFractionalSeconds: true)))),
      ("level", .string(event.level.rawValue)), ("message", .string("\(event.message)")),
    ]
    let known = Set(members.map(\.name))
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (name, value) in all.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
      members.append((name, JSONText(value)))
    }
    var line = JSONText.object(members).bytes
    line.append(UInt8(ascii: "\n"))
    write(line)
  }
}

extension Date.ISO8601FormatStyle {
  fileprivate static func iso8601(includingFractionalSeconds: Bool) -> Self {
    Date.ISO8601FormatStyle(includingFractionalSeconds: includingFractionalSeconds)
  }
}

extension JSONText {
  /// A value of a log's metadata.
  fileprivate init(_ value: Logger.Metadata.Value) {
    switch value {
    case .string(let text): self = .string(text)
    case .stringConvertible(let number as Int): self = .integer(number)
    case .stringConvertible(let number as Double): self = .number(number)
    case .stringConvertible(let value): self = .string("\(value)")
    case .array(let values): self = .array(values.map { JSONText($0) })
    case .dictionary(let values):
      self = .object(values.sorted { $0.key < $1.key }.map { ($0.key, JSONText($0.value)) })
    }
  }
}
