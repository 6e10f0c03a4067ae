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
    self.init("")
    replaceAll(with: bytes)
  }

  /// Takes bytes in place of the text, as `init(repairing:)` does, in the memory that there is.
  mutating func replaceAll(with bytes: Span<UInt8>) {
    alignment.removeAll()
    replacementCount = 0
    utf8.replaceAll(with: bytes)
    guard !UTF8Decoding.isValid(bytes) else { return }
    var rewriter = TextRewriter(capacity: bytes.count)
    replacementCount = rewriter.repair(utf8)
    (utf8, alignment) = (rewriter.output, rewriter.alignment)
  }

  /// Takes UTF-16 as it is, and replaces unpaired surrogates by U+FFFD; the original's ranges count
  /// UTF-16 units.
  ///
  /// - Complexity: O(n).
  public init(repairingUTF16 units: Span<UInt16>) {
    var rewriter = TextRewriter(capacity: units.count)
    replacementCount = rewriter.transcode(units)
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

extension AlignedText {
  /// Rewrites the text character by character: `replacement` gets the text and a character's place,
  /// and returns how many bytes to replace there and by what; nil where the character stays.
  mutating func rewrite(
    from first: Int = 0, _ replacement: ([UInt8], Range<Int>, UInt32) -> (length: Int, [UInt8])?
  ) {
    let source = utf8
    var rewriter = TextRewriter(capacity: source.count)
    var (index, copied) = (first, 0)
    while index < source.count {
      let step = UTF8Decoding.step(source.span, at: index)
      let range = index..<(index + step.length)
      if let (length, bytes) = replacement(source, range, step.scalar ?? 0xFFFD) {
        rewriter.copy(source, copied..<index)
        index += length
        rewriter.replace((index - length)..<index, with: bytes)
        copied = index
      } else {
        index = range.upperBound
      }
    }
    guard copied > 0 else { return }
    rewriter.copy(source, copied..<source.count)
    apply(rewriter)
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
  mutating func copy(_ source: [UInt8], _ range: Range<Int>) {
    output.append(contentsOf: source[range])
  }

  /// Writes bytes that stand for a range of the source.
  ///
  /// One character that stands for one character of the same length needs no edit.
  mutating func replace(_ range: Range<Int>, with bytes: [UInt8], isOneForOne: Bool = false) {
    let start = output.count
    output.append(contentsOf: bytes)
    if isOneForOne && bytes.count == range.count { return }
    alignment.append(.init(original: range, rewritten: start..<output.count))
  }

  /// Writes UTF-16, with U+FFFD for each unpaired surrogate, and returns how many there were.
  mutating func transcode(_ units: Span<UInt16>) -> Int {
    var (count, index) = (0, 0)
    while index < units.count {
      let unit = UInt32(units[index])
      let next = index + 1 < units.count ? UInt32(units[index + 1]) : 0
      if unit < 0x80 {
        output.append(UInt8(unit))
        index += 1
      } else if unit & 0xFC00 == 0xD800 && next & 0xFC00 == 0xDC00 {
        replace(index..<(index + 2), with: UTF8Decoding.encoded(surrogates: unit, next))
        index += 2
      } else {
        let isUnpaired = unit & 0xF800 == 0xD800
        if isUnpaired { count += 1 }
        replace(index..<(index + 1), with: UTF8Decoding.encoded(isUnpaired ? 0xFFFD : unit))
        index += 1
      }
    }
    return count
  }

  /// Copies the bytes, with U+FFFD for each ill-formed part, and returns how many there were.
  mutating func repair(_ bytes: [UInt8]) -> Int {
    var (count, copied) = (0, 0)
    var index = bytes.firstNonASCII(from: 0)
    while index < bytes.count {
      let step = UTF8Decoding.step(bytes.span, at: index)
      let next = index + step.length
      if step.scalar == nil {
        copy(bytes, copied..<index)
        replace(index..<next, with: UTF8Decoding.replacement)
        (count, copied) = (count + 1, next)
      }
      index = bytes.firstNonASCII(from: next)
    }
    copy(bytes, copied..<bytes.count)
    return count
  }
}

extension UTF8Decoding {
  /// U+FFFD.
  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// A scalar value in UTF-8.
  static func encoded(_ scalar: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendUTF8(scalar)
    return bytes
  }

  /// The scalar value of two surrogates in UTF-8.
  static func encoded(surrogates high: UInt32, _ low: UInt32) -> [UInt8] {
    encoded(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF)
  }
}
