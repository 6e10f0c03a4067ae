/// A text with the input that it was read from.
struct InputText {
  /// The input.
  let source: InputSource
  /// The text, in UTF-8.
  let bytes: [UInt8]

  /// Reads an input.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read or is not UTF-8.
  init(_ source: InputSource) throws(InputFailure) {
    self.source = source
    bytes = try source.read()
  }

  /// Reads an input, or says what is wrong with it.
  static func read(_ source: InputSource) -> Result<InputText, InputFailure> {
    Result { () throws(InputFailure) in try InputText(source) }
  }
}
