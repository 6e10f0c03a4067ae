/// Bytes that are put together from many short parts and a few very long ones.
///
/// Short parts are copied into one piece; a long one becomes a piece of its own and is not copied.
struct OutputPieces {
  private var finished: [ArraySlice<UInt8>] = []
  private var current: [UInt8] = []

  /// A part this long is not copied, and a piece this long is finished.
  private static let longByteCount = 64 << 10

  /// The pieces, in order.
  var pieces: [ArraySlice<UInt8>] { current.isEmpty ? finished : finished + [current[...]] }

  /// All bytes in one array.
  var bytes: [UInt8] { Array(pieces.joined()) }

  /// Whether nothing has been added.
  var isEmpty: Bool { finished.isEmpty && current.isEmpty }

  /// Adds one byte.
  mutating func append(_ byte: UInt8) {
    current.append(byte)
  }

  /// Adds one ASCII character.
  mutating func append(ascii character: Unicode.Scalar) {
    current.append(UInt8(ascii: character))
  }

  /// Adds a text.
  mutating func append(_ text: String) {
    current.append(contentsOf: text.utf8)
  }

  /// Adds bytes.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    if bytes.count >= Self.longByteCount {
      finishCurrent()
      finished.append(bytes)
    } else {
      current.append(contentsOf: bytes)
      // Storage that goes on growing would be copied, and for a moment be there twice.
      if current.count >= Self.longByteCount { finishCurrent() }
    }
  }

  private mutating func finishCurrent() {
    if !current.isEmpty { finished.append(current[...]) }
    current = []
  }
}
