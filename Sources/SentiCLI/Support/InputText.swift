import SentiCorpora

/// A text with the input that it was read from.
struct InputText {
  /// The input.
  let source: InputSource
  /// The text, in UTF-8.
  let bytes: [UInt8]

  /// Reads an input of some encoding.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read or is not UTF-8.
  init(_ source: InputSource, _ encoding: TextEncoding = .auto) throws(InputFailure) {
    self.source = source
    bytes = try source.read(encoding)
  }

  /// Reads an input, or says what is wrong with it.
  static func read(
    _ source: InputSource, _ encoding: TextEncoding = .auto
  ) -> Result<InputText, InputFailure> {
    Result { () throws(InputFailure) in try InputText(source, encoding) }
  }
}
