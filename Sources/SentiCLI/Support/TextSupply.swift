import SentiCorpora

/// The texts of several files and folders in UTF-8, one after the other; what cannot be read is
/// reported and passed over.
final class TextSupply: Sequence, IteratorProtocol {
  /// What became of the texts.
  private(set) var tally = InputTally()
  /// How many texts were given.
  private(set) var count = 0
  private var paths: ArraySlice<String>
  private let textField: String
  private let encoding: TextEncoding
  private var stream: TextStream?

  /// Opens the first path when the first text is asked for.
  ///
  /// - Parameters:
  ///   - paths: The files and folders; `-` is standard input.
  ///   - textField: The field that holds the text of a row.
  ///   - encoding: How all of them are encoded.
  init(_ paths: [String], textField: String, encoding: TextEncoding) {
    self.paths = paths[...]
    self.textField = textField
    self.encoding = encoding
  }

  /// Gives the next text; nil at the end.
  func next() -> [UInt8]? {
    while true {
      switch stream?.next() {
      case .success(let text):
        tally.succeed()
        count += 1
        return Array(text.utf8)
      case .failure(let error): tally.fail(Failure(error))
      case nil:
        guard let path = paths.popFirst() else { return nil }
        open(path)
      }
    }
  }

  private func open(_ path: String) {
    do { stream = try TextStream(path, textField: textField, encoding: encoding) } catch {
      stream = nil
      tally.fail(Failure(error))
    }
  }
}
