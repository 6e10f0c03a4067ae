/// A text in well-formed UTF-8 that knows which bytes of the original it came from.
public struct AlignedText: Hashable, Sendable {
  /// The text, in well-formed UTF-8.
  public internal(set) var utf8: [UInt8]
  /// Where its bytes came from.
  public internal(set) var alignment: Alignment
  /// How many ill-formed parts of the original were replaced by U+FFFD.
  public internal(set) var replacementCount: Int

  /// Takes bytes as they are, and replaces ill-formed parts by U+FFFD, one for each maximal subpart.
  ///
  /// - Complexity: O(n).
  public init(repairing bytes: Span<UInt8>) {
    alignment = Alignment()
    replacementCount = 0
    utf8 = []
    guard !UTF8Decoding.isValid(bytes) else {
      utf8 = [UInt8](copying: bytes)
      return
    }
    var rewriter = TextRewriter(capacity: bytes.count)
    replacementCount = rewriter.repair(bytes)
    (utf8, alignment) = (rewriter.output, rewriter.alignment)
  }

  /// Takes the text of a string.
  public init(_ text: String) {
    utf8 = Array(text.utf8)
    alignment = Alignment()
    replacementCount = 0
  }

  /// The text as a string.
  public var string: String { String(decoding: utf8, as: UTF8.self) }

  /// The range of the original that a range of `utf8` came from.
  public func originalRange(of range: Range<Int>) -> Range<Int> {
    alignment.originalRange(of: range)
  }

  /// Puts a rewritten text in place of this one.
  mutating func apply(_ rewriter: consuming TextRewriter) {
    alignment = alignment.followed(by: rewriter.alignment)
    utf8 = rewriter.output
  }
}

/// Writes a text anew, front to back, and keeps the alignment.
struct TextRewriter {
  /// The text as far as it is written.
  private(set) var output: [UInt8] = []
  /// Where the written bytes came from.
  private(set) var alignment = Alignment()

  /// Reserves room for a text of some length.
  init(capacity: Int) {
    output.reserveCapacity(capacity)
  }

  /// Copies bytes that stay as they are.
  mutating func copy(_ source: Span<UInt8>, _ range: Range<Int>) {
    for index in range { output.append(source[index]) }
  }

  /// Writes one byte that stands for one byte.
  mutating func substitute(_ byte: UInt8) {
    output.append(byte)
  }

  /// Writes bytes that stand for a range of the source.
  ///
  /// A replacement that is as long as its source and one scalar for one scalar needs no edit:
  /// `isOneForOne` says so.
  mutating func replace(
    _ range: Range<Int>, with bytes: some Collection<UInt8>, isOneForOne: Bool = false
  ) {
    let start = output.count
    output.append(contentsOf: bytes)
    if isOneForOne && output.count - start == range.count { return }
    alignment.append(.init(original: range, rewritten: start..<output.count))
  }

  /// Copies the bytes, with U+FFFD for each ill-formed part, and returns how many there were.
  mutating func repair(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    var index = 0
    while index < bytes.count {
      let step = UTF8Decoding.step(bytes, at: index)
      let range = index..<(index + step.length)
      if step.scalar == nil {
        replace(range, with: UTF8Decoding.replacement)
        count += 1
      } else {
        copy(bytes, range)
      }
      index = range.upperBound
    }
    return count
  }
}

extension UTF8Decoding {
  /// U+FFFD.
  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// Whether bytes are well-formed UTF-8.
  static func isValid(_ bytes: Span<UInt8>) -> Bool {
    (try? UTF8Span(validating: bytes)) != nil
  }
}

extension [UInt8] {
  /// Copies the bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self.init(capacity: bytes.count) { output in
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }
}
