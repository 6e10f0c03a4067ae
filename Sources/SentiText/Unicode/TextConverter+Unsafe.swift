internal import CSentiICU

/// Turns text of another encoding into UTF-8, piece by piece, by ICU's converters.
///
/// Bytes that stand for no character become 0xFF, which is never part of UTF-8: whoever checks the
/// text finds the place, and the characters around it stay. A converter belongs to one thread at a
/// time.
@safe package final class TextConverter {
  private let handle: OpaquePointer

  /// Opens a converter.
  ///
  /// - Parameter encoding: A name that ICU knows, such as `UTF-16LE`.
  /// - Throws: An ``ICUError`` for a name that it does not know.
  package init(from encoding: String) throws(ICUError) {
    var status: Int32 = 0
    let opened = unsafe CSentiICU_Converter_open(encoding, &status)
    try ICUError.check(status, "open a converter from \(encoding)")
    guard let opened = unsafe opened else {
      throw .failure(operation: "open a converter from \(encoding)", status: "no memory")
    }
    unsafe handle = opened
  }

  deinit {
    unsafe CSentiICU_Converter_close(handle)
  }

  /// Appends the next piece of the text in UTF-8.
  ///
  /// A character that is not whole at the end of the piece is kept for the next one.
  ///
  /// - Parameters:
  ///   - source: The piece.
  ///   - isLast: Whether none follows.
  ///   - output: Where the UTF-8 goes.
  /// - Throws: An ``ICUError`` when ICU fails for another reason than the text.
  package func convert(
    _ source: [UInt8], isLast: Bool, into output: inout [UInt8]
  ) throws(ICUError) {
    var stretch = CSentiICU_Stretch(
      from: 0, end: Int64(source.count), isLast: isLast, isFull: true)
    var room = [UInt8](repeating: 0, count: Self.capacity)
    while stretch.isFull {
      var status: Int32 = 0
      let count = unsafe CSentiICU_Converter_convert(
        handle, source, &stretch, &room, Int64(room.count), &status)
      try ICUError.check(status, "convert a text")
      output.append(contentsOf: room[..<Int(count)])
    }
  }

  private static let capacity = 64 << 10
}
