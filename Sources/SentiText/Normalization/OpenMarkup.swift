/// Tells of places in a text, read front to back, whether they may lie inside of markup that
/// ``MarkupStripping`` drops.
///
/// Only what stands before a place is looked at, so that the answer does not depend on how much of a
/// text has come. It may be yes where no markup is closed at last.
struct OpenMarkup: Sendable {
  /// Whether there is anything to tell: markup stays where no step drops it.
  private let isDropped: Bool
  /// Up to where the text was read.
  private var position = 0
  /// Where the last tag began that is open.
  private var tag: Int?
  /// Where the last blocks began that are open, behind the sign that opens them.
  private var blocks: [MarkupBlock: Int] = [:]

  /// Starts at the beginning of a text.
  init(_ normalization: Normalization) {
    isDropped = normalization.reviewSteps.contains(.markup)
  }

  /// Starts at the beginning of another text.
  mutating func restart() {
    (position, tag, blocks) = (0, nil, [:])
  }

  /// Follows the text, of which bytes were taken from the front.
  mutating func removeFirst(_ count: Int) {
    position = max(0, position - count)
    tag = tag.map { $0 - count }
    blocks = blocks.mapValues { $0 - count }
  }

  /// Whether an index, not below the last one asked for, may lie inside of markup.
  mutating func covers(_ index: Int, in bytes: Span<UInt8>) -> Bool {
    guard isDropped else { return false }
    while position < index {
      position = bytes.first(.markupEvent, from: position, to: index)
      guard position < index else { break }
      read(bytes)
      position += 1
    }
    let reference = MarkupStripping.longestReference
    if let tag, index - tag <= MarkupStripping.longestTag * reference { return true }
    return blocks.values.contains { index - $0 <= MarkupStripping.longestBlock * reference }
  }

  /// Reads the sign at the position, which may be written as a reference.
  private mutating func read(_ bytes: Span<UInt8>) {
    switch bytes[position] {
    case UInt8(ascii: "<"): open(bytes, position + 1)
    case UInt8(ascii: ">"): close(bytes)
    default:
      guard let (length, sign) = MarkupStripping.reference(bytes, at: position) else { return }
      if sign == [UInt8(ascii: "<")] { open(bytes, position + length) }
      if sign == [UInt8(ascii: ">")] { close(bytes) }
    }
  }

  private mutating func open(_ bytes: Span<UInt8>, _ next: Int) {
    if bytes.matches("!--", at: next) { blocks[.comment] = next + 3 }
    for block in [MarkupBlock.style, .script] {
      if bytes.matches(block.name, at: next) { blocks[block] = next }
      if bytes.matches("/\(block.name)>", at: next) { blocks[block] = nil }
    }
    let byte = bytes.byte(next)
    if byte.isLetter || "/!?".utf8.contains(byte) { tag = position }
  }

  private mutating func close(_ bytes: Span<UInt8>) {
    tag = nil
    if let start = blocks[.comment], position - 2 >= start, bytes.matches("--", at: position - 2) {
      blocks[.comment] = nil
    }
  }
}
