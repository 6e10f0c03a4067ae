internal import SentiCorpora

/// What the words of a row contributed to the log-odds of a label, as `senti score --explain` writes it.
///
///     {"label":"positive","difference":2.1,"baseline":0.3,"words":[[0,4,1.6],[9,14,0.2]]}
///
/// A word is its place in UTF-8 bytes of the text and its contribution.
public struct RowExplanation: Hashable, Sendable {
  /// A word with its contribution.
  public struct Word: Hashable, Sendable {
    /// Its place, in UTF-8 bytes of the text.
    public let byteRange: Range<Int>
    /// What it adds to the log-odds, in logits.
    public let contribution: Double

    /// Collects the figures of a word.
    ///
    /// - Parameters:
    ///   - byteRange: Its place, in UTF-8 bytes of the text.
    ///   - contribution: What it adds to the log-odds, in logits.
    public init(byteRange: Range<Int>, contribution: Double) {
      (self.byteRange, self.contribution) = (byteRange, contribution)
    }
  }

  /// The label that is explained.
  public let label: String
  /// The log-odds of the label.
  public let difference: Double
  /// The same for a text of as many unknown words.
  public let baseline: Double
  /// The words that contribute something, in order.
  public let words: [Word]

  /// Collects an explanation.
  ///
  /// - Parameters:
  ///   - label: The label that is explained.
  ///   - difference: The log-odds of the label.
  ///   - baseline: The same for a text of as many unknown words.
  ///   - words: The words that contribute something, in order.
  public init(label: String, difference: Double, baseline: Double, words: [Word]) {
    (self.label, self.difference, self.baseline) = (label, difference, baseline)
    self.words = words
  }

  /// Reads what `senti score --explain` wrote.
  ///
  /// It is nil where that is no such object, or lacks a member.
  ///
  /// - Parameter json: An object in UTF-8, its members in any order.
  /// - Complexity: O(n).
  public init?(json: ArraySlice<UInt8>) {
    guard let members = JSONMembers(json), members.names.count == 4,
      let label = members.string("label"), let difference = members.number("difference"),
      let baseline = members.number("baseline"), let array = members.array("words")
    else { return nil }
    var scanner = WordScanner(array)
    guard let words = scanner.words() else { return nil }
    self.init(label: label, difference: difference, baseline: baseline, words: words)
  }

  /// The sum of the contributions of one sign.
  func sum(isPositive: Bool) -> Double {
    words.reduce(0) { $0 + (($1.contribution > 0) == isPositive ? $1.contribution : 0) }
  }
}

/// Reads places and contributions from an array that is valid JSON; there may be hundreds of millions.
private struct WordScanner {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func number() -> Double? {
    skipSpace()
    let start = position
    while position < bytes.endIndex, Self.isOfNumber(bytes[position]) { position += 1 }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      return nil
    }
    return value.isFinite ? value : nil
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func index() -> Int? { number().flatMap { Int(exactly: $0) } }

  /// Words whose places are in order.
  mutating func words() -> [RowExplanation.Word]? {
    guard skip("[") else { return nil }
    var words: [RowExplanation.Word] = []
    if skip("]") { return words }
    repeat {
      guard skip("["), let start = index(), skip(","), let end = index(), skip(","),
        let contribution = number(), skip("]"),
        start >= words.last?.byteRange.upperBound ?? 0, end >= start
      else { return nil }
      words.append(.init(byteRange: start..<end, contribution: contribution))
    } while skip(",")
    return skip("]") ? words : nil
  }
}
