internal import FoundationEssentials

/// Hashes of the texts that a model was trained on, by which it is told whether a text was among them.
///
///     let fingerprints = TextFingerprints(of: trainingTexts)
///     let overlap = fingerprints.overlap(with: evaluationTexts)
///     if overlap.isSuspicious { print("\(overlap.foundCount) of \(overlap.testedCount) were known") }
///
/// A text is known by the least hash of its runs of eight words, without case and punctuation, so that a
/// copy with another ending is often known too. The hashes are kept in a Bloom filter of at most 64 KiB, of
/// at most 32,768 texts: of more, those whose hashes are lowest are kept, and only texts with hashes as low
/// are tested. The texts cannot be read out of it. A text of fewer than eight words is known by all of them,
/// where it has 32 bytes or more.
///
/// - SeeAlso: Bloom 1970, <https://doi.org/10.1145/362686.362692>; Broder 1997, "On the Resemblance and
///   Containment of Documents", <https://doi.org/10.1109/SEQUEN.1997.666900>.
public struct TextFingerprints: Hashable, Sendable {
  /// How many texts of a set were among those of the training.
  public struct Overlap: Hashable, Sendable {
    /// The number of texts that could be tested.
    public internal(set) var testedCount = 0
    /// How many of them were among the training's.
    public internal(set) var foundCount = 0

    /// Creates the overlap with no text.
    public init() {}

    /// Whether more were found than the filter finds by mistake: three, and one in 200.
    public var isSuspicious: Bool { foundCount >= 3 && 200 * foundCount >= testedCount }
  }

  /// The number of texts that are known.
  public let textCount: Int
  /// The highest hash of a text that is tested.
  private let limit: UInt64
  /// The filter: a power of two of bits.
  private var filter: [UInt8]

  /// The most texts whose hashes are kept.
  static let capacity = 1 << 15
  /// The number of words of a run.
  static let runLength = 8
  /// The fewest bytes of a text that has fewer words.
  static let shortestByteCount = 32
  /// The number of bits for a text, and of those that are set; with them, 6 of 10,000 other texts are
  /// taken for known.
  private static let (bitsPerText, bitCount) = (16, 8)

  /// Notes texts.
  ///
  /// - Parameter texts: The texts; none is kept.
  /// - Complexity: O(bytes), and O(n log n) for n texts.
  public init(of texts: some Sequence<String>) {
    let hashes = Set(texts.compactMap { Self.hash(of: $0.utf8) }).sorted()
    let kept = hashes.prefix(Self.capacity)
    textCount = kept.count
    limit = hashes.count > kept.count ? kept.last ?? .max : .max
    var byteCount = 64
    while 8 * byteCount < Self.bitsPerText * kept.count { byteCount *= 2 }
    filter = Array(repeating: 0, count: byteCount)
    for hash in kept {
      for bit in bits(of: hash) { filter[bit / 8] |= 1 << UInt8(bit % 8) }
    }
  }

  /// Whether a text is one of those that were noted.
  ///
  /// - Parameter text: The text.
  /// - Returns: nil where it cannot be told.
  /// - Complexity: O(bytes).
  public func contains(_ text: String) -> Bool? {
    guard let hash = Self.hash(of: text.utf8), hash <= limit else { return nil }
    return bits(of: hash).allSatisfy { filter[$0 / 8] & 1 << UInt8($0 % 8) != 0 }
  }

  /// Counts the texts that are among those that were noted.
  ///
  /// - Parameter texts: The texts.
  /// - Returns: How many could be tested, and were found.
  public func overlap(with texts: some Sequence<String>) -> Overlap {
    texts.reduce(into: Overlap()) { add($1, to: &$0) }
  }

  /// Counts one more text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - overlap: The counts.
  public func add(_ text: String, to overlap: inout Overlap) {
    guard let isKnown = contains(text) else { return }
    overlap.testedCount += 1
    overlap.foundCount += isKnown ? 1 : 0
  }

  /// The places of a hash's bits, by double hashing.
  private func bits(of hash: UInt64) -> [Int] {
    let mask = UInt64(8 * filter.count - 1)
    let step = (hash >> 32) | 1
    return (0..<Self.bitCount).map { Int((hash &+ UInt64($0) &* step) & mask) }
  }

  // MARK: Hashes

  /// The hash that a text is known by; nil for a short one.
  private static func hash(of text: some Collection<UInt8>) -> UInt64? {
    var least: UInt64?
    var words: [UInt64] = []
    var (run, wordCount, word) = (UInt64(0), 0, offsetBasis)
    func finishWord() {
      guard word != offsetBasis else { return }
      // What the first of the last eight words adds is taken off again.
      let place = wordCount % runLength
      let oldest = wordCount < runLength ? 0 : words[place]
      run = (run &- oldest &* leadingPower) &* base &+ word
      if wordCount < runLength { words.append(word) } else { words[place] = word }
      wordCount += 1
      word = offsetBasis
      if wordCount >= runLength { least = min(least ?? .max, mixed(run)) }
    }
    for byte in text {
      if let letter = letter(byte) { word = (word ^ UInt64(letter)) &* prime } else { finishWord() }
    }
    finishWord()
    if least == nil && text.count >= shortestByteCount && wordCount > 0 { least = mixed(run) }
    // The least of many hashes is low; another mixing makes texts of all lengths alike.
    return least.map { mixed($0 ^ base) }
  }

  /// A byte of a word, in lower case; nil for one between words.
  private static func letter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
      byte
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    default: nil
    }
  }

  /// FNV-1a's numbers for words, and the base of the polynomial that a run of words is.
  private static let (offsetBasis, prime) = (UInt64(0xcbf2_9ce4_8422_2325), UInt64(0x100_0000_01b3))
  private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15
  private static let leadingPower = (1..<runLength).reduce(UInt64(1)) { power, _ in power &* base }

  /// SplitMix64's mixing.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

// MARK: JSON

extension TextFingerprints: Codable {
  private enum CodingKeys: String, CodingKey {
    case count, limit, filter
  }

  /// Reads fingerprints.
  ///
  /// - Parameter decoder: Where from.
  /// - Throws: `DecodingError`, where the filter is none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    textCount = try values.decode(Int.self, forKey: .count)
    limit = try UInt64(values.decode(String.self, forKey: .limit), radix: 16) ?? 0
    let base64 = try values.decode(String.self, forKey: .filter)
    filter = [UInt8](Data(base64Encoded: base64) ?? Data())
    guard filter.count.nonzeroBitCount == 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .filter, in: values,
        debugDescription: "expected a power of two of bytes in base 64, found \(filter.count)")
    }
  }

  /// Writes the fingerprints.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(textCount, forKey: .count)
    try values.encode(String(limit, radix: 16), forKey: .limit)
    try values.encode(Data(filter).base64EncodedString(), forKey: .filter)
  }
}
