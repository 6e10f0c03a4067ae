import Foundation

/// A file in a folder of its own, which goes with this object.
final class TemporaryFile: Sendable {
  let path: String
  private let folder: String

  init(_ name: String) {
    folder = NSTemporaryDirectory() + "senti-server-" + UUID().uuidString
    path = folder + "/" + name
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  var bytes: [UInt8] {
    get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
