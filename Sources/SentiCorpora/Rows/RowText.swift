/// The text of a row in UTF-8, whole or piece by piece.
///
/// A long text stays as it stands in the row and is freed of quotes and escapes only as its pieces are
/// asked for, so that it takes up no memory beside the row.
public struct RowText: Sendable {
  private let source: ArraySlice<UInt8>
  private let form: Field.Form

  /// A text this long is decoded piece by piece.
  private static let longByteCount = 64 << 10

  /// A text without a byte.
  public static let empty = RowText("")

  /// Takes a text.
  ///
  /// - Parameter text: The text.
  public init(_ text: String) {
    source = Array(text.utf8)[...]
    form = .plain
  }

  /// Takes plain text.
  init(_ bytes: ArraySlice<UInt8>) throws(CorpusError.Problem) {
    try self.init(bytes, form: .plain)
  }

  /// Takes a field's bytes, and checks that their value is UTF-8.
  init(_ bytes: ArraySlice<UInt8>, form: Field.Form) throws(CorpusError.Problem) {
    let isLong = bytes.count >= Self.longByteCount
    source = isLong ? bytes : try form.decode(bytes)
    self.form = isLong ? form : .plain
    var offset = 0
    var pieces = pieces(upTo: Self.longByteCount)
    while let piece = try pieces.decodeNext() {
      if let invalid = firstInvalidUTF8Offset(in: piece) {
        throw .invalidUTF8(byteOffset: offset + invalid)
      }
      offset += piece.count
    }
  }

  /// Whether the text is empty.
  public var isEmpty: Bool { source.isEmpty }

  /// The number of bytes that the text takes up where it stands, quotes and escapes included.
  public var byteCount: Int { source.count }

  /// The whole text.
  ///
  /// - Complexity: O(1), or O(n) for a long text of n bytes that holds doubled quotes or escapes.
  public var bytes: ArraySlice<UInt8> {
    (try? form.decode(source)) ?? source
  }

  /// Gives the text in pieces, none of which ends within a character's scalar.
  ///
  /// - Parameter byteCount: The greatest size of a piece.
  /// - Returns: The pieces, which together are the text.
  /// - Precondition: `byteCount >= 16`, so that an escape fits.
  public func pieces(upTo byteCount: Int) -> Pieces {
    precondition(byteCount >= 16, "expected pieces of 16 bytes or more, found \(byteCount)")
    return Pieces(rest: source, form: form, byteCount: byteCount)
  }

  /// The pieces of a text.
  public struct Pieces: Sequence, IteratorProtocol, Sendable {
    fileprivate var rest: ArraySlice<UInt8>
    fileprivate let form: Field.Form
    fileprivate let byteCount: Int

    /// Gives the next piece, or `nil` at the end.
    public mutating func next() -> ArraySlice<UInt8>? {
      try? decodeNext()
    }

    /// Takes off a piece that can be decoded on its own.
    fileprivate mutating func decodeNext() throws(CorpusError.Problem) -> ArraySlice<UInt8>? {
      guard !rest.isEmpty else { return nil }
      let end = rest.count <= byteCount ? rest.endIndex : form.boundary(in: rest, upTo: byteCount)
      defer { rest = rest[end...] }
      return try form.decode(rest[..<end])
    }
  }
}

extension Field.Form {
  /// Gives the value that bytes of this form stand for.
  func decode(_ bytes: ArraySlice<UInt8>) throws(CorpusError.Problem) -> ArraySlice<UInt8> {
    switch self {
    case .doubledQuotes: withoutDoubledQuotes(bytes)
    default: try JSONString.decode(bytes, form: self)
    }
  }

  /// Finds the last place at which bytes can be parted, at most so far from their start.
  func boundary(in bytes: ArraySlice<UInt8>, upTo byteCount: Int) -> Int {
    let limit = bytes.startIndex + byteCount
    switch self {
    case .doubledQuotes: return scalarBoundary(in: bytes, before: quoteBoundary(in: bytes, limit))
    case .escapedString: return scalarBoundary(in: bytes, before: escapeBoundary(in: bytes, limit))
    default: return scalarBoundary(in: bytes, before: limit)
    }
  }

  /// Steps back from the middle of a scalar to its start.
  private func scalarBoundary(in bytes: ArraySlice<UInt8>, before limit: Int) -> Int {
    let start = bytes[..<limit].suffix(3).startIndex
    let boundary = (start...limit).last { bytes[$0] & 0xC0 != 0x80 }
    return boundary ?? limit
  }

  /// Steps back from the middle of a pair of quotes.
  private func quoteBoundary(in bytes: ArraySlice<UInt8>, _ limit: Int) -> Int {
    let quoteCount = bytes[..<limit].reversed().prefix { $0 == quote }.count
    return quoteCount.isMultiple(of: 2) ? limit : limit - 1
  }

  /// Steps back from the middle of an escape, or of the two that stand for one scalar.
  private func escapeBoundary(in bytes: ArraySlice<UInt8>, _ limit: Int) -> Int {
    var position = bytes.startIndex
    while let escape = bytes[position..<limit].firstIndex(of: UInt8(ascii: "\\")) {
      position = escape + JSONString.lengthOfEscape(bytes[escape...])
      if position > limit { return escape }
      if position == limit { return limit }
    }
    return limit
  }
}

/// Writes each pair of quotes as one.
private func withoutDoubledQuotes(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  guard var next = raw.firstIndex(of: quote) else { return raw }
  var value: [UInt8] = []
  value.reserveCapacity(raw.count)
  var rest = raw
  while true {
    value.append(contentsOf: rest[...next])
    rest = rest[(next + 1)...].dropFirst()
    guard let another = rest.firstIndex(of: quote) else { break }
    next = another
  }
  value.append(contentsOf: rest)
  return value[...]
}
