public import Foundation

/// A file of values that PyTorch computed; see `Tests/SentiRNNTests/ReferenceImplementations`.
public enum Fixture {
  /// A tensor: its sizes, outermost first, and its values row by row.
  public struct Tensor: Decodable, Sendable {
    /// The sizes, outermost first.
    public let shape: [Int]
    /// The values, row by row.
    public let values: [Double]
  }

  /// Reads a fixture.
  ///
  /// - Parameters:
  ///   - name: The file's name without `.json`.
  ///   - type: What to read it as.
  ///   - suite: The folder of tests that it belongs to.
  ///   - keys: How the names of its members are read.
  /// - Returns: The content.
  /// - Throws: What is wrong with the file.
  public static func read<Content: Decodable>(
    _ name: String, as type: Content.Type = Content.self, of suite: String = "SentiRNNTests",
    keys: JSONDecoder.KeyDecodingStrategy = .useDefaultKeys
  ) throws -> Content {
    let file = Repository.folder.appending(path: "Tests/\(suite)/Fixtures/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = keys
    return try decoder.decode(Content.self, from: Data(contentsOf: file))
  }
}
