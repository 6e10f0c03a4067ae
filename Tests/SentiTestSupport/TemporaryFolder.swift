public import Foundation

/// A folder of a test's own, removed with this object.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Makes a folder.
  public init() throws {
    path = NSTemporaryDirectory() + "senti-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder, whether there is one or not.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// The path of a file in the folder, whether there is one or not.
  public subscript(name: String) -> String { path(name) }

  /// The names of all that lies in the folder, hidden entries too, sorted.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// The bytes of a file in the folder.
  public func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  /// Writes a file, with the folders that lead to it, and gives its path.
  @discardableResult
  public func write(_ content: String, to name: String) throws -> String {
    try write(Array(content.utf8), to: name)
  }

  /// Writes a file, with the folders that lead to it, and gives its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return path(name)
  }

  /// The sentence of what a closure throws, without the folder; empty where it throws nothing.
  public func complaint(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)".replacing("\(path)/", with: "") }
    return ""
  }

  /// Replaces a file's bytes by what a closure makes of them.
  public func change(_ name: String, _ edit: (Data) throws -> Data) throws {
    try edit(bytes(name)).write(to: URL(filePath: path(name)))
  }
}
