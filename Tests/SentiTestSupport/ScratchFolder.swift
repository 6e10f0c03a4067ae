public import Foundation

/// A folder of a test's own, removed with this object.
public final class ScratchFolder: Sendable {
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

  /// The names of all files, sorted.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// The bytes of a file in the folder.
  public func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  /// Replaces a file's bytes by what a closure makes of them.
  public func change(_ name: String, _ edit: (Data) throws -> Data) throws {
    try edit(bytes(name)).write(to: URL(filePath: path(name)))
  }
}
