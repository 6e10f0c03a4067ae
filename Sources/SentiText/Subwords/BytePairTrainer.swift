/// Counts the words of texts and learns which byte pairs to merge.
///
/// Trainers that read different texts may be merged; the encoding is the same, byte for byte, however
/// the texts were divided among trainers and in whatever order they came.
///
/// - SeeAlso: Sennrich, Haddow and Birch 2016, <https://arxiv.org/abs/1508.07909>.
public struct BytePairTrainer: Sendable {
  /// The normalization form that texts are brought to first.
  public var form: Normalization.Form { counts.normalization.form }
  private var counts: VocabularyBuilder

  /// Starts with no text.
  ///
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  public init(form: Normalization.Form = .nfc) throws(ICUError) {
    counts = try VocabularyBuilder(subwordForm: form)
  }

  /// How many different words were counted.
  public var distinctWordCount: Int { counts.distinctWordCount }

  /// Counts the words of a text.
  public mutating func add(_ text: String) {
    counts.add(text)
  }

  /// Adds what another trainer counted.
  ///
  /// - Precondition: Both have the same form.
  public mutating func merge(_ other: BytePairTrainer) {
    counts.merge(other.counts)
  }

  /// Learns an encoding: the special tokens, the 256 bytes, then the most frequent pair of tokens
  /// again and again; where counts are equal, the pair of the lowest numbers.
  ///
  /// - Parameters:
  ///   - size: How many tokens there may be, special ones and bytes included.
  ///   - minimumCount: How often a pair must occur to be merged.
  /// - Returns: The encoding.
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  /// - Precondition: `size` has room for the special tokens and the bytes, 260.
  /// - Complexity: O(words + merges log merges), and each merge visits the words that hold its pair.
  public func encoding(
    size: Int, minimumCount: Int = 2
  ) throws(ICUError) -> BytePairEncoding {
    try Self.encoding(of: counts.forEachWord, form: form, size: size, minimumCount: minimumCount)
  }

  /// Learns an encoding from words and their counts, in any order.
  static func encoding(
    of forEachWord: ((ArraySlice<UInt8>, Int) -> Void) -> Void, form: Normalization.Form,
    size: Int, minimumCount: Int
  ) throws(ICUError) -> BytePairEncoding {
    let special = SpecialTokens.names.map { Array($0.utf8) }
    let alphabet = special + (0...255).map { [UInt8($0)] }
    precondition(size >= alphabet.count, "size \(size) has no room for \(alphabet.count) tokens")
    var learner = MergeLearner(tokens: alphabet, mergeCapacity: size - alphabet.count)
    forEachWord { word, count in
      learner.add(word.map { UInt32($0) + UInt32(special.count) }, count: count)
    }
    learner.learn(minimumCount: max(1, minimumCount))
    let encoding = try BytePairEncoding(
      form: form, tokens: learner.tokens, specialIDs: Set(0..<UInt32(special.count)),
      merges: learner.merges)
    guard let encoding else { preconditionFailure("the alphabet holds all bytes") }
    return encoding
  }
}

/// The state of learning: words as tokens, and where each pair of tokens occurs.
private struct MergeLearner {
  private struct Pair: Hashable {
    let left: UInt32
    let right: UInt32
  }

  private struct Offer {
    let count: Int
    let pair: Pair
  }

  private(set) var tokens: [[UInt8]]
  private(set) var merges: MergeTable
  private let mergeCapacity: Int
  private var words: [(symbols: [UInt32], count: Int)] = []
  private var pairCounts: [Pair: Int] = [:]
  /// The words that a pair occurs in, or once did.
  private var places: [Pair: [Int]] = [:]
  private var queue = PriorityQueue<Offer> { left, right in
    if left.count != right.count { return left.count > right.count }
    return (left.pair.left, left.pair.right) < (right.pair.left, right.pair.right)
  }

  init(tokens: [[UInt8]], mergeCapacity: Int) {
    self.tokens = tokens
    self.mergeCapacity = mergeCapacity
    merges = MergeTable(capacity: mergeCapacity + 1)
  }

  mutating func add(_ symbols: [UInt32], count: Int) {
    for (left, right) in zip(symbols, symbols.dropFirst()) {
      note(Pair(left: left, right: right), count, word: words.count)
    }
    words.append((symbols, count))
  }

  mutating func learn(minimumCount: Int) {
    for (pair, count) in pairCounts { queue.insert(Offer(count: count, pair: pair)) }
    while merges.pairs.count < mergeCapacity, let offer = queue.popFirst() {
      let current = pairCounts[offer.pair] ?? 0
      guard current >= minimumCount else { continue }
      guard current == offer.count else {
        queue.insert(Offer(count: current, pair: offer.pair))
        continue
      }
      merge(offer.pair)
    }
  }

  private mutating func note(_ pair: Pair, _ count: Int, word: Int) {
    pairCounts[pair, default: 0] += count
    if places[pair]?.last != word { places[pair, default: []].append(word) }
  }

  private mutating func merge(_ pair: Pair) {
    let result = UInt32(tokens.count)
    guard merges.append(pair.left, pair.right, result: result) else { return }
    tokens.append(tokens[Int(pair.left)] + tokens[Int(pair.right)])
    var grown: Set<Pair> = []
    for word in places.removeValue(forKey: pair) ?? [] {
      rewrite(word, merging: pair, into: result, &grown)
    }
    pairCounts[pair] = nil
    for pair in grown {
      queue.insert(Offer(count: pairCounts[pair] ?? 0, pair: pair))
    }
  }

  /// Puts the merged token into a word, and the word's other pairs right.
  private mutating func rewrite(
    _ word: Int, merging pair: Pair, into result: UInt32, _ grown: inout Set<Pair>
  ) {
    let (old, count) = words[word]
    var new: [UInt32] = []
    var index = 0
    while index < old.count {
      if index + 1 < old.count && old[index] == pair.left && old[index + 1] == pair.right {
        new.append(result)
        index += 2
      } else {
        new.append(old[index])
        index += 1
      }
    }
    guard new.count < old.count else { return }
    for (left, right) in zip(old, old.dropFirst()) {
      pairCounts[Pair(left: left, right: right), default: 0] -= count
    }
    for (left, right) in zip(new, new.dropFirst()) {
      let pair = Pair(left: left, right: right)
      guard left == result || right == result else {
        pairCounts[pair, default: 0] += count
        continue
      }
      grown.insert(pair)
      note(pair, count, word: word)
    }
    words[word].symbols = new
  }
}
